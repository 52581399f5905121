/*
 * longrun COUNT FILE [self | wait]: computes for a while, with state everywhere: on the
 * stack, in the heap and in mappings, in floating-point registers, in the place
 * at which it reads a file of its own and in what it writes to another, in a
 * handler of signals.  What it prints at the end must not depend on whether it
 * was checkpointed and restarted meanwhile.  With "self" it checkpoints itself
 * to FILE.ckpt in the middle and ends, with "wait" it goes on in the middle when
 * there is a file FILE.go.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHECKPOINT 20030
#define WORDS 65536

static volatile int signals;

static void handler(int number)
{
    signals += number == SIGUSR1;
}

static void info(int number, siginfo_t *what, void *context)
{
    (void)context;
    signals += number == SIGUSR2 && what->si_signo == SIGUSR2 ? 100 : 0;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 100;
    const char *name = argc > 2 ? argv[2] : "longrun.out";
    char line[64], path[512];
    uint64_t seed = 1;
    double sum = 0;
    uint64_t *heap = malloc(WORDS * sizeof *heap);
    uint64_t *mapped = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t *closed = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action = {.sa_handler = handler}, other = {.sa_sigaction = info, .sa_flags = SA_SIGINFO};
    int out = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    int in = open(name, O_RDONLY);

    if (out < 0 || in < 0 || heap == NULL || mapped == MAP_FAILED) {
        perror(name);
        return 1;
    }
    closed[5] = 4711;
    mprotect(closed, 8192, PROT_NONE);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &other, NULL);
    memset(heap, 0, WORDS * sizeof *heap);
    for (long i = 0; i < count; i++) {
        for (int k = 0; k < 2000; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            heap[seed >> 48] += seed;
            mapped[(seed >> 41) & ((8 << 20) - 1) & ~1023] ^= seed;
            sum += 1.0 / (double)(1 + (seed >> 40));
        }
        snprintf(line, sizeof line, "%ld %016lx\n", i, (unsigned long)seed);
        if (write(out, line, strlen(line)) != (ssize_t)strlen(line))
            return 1;
        if (i % 3 == 0 && read(in, line, 16) != 16)
            return 1;
        if (argc > 3 && i == count / 2 && strcmp(argv[3], "wait") == 0) {
            snprintf(path, sizeof path, "%s.go", name);
            while (access(path, F_OK) != 0)
                for (int k = 0; k < 100000; k++)
                    signals += k & 0; /* it is to be met computing */
        } else if (argc > 3 && i == count / 2) {
            snprintf(path, sizeof path, "%s.ckpt", name);
            long answer = syscall(CHECKPOINT, path);
            if (answer < 0) {
                perror(path);
                return 1;
            }
            if (answer == 0)
                return 42;
        }
    }
    raise(SIGUSR1);
    raise(SIGUSR2);
    mprotect(closed, 8192, PROT_READ);
    for (int i = 0; i < WORDS; i++)
        seed ^= heap[i] * (i + 1);
    for (long i = 0; i < 8 << 20; i += 1024)
        seed = seed * 31 + mapped[i];
    char *more = malloc(3 << 20);
    memset(more, 1, 3 << 20);
    printf("%016lx %.12f at %ld of %ld, signals %d, kept %lu\n", (unsigned long)seed, sum, (long)lseek(in, 0, SEEK_CUR),
           (long)lseek(out, 0, SEEK_END), signals, (unsigned long)closed[5]);
    return 0;
}
