/*
 * vmload MILLISECONDS: the virtual memory workloads of SOSP'95 table 4.
 *
 * On the host: pages by mprotect, faults by SIGSEGV.  On the Alpha: by the
 * system calls of the extension bundles/policies/vmload.  Writes lines
 * "figure NAME NANOSECONDS", medians over batches that take about so many
 * milliseconds for each workload.
 *
 *   null       a system call that does nothing (getpid by syscall(2) on the host)
 *   dirty      what may be done with a page
 *   fault      a store to a protected page: to the handler, which enables the
 *              page, and back
 *   trap       from before the store to the handler's start
 *   prot1      protect a page                  prot100, unprot100: a hundred
 *   appel1     fault, enable the page and protect another, and back
 *   appel2     protect a hundred pages, fault on each, enable it; for each page
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PAGES = 100, BATCH = 20, MOST = 20000 };

static char *area;
static long page;
static double figures[MOST];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *name, int count)
{
    qsort(figures, count, sizeof figures[0], compare);
    printf("figure %s %.1f\n", name, figures[count / 2]);
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

#ifdef __alpha__

enum { NOTHING = 20000, OWN, PROTECT, STATE, MARK, ARRIVED };

static void own(int appel)
{
    if (syscall(OWN, area, PAGES * page, appel) != 0)
        fail("the extension bundles.policies.vmload does not answer");
}

static void protect(int first, int count)
{
    if (syscall(PROTECT, area + first * page, count * page, 1) != 0)
        fail("protect");
}

static void enable(int first, int count)
{
    if (syscall(PROTECT, area + first * page, count * page, 3) != 0)
        fail("enable");
}

static void null(void)
{
    syscall(NOTHING);
}

static void query(int at)
{
    if (syscall(STATE, area + at * page) < 0)
        fail("state");
}

static void mark(void)
{
    syscall(MARK);
}

static double arrived(void)
{
    return syscall(ARRIVED);
}

static void leave(void)
{
    syscall(OWN, 0, 0, 0);
}

#else

static int appel;
static volatile double marked, trapped;

static void handler(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    if (marked != 0)
        trapped = now() - marked;
    char *at = (char *)((unsigned long)info->si_addr & -page);
    if (at < area || at >= area + PAGES * page)
        _exit(3);
    mprotect(at, page, PROT_READ | PROT_WRITE);
    if (appel) {
        char *next = at + page;
        mprotect(next < area + PAGES * page ? next : area, page, PROT_READ);
    }
}

static void own(int mode)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
    appel = mode;
}

static void protect(int first, int count)
{
    if (mprotect(area + first * page, count * page, PROT_READ) != 0)
        fail("mprotect");
}

static void enable(int first, int count)
{
    if (mprotect(area + first * page, count * page, PROT_READ | PROT_WRITE) != 0)
        fail("mprotect");
}

static void null(void)
{
    syscall(SYS_getpid);
}

static void mark(void)
{
    marked = now();
}

static double arrived(void)
{
    marked = 0;
    return trapped;
}

static void leave(void)
{
}

#endif

static void touch(int at)
{
    *(volatile char *)(area + at * page) = (char)at;
}

static double each;

/* Runs a workload in batches; what it does not count it does in "before". */
static void measure(const char *name, void (*before)(void), void (*work)(void), double per)
{
    double end = now() + each;
    double warm = now() + each / 2;
    int count = 0;
    while (count < 5 || (count < MOST && now() < end)) {
        double took = 0;
        for (int i = 0; i < BATCH; i++) {
            if (before)
                before();
            double start = now();
            work();
            took += now() - start;
        }
        /* what was measured before HotSpot or the caches were warm does not count */
        if (now() > warm || count > MOST / 2)
            figures[count++] = took / BATCH / per;
        else
            figures[count] = 0;
    }
    report(name, count);
}

static void nulls(void)
{
    for (int i = 0; i < PAGES; i++)
        null();
}

#ifdef __alpha__
static void states(void)
{
    for (int i = 0; i < PAGES; i++)
        query(i);
}
#endif

static void protect100(void)
{
    protect(0, PAGES);
}

static void enable100(void)
{
    enable(0, PAGES);
}

static void protectEach(void)
{
    for (int i = 0; i < PAGES; i++)
        protect(i, 1);
}

static void touchEach(void)
{
    for (int i = 0; i < PAGES; i++)
        touch(i);
}

static void appel2(void)
{
    protect(0, PAGES);
    touchEach();
}

static void trap(void)
{
    double end = now() + each;
    int count = 0;
    own(0);
    while (count < 5 || (count < MOST && now() < end)) {
        protect(1, 1);
        mark();
        touch(1);
        figures[count++] = arrived();
    }
    memmove(figures, figures + count / 2, (count - count / 2) * sizeof figures[0]);
    report("trap", count - count / 2);
}

int main(int count, char **arguments)
{
    each = (count > 1 ? atof(arguments[1]) : 500) * 1e6;
    page = sysconf(_SC_PAGESIZE);
    area = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        fail("mmap");
    touchEach();
    own(0);
    measure("null", NULL, nulls, PAGES);
#ifdef __alpha__
    measure("dirty", NULL, states, PAGES);
#endif
    measure("fault", protect100, touchEach, PAGES);
    trap();
    measure("prot1", enable100, protectEach, PAGES);
    measure("prot100", enable100, protect100, 1);
    measure("unprot100", protect100, enable100, 1);
    own(1);
    measure("appel1", protect100, touchEach, PAGES);
    own(0);
    measure("appel2", NULL, appel2, PAGES);
    leave();
    return 0;
}
