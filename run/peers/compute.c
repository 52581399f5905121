/*
 * compute PROCESSES [MILLISECONDS]: processes that only compute, and how the
 * processors are divided between them.
 *
 * Writes "processes PID PID ...".  Each line of standard input, or else the
 * argument, is a number of milliseconds to let them compute and look at them,
 * and is answered by a line
 *     nanoseconds NS work UNITS UNITS ...
 * of what each did in that time, which begins a little after they do.  A unit
 * is always the same number of instructions, some ten microseconds of them.
 * Between two lines they are stopped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64, UNIT = 10000, SETTLE = 500 };

/* A line of the processor's cache each, so that nothing but processors is shared. */
struct work {
    unsigned long units, number;
    char apart[112];
};

static struct work *work;
static pid_t children[MOST];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void compute(struct work *mine)
{
    unsigned long number = 88172645463325252UL;
    for (;;) {
        for (int i = 0; i < UNIT; i++) {
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
        }
        mine->number = number;
        __atomic_store_n(&mine->units, mine->units + 1, __ATOMIC_RELAXED);
    }
}

static void sleep_for(double milliseconds)
{
    struct timespec time = {(long)milliseconds / 1000, (long)milliseconds % 1000 * 1000000};
    while (nanosleep(&time, &time) != 0 && errno == EINTR)
        ;
}

static void signal_all(int count, int signal)
{
    for (int i = 0; i < count; i++)
        kill(children[i], signal);
}

static void look(int count, double milliseconds)
{
    unsigned long before[MOST], after[MOST];
    double start;

    signal_all(count, SIGCONT);
    sleep_for(SETTLE);
    start = now();
    for (int i = 0; i < count; i++)
        before[i] = __atomic_load_n(&work[i].units, __ATOMIC_RELAXED);
    sleep_for(milliseconds);
    for (int i = 0; i < count; i++)
        after[i] = __atomic_load_n(&work[i].units, __ATOMIC_RELAXED);
    printf("nanoseconds %.0f work", now() - start);
    for (int i = 0; i < count; i++)
        printf(" %lu", after[i] - before[i]);
    printf("\n");
    fflush(stdout);
    signal_all(count, SIGSTOP);
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 0, status = 0;
    char line[32];

    if (count < 1 || count > MOST) {
        fprintf(stderr, "usage: compute PROCESSES [MILLISECONDS], 1 to %d processes\n", MOST);
        return 2;
    }
    work = mmap(NULL, MOST * sizeof *work, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (work == MAP_FAILED) {
        perror("compute: mmap");
        return 1;
    }
    for (int i = 0; i < count; i++) {
        children[i] = fork();
        if (children[i] == 0)
            compute(&work[i]);
        if (children[i] < 0) {
            perror("compute: fork");
            count = i;
            status = 1;
        }
    }
    signal_all(count, SIGSTOP);
    printf("processes");
    for (int i = 0; i < count; i++)
        printf(" %d", (int)children[i]);
    printf("\n");
    fflush(stdout);
    if (status == 0 && argc > 2)
        look(count, atof(argv[2]));
    else if (status == 0)
        while (fgets(line, sizeof line, stdin) != NULL)
            look(count, atof(line));
    for (int i = 0; i < count; i++) {
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
    }
    return status;
}
