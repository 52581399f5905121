/*
 * clock: sanity of the clocks.  Checks that the monotonic clock does not go
 * back, that gettimeofday, time and the real-time clock agree, that nanosleep
 * and usleep take at least the time asked for, that getitimer counts down and
 * that CPU time grows under work.  Prints only which checks passed, no times.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static long nanoseconds(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) < 0)
        return -1;
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void check(const char *what, int good)
{
    printf("%s: %s\n", what, good ? "ok" : "WRONG");
}

int main(void)
{
    int good = 1;
    long before = nanoseconds(CLOCK_MONOTONIC), first = before;
    for (int i = 0; i < 1000; i++) {
        long now = nanoseconds(CLOCK_MONOTONIC);
        good &= now >= before;
        before = now;
    }
    check("monotonic", good && first > 0);

    struct timeval v;
    gettimeofday(&v, NULL);
    long real = nanoseconds(CLOCK_REALTIME) / 1000, day = v.tv_sec * 1000000L + v.tv_usec;
    check("gettimeofday agrees", real >= day && real - day < 5000000);
    long delta = (long)time(NULL) - v.tv_sec;
    /* time may come from a clock that moves with the timer's ticks only, and be behind by one second at a second's turn */
    check("time agrees", delta >= -1 && delta < 5);
    check("after 2020", v.tv_sec > 1577836800);

    struct timespec nap = { 0, 20000000 }, left;
    before = nanoseconds(CLOCK_MONOTONIC);
    int result = nanosleep(&nap, &left);
    check("nanosleep", result == 0 && nanoseconds(CLOCK_MONOTONIC) - before >= 20000000);
    before = nanoseconds(CLOCK_MONOTONIC);
    usleep(5000);
    check("usleep", nanoseconds(CLOCK_MONOTONIC) - before >= 5000000);
    struct timespec bad = { 0, 2000000000 };
    check("nanosleep refuses", nanosleep(&bad, NULL) == -1 && errno == EINVAL);

    struct timespec resolution;
    check("resolution", clock_getres(CLOCK_MONOTONIC, &resolution) == 0
          && resolution.tv_sec == 0 && resolution.tv_nsec >= 1);

    struct itimerval timer = { { 0, 0 }, { 100, 0 } }, now;
    check("setitimer", setitimer(ITIMER_REAL, &timer, NULL) == 0
          && getitimer(ITIMER_REAL, &now) == 0
          && now.it_value.tv_sec >= 90 && now.it_value.tv_sec <= 100);
    check("alarm returns rest", alarm(0) > 90);

    long cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    volatile long x = 0;
    for (long i = 0; i < 2000000; i++)
        x += i;
    check("processor time", nanoseconds(CLOCK_PROCESS_CPUTIME_ID) > cpu);
    struct rusage usage;
    check("getrusage", getrusage(RUSAGE_SELF, &usage) == 0
          && (usage.ru_utime.tv_sec > 0 || usage.ru_utime.tv_usec > 0));
    check("invalid clock", clock_gettime(999, &nap) == -1 && errno == EINVAL);
    return 0;
}
