/*
 * owned: pages that bundles/policies/vmload handles are still a process's own
 * after fork: what is written through its calls and faults is not seen by the
 * child, and the other way round.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define OWN 20001
#define PROTECT 20002
#define PAGE 8192
#define READ 1
#define READ_WRITE 3

int main(void)
{
    int go[2], status;
    char c = 0, *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED || pipe(go) != 0)
        return 1;
    strcpy(pages, "before");
    strcpy(pages + PAGE, "before");
    if (syscall(OWN, pages, 2 * PAGE, 0) != 0) {
        perror("own");
        return 1;
    }
    pid_t child = fork();
    if (child == 0) {
        if (read(go[0], &c, 1) != 1)
            _exit(1);
        printf("child: %s %s\n", pages, pages + PAGE);
        fflush(stdout);
        _exit(0);
    }
    syscall(PROTECT, pages, 2 * PAGE, READ);
    strcpy(pages, "by a fault");
    syscall(PROTECT, pages + PAGE, PAGE, READ_WRITE);
    strcpy(pages + PAGE, "by a call");
    if (write(go[1], &c, 1) != 1)
        return 1;
    waitpid(child, &status, 0);
    printf("parent: %s, %s\n", pages, pages + PAGE);
    return status;
}
