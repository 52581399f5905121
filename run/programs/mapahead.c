/*
 * mapahead DIRECTORY: a file that is changed while it is read through a mapping from its beginning to its end: by write(2) where nobody
 * has been yet, by another mapping, by ftruncate(2), by a child. A page that is touched after that shows it, private or shared.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 8192, PAGES = 200 };

static sigjmp_buf back;

static void on_bus(int signal)
{
    siglongjmp(back, signal);
}

static void put(int fd, int page, char value)
{
    if (pwrite(fd, &value, 1, (off_t)page * PAGE) != 1)
        printf("pwrite failed\n");
}

static void wait_for_others(void)
{
    usleep(20000); /* whoever reads ahead has done it now, or not: nothing that is printed depends on it */
}

static void look(const char *name, int flags)
{
    char path[4096];
    int wrong = 0, status;

    snprintf(path, sizeof path, "%s/mapped", name);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int page = 0; page < PAGES; page++)
        put(fd, page, (char)page);
    if (ftruncate(fd, (off_t)PAGES * PAGE) != 0)
        printf("ftruncate failed\n");
    volatile char *map = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ, flags, fd, 0);
    if (map == MAP_FAILED) {
        printf("no mapping\n");
        return;
    }
    for (int page = 0; page < PAGES - 20; page++) {
        char expected = (char)(page % 10 == 9 ? page + 100 : page);
        wrong += map[(size_t)page * PAGE] != expected;
        if (page % 10 == 4) {
            wait_for_others();
            put(fd, page + 5, (char)(page + 105));
        }
    }
    printf("by write: %d wrong\n", wrong);
    pid_t child = fork();
    if (child == 0) {
        int own = open(path, O_RDWR);
        put(own, PAGES - 15, 'c');
        char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, own, (off_t)(PAGES - 14) * PAGE);
        shared[0] = 'm';
        msync(shared, PAGE, MS_SYNC);
        _exit(map[(size_t)(PAGES - 15) * PAGE]);
    }
    waitpid(child, &status, 0);
    printf("by a child: %c, which sees %c; by a mapping of its: %c\n", map[(size_t)(PAGES - 15) * PAGE],
           WEXITSTATUS(status), map[(size_t)(PAGES - 14) * PAGE]);
    if (ftruncate(fd, (off_t)(PAGES - 5) * PAGE) != 0)
        printf("ftruncate failed\n");
    signal(SIGBUS, on_bus);
    if (sigsetjmp(back, 1) == 0)
        printf("cut off: %d\n", map[(size_t)(PAGES - 3) * PAGE]);
    else
        printf("cut off: SIGBUS\n");
    munmap((void *)map, (size_t)PAGES * PAGE);
    close(fd);
    unlink(path);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    look(argv[1], MAP_PRIVATE);
    look(argv[1], MAP_SHARED);
    return 0;
}
