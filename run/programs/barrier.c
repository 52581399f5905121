/*
 * Which pages of a heap were written to, by bundles/pagers/barrier: by stores, by read(2), after fork(2); and that a child's memory
 * stays its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WATCH 20020
#define WRITTEN 20021
#define PAGE 8192
#define PAGES 64

static char *heap;

static void tell(const char *when)
{
	unsigned long pages[8];
	long n;
	printf("%s:", when);
	do {
		n = syscall(WRITTEN, pages, 8L);
		if (n < 0)
			printf(" %s", strerror(errno));
		for (long i = 0; i < n; i++)
			printf(" %ld", (long)(pages[i] - (unsigned long)heap) / PAGE);
	} while (n == 8);
	printf("\n");
	fflush(stdout);
}

int main(void)
{
	int fds[2], sum = 0;
	heap = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < PAGES; i++)
		heap[i * PAGE] = i;
	if (syscall(WATCH, heap, (long)PAGES * PAGE) < 0) {
		printf("not watched: %s\n", strerror(errno));
		return 1;
	}
	tell("nothing");
	for (int i = 0; i < PAGES; i++)
		sum += heap[i * PAGE];
	tell("read");
	heap[3 * PAGE + 100] = 1;
	heap[40 * PAGE] = 2;
	heap[17 * PAGE + 8191] = 3;
	heap[3 * PAGE + 101] = 4;
	tell("written");
	tell("again");
	for (int i = 20; i < 40; i++)
		heap[i * PAGE] = 5;
	tell("many");
	if (pipe(fds) < 0 || write(fds[1], "hello", 5) != 5 || read(fds[0], heap + 50 * PAGE, 5) != 5)
		return 1;
	tell("by read");
	if (fork() == 0) {
		heap[7 * PAGE] = 70;
		read(fds[0], &sum, 1);
		printf("child: %d %d\n", heap[7 * PAGE], heap[8 * PAGE]);
		fflush(stdout);
		_exit(0);
	}
	heap[8 * PAGE] = 80;
	write(fds[1], "!", 1);
	wait(0);
	tell("beside a child");
	printf("parent: %d %d\n", heap[7 * PAGE], heap[8 * PAGE]);
	syscall(WATCH, heap, 0L);
	tell("no longer");
	return 0;
}
