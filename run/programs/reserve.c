/*
 * reserve RUNTIME PERIOD [ROUNDS]: asks for RUNTIME microseconds of a processor in each PERIOD (sched_setattr(2), SCHED_DEADLINE), says
 * whether it was admitted, and then computes ROUNDS times (default 0) until its time is used up, and tells how many periods were late.
 * Status: 0 admitted, 1 refused (the scheduler has no more to give), 2 wrong use.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct {
    unsigned size, policy;
    unsigned long flags;
    int nice;
    unsigned priority;
    unsigned long runtime, deadline, period;
} wanted = {.size = 48, .policy = 6};

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc < 3 || atol(argv[1]) < 2 || atol(argv[2]) < atol(argv[1])) {
        fprintf(stderr, "usage: reserve RUNTIME PERIOD [ROUNDS], microseconds\n");
        return 2;
    }
    wanted.runtime = atol(argv[1]) * 1000;
    wanted.deadline = wanted.period = atol(argv[2]) * 1000;
    if (syscall(SYS_sched_setattr, 0, &wanted, 0) != 0) {
        printf("%s us in %s: refused: %s\n", argv[1], argv[2], strerror(errno));
        return 1;
    }
    printf("%s us in %s: admitted\n", argv[1], argv[2]);
    fflush(stdout);
    int rounds = argc > 3 ? atoi(argv[3]) : 0, late = 0;
    double period = wanted.period / 1e9, used = wanted.runtime / 1e9 * 0.8;
    for (int i = 0; i < rounds; i++) {
        double begin = now(CLOCK_MONOTONIC), before = now(CLOCK_THREAD_CPUTIME_ID);
        while (now(CLOCK_THREAD_CPUTIME_ID) - before < used)
            ;
        double rest = period - (now(CLOCK_MONOTONIC) - begin);
        if (rest < 0)
            late++;
        else
            usleep(rest * 1e6);
    }
    if (rounds)
        printf("%d of %d periods were late\n", late, rounds);
    return 0;
}
