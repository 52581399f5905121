/*
 * pins [MEGABYTES]: keeps pages in memory by mlock(2) and mlockall(2), and tells
 * what becomes of wrong requests.  With MEGABYTES: tries to keep that many and
 * tells whether it may.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 8192

static void tell(const char *what, int result)
{
    printf("%s: %s\n", what, result == 0 ? "done" : strerror(errno));
}

int main(int argc, char **argv)
{
    size_t size = argc > 1 ? strtoul(argv[1], NULL, 0) << 20 : 8 * PAGE;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char in[8];
    int status;

    if (memory == MAP_FAILED)
        return 1;
    tell("mlock", mlock(memory, size));
    if (argc > 1)
        return 0;
    tell("mincore", mincore(memory, size, in));
    for (int i = 0; i < 8; i++)
        printf("%d", in[i] & 1);
    printf("\n");
    tell("again, from within a page", mlock(memory + 100, PAGE));
    tell("nothing", mlock(memory, 0));
    tell("munlock of a part", munlock(memory + PAGE, 2 * PAGE));
    memory[3 * PAGE] = 7;
    fflush(stdout);
    if (fork() == 0) {
        memory[3 * PAGE] = 8;
        tell("child: munlock of what is not locked", munlock(memory, size));
        return memory[3 * PAGE];
    }
    wait(&status);
    printf("parent %d, child %d\n", memory[3 * PAGE], WEXITSTATUS(status));
    munmap(memory + 4 * PAGE, PAGE);
    tell("mlock across a hole", mlock(memory, size));
    tell("munlock across a hole", munlock(memory, size));
    tell("mlockall(0)", mlockall(0));
    tell("mlockall(1 << 20)", mlockall(1 << 20));
    tell("munlockall", munlockall());
    return 0;
}
