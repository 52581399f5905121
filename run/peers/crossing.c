/*
 * crossing MILLISECONDS: what a program pays to reach what is not its own.
 *
 * Writes "figure null NANOSECONDS", a system call that does nothing;
 * "figure pipe NANOSECONDS", a call from this process to a server in another
 * one and back, by two pipes; "figure futex NANOSECONDS", the same through a
 * page that both share, each waiting for the other by futex(2).  A call takes
 * a number and answers another, which is checked.  Each figure is the median
 * of batches that together took about a third of the time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 100, MOST = 200000 };

static double figures[MOST];
static int there[2], back[2];

/* What both processes see: whose turn it is, and argument or answer. */
struct shared {
    int turn;
    unsigned long number;
};
static struct shared *shared;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static unsigned long answer(unsigned long number)
{
    return number * 6364136223846793005UL + 1442695040888963407UL;
}

static void null_call(unsigned long number)
{
    (void)number;
    /* by its number: C libraries do not remember it, but Linux/Alpha's call answers two ids (getxpid) */
#ifdef SYS_getxpid
    syscall(SYS_getxpid);
#else
    syscall(SYS_getpid);
#endif
}

static void check(unsigned long number, unsigned long got)
{
    if (got != answer(number)) {
        fprintf(stderr, "crossing: the server answered %lu to %lu\n", got, number);
        exit(1);
    }
}

static void pipe_call(unsigned long number)
{
    unsigned long got;
    if (write(there[1], &number, sizeof number) != sizeof number || read(back[0], &got, sizeof got) != sizeof got)
        fail("crossing: pipe");
    check(number, got);
}

static void pipe_server(void)
{
    unsigned long number;
    while (read(there[0], &number, sizeof number) == sizeof number) {
        number = answer(number);
        if (write(back[1], &number, sizeof number) != sizeof number)
            fail("crossing: server's pipe");
    }
}

/* Gives the turn to the other one. */
static void give(int whose)
{
    __atomic_store_n(&shared->turn, whose, __ATOMIC_RELEASE);
    if (syscall(SYS_futex, &shared->turn, FUTEX_WAKE, INT_MAX, NULL, NULL, 0) < 0)
        fail("crossing: futex wake");
}

static void await(int whose)
{
    int turn;
    while ((turn = __atomic_load_n(&shared->turn, __ATOMIC_ACQUIRE)) != whose)
        if (syscall(SYS_futex, &shared->turn, FUTEX_WAIT, turn, NULL, NULL, 0) < 0 && errno != EAGAIN && errno != EINTR)
            fail("crossing: futex wait");
}

static void futex_call(unsigned long number)
{
    shared->number = number;
    give(1);
    await(0);
    check(number, shared->number);
}

static void futex_server(void)
{
    for (;;) {
        await(1);
        shared->number = answer(shared->number);
        give(0);
    }
}

static void measure(const char *name, void (*call)(unsigned long), double length)
{
    int count = 0;
    unsigned long number = 0;
    double end = now() + length;
    while (count < MOST && (count < 3 || now() < end)) {
        double start = now();
        for (int i = 0; i < BATCH; i++)
            call(number++);
        figures[count++] = (now() - start) / BATCH;
    }
    /* what came first was warming up */
    int warm = count / 2;
    qsort(figures + warm, count - warm, sizeof figures[0], compare);
    printf("figure %s %.1f\n", name, figures[warm + (count - warm) / 2]);
}

static pid_t start(void (*server)(void))
{
    pid_t child = fork();
    if (child < 0)
        fail("crossing: fork");
    if (child == 0) {
        server();
        _exit(0);
    }
    return child;
}

static void end(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    if (waitpid(child, &status, 0) != child)
        fail("crossing: wait");
}

int main(int argc, char **argv)
{
    double each = (argc > 1 ? atof(argv[1]) : 1000) * 1e6 / 3;
    pid_t child;

    setvbuf(stdout, NULL, _IOLBF, 0);
    measure("null", null_call, each);
    if (pipe(there) || pipe(back))
        fail("crossing: pipe");
    child = start(pipe_server);
    measure("pipe", pipe_call, each);
    end(child);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("crossing: mmap");
    child = start(futex_server);
    measure("futex", futex_call, each);
    end(child);
    return 0;
}
