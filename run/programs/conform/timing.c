/* Clocks, sleeps and timers. Nothing depends on how fast the machine is, only on what comes first.
   Build flags: -w -pthread
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>

static long nanoseconds(struct timespec time) { return time.tv_sec * 1000000000 + time.tv_nsec; }
static long now(clockid_t clock) { struct timespec time; clock_gettime(clock, &time); return nanoseconds(time); }

static void clocks(void) {
    struct timespec time;
    clockid_t all[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
        CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI};
    for (int i = 0; i < 9; i++) {
        char name[30];
        sprintf(name, "clock.%d", i);
        R(name, clock_gettime(all[i], &time));
        sprintf(name, "clock.%d.goes", i);
        long before = now(all[i]);
        for (volatile int j = 0; j < 1000; j++) {}
        T(name, now(all[i]) >= before);
    }
    R("clock.wrong", clock_gettime(99, &time));
    R("clock.fault", syscall(SYS_clock_gettime, CLOCK_REALTIME, (void *) 8));
    R("getres", clock_getres(CLOCK_MONOTONIC, &time));
    R("getres.null", clock_getres(CLOCK_MONOTONIC, NULL));
    R("getres.wrong", clock_getres(99, NULL));
    clockid_t own;
    R("cpuclock", clock_getcpuclockid(getpid(), &own));
    R("cpuclock.get", clock_gettime(own, &time));
    T("cpuclock.used", nanoseconds(time) > 0);
    time.tv_nsec = 2000000000;
    R("settime.wrong", clock_settime(CLOCK_MONOTONIC, &time));
    struct timeval day;
    R("gettimeofday", gettimeofday(&day, NULL));
    T("gettimeofday.same", labs(day.tv_sec - now(CLOCK_REALTIME) / 1000000000) <= 1);
}

static void caught(int signal) {}

static void sleeps(void) {
    struct timespec time = {0, 20000000}, wrong = {0, 1000000000}, negative = {-1, 0}, left;
    long before = now(CLOCK_MONOTONIC);
    R("nanosleep", nanosleep(&time, NULL));
    T("nanosleep.long", now(CLOCK_MONOTONIC) - before >= 20000000);
    R("nanosleep.wrong", nanosleep(&wrong, NULL));
    R("nanosleep.negative", nanosleep(&negative, NULL));
    R("nanosleep.fault", nanosleep((void *) 8, NULL));
    R("sleep.clock", syscall(SYS_clock_nanosleep, 99, 0, &time, NULL));
    R("sleep.thread", syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &time, NULL));
    R("sleep.relative", clock_nanosleep(CLOCK_REALTIME, 0, &time, NULL));
    time.tv_sec = 0;
    time.tv_nsec = 1;
    R("sleep.past", clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL));
    struct sigaction action = {.sa_handler = caught};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval soon = {{0, 0}, {0, 30000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    time.tv_sec = 20;
    time.tv_nsec = 0;
    T("sleep.interrupted", clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left) == EINTR);
    T("sleep.left", left.tv_sec >= 10 && left.tv_sec < 20);
}

static volatile int ticks;
static volatile siginfo_t seen;
static void tick(int signal) { ticks++; }
static void informed(int signal, siginfo_t *info, void *context) { ticks++; seen = *info; }

static void burn(int until) { for (volatile long i = 0; ticks < until && i < 30000000000; i++) {} }

static void intervals(void) {
    struct itimerval time = {{0, 5000}, {0, 5000}}, old;
    struct sigaction action = {.sa_handler = tick};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGVTALRM, &action, NULL);
    sigaction(SIGPROF, &action, NULL);
    R("itimer.which", setitimer(9, &time, NULL));
    R("itimer.get.which", getitimer(9, &old));
    struct itimerval wrong = {{0, 0}, {0, 1000000}};
    R("itimer.wrong", setitimer(ITIMER_REAL, &wrong, NULL));
    R("itimer.real", setitimer(ITIMER_REAL, &time, &old));
    R("itimer.old", old.it_value.tv_usec);
    for (int i = 0; i < 5000 && ticks < 3; i++) milliseconds(2);
    T("itimer.real.ticks", ticks >= 3);
    getitimer(ITIMER_REAL, &old);
    R("itimer.interval", old.it_interval.tv_usec);
    struct itimerval none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &none, NULL);
    ticks = 0;
    R("itimer.virtual", setitimer(ITIMER_VIRTUAL, &time, NULL));
    burn(2);
    T("itimer.virtual.ticks", ticks >= 2);
    setitimer(ITIMER_VIRTUAL, &none, NULL);
    ticks = 0;
    R("itimer.prof", setitimer(ITIMER_PROF, &time, NULL));
    burn(2);
    T("itimer.prof.ticks", ticks >= 2);
    setitimer(ITIMER_PROF, &none, NULL);
    alarm(50);
    T("alarm", alarm(0) >= 49);
}

static void posix(void) {
    timer_t timer = 0;
    int id;
    struct sigevent event = {.sigev_notify = 77};
    R("timer.notify", syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id));
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = 99;
    R("timer.signal", syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id));
    event.sigev_signo = SIGRTMIN + 4;
    event.sigev_value.sival_int = 123;
    R("timer.clock", syscall(SYS_timer_create, 99, &event, &id));
    R("timer.fault", syscall(SYS_timer_create, CLOCK_MONOTONIC, (void *) 8, &id));
    R("timer.create", timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec time = {{0, 0}, {0, 10000000}}, old;
    struct itimerspec wrong = {{0, 0}, {0, 1000000000}};
    R("timer.wrong", timer_settime(timer, 0, &wrong, NULL));
    R("timer.get", timer_gettime(timer, &old));
    R("timer.unset", nanoseconds(old.it_value));
    struct sigaction action = {.sa_sigaction = informed, .sa_flags = SA_SIGINFO};
    sigaction(SIGRTMIN + 4, &action, NULL);
    ticks = 0;
    R("timer.set", timer_settime(timer, 0, &time, NULL));
    for (int i = 0; i < 5000 && ticks < 1; i++) milliseconds(2);
    say("timer.tick", "%d %d %d", ticks, seen.si_code, seen.si_value.sival_int);
    R("timer.overrun.none", timer_getoverrun(timer));
    timer_gettime(timer, &old);
    R("timer.over", nanoseconds(old.it_value));
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 4);
    sigprocmask(SIG_BLOCK, &set, NULL);
    time.it_interval.tv_nsec = 10000000;
    timer_settime(timer, 0, &time, NULL);
    milliseconds(120);
    // What is asked for is of the signal that was taken last; while it is blocked, the next can't be that.
    siginfo_t taken;
    R("timer.taken", sigwaitinfo(&set, &taken) == SIGRTMIN + 4);
    int over = timer_getoverrun(timer);
    T("timer.overrun", over >= 3);
    T("timer.overrun.same", over == taken.si_overrun);
    struct itimerspec none = {{0, 0}, {0, 0}};
    timer_settime(timer, 0, &none, NULL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    timer_settime(timer, 0, &none, NULL);
    struct itimerspec past = {{0, 0}, {0, 1}};
    ticks = 0;
    R("timer.absolute", timer_settime(timer, TIMER_ABSTIME, &past, NULL));
    for (int i = 0; i < 5000 && ticks < 1; i++) milliseconds(2);
    R("timer.absolute.tick", ticks);
    R("timer.delete", timer_delete(timer));
    R("timer.deleted", timer_gettime(timer, &old));
    R("timer.delete.again", timer_delete(timer));
    event.sigev_notify = SIGEV_NONE;
    R("timer.none", timer_create(CLOCK_REALTIME, &event, &timer));
    time.it_value.tv_sec = 100;
    timer_settime(timer, 0, &time, NULL);
    timer_gettime(timer, &old);
    T("timer.none.left", old.it_value.tv_sec >= 90);
    timer_delete(timer);
    event.sigev_notify = SIGEV_THREAD_ID;
    event._sigev_un._tid = gettid();
    R("timer.thread", timer_create(CLOCK_MONOTONIC, &event, &timer));
    ticks = 0;
    timer_settime(timer, 0, &past, NULL);
    for (int i = 0; i < 5000 && ticks < 1; i++) milliseconds(2);
    R("timer.thread.tick", ticks);
    timer_delete(timer);
    event._sigev_un._tid = 4194000;
    R("timer.thread.wrong", syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id));
    event.sigev_notify = SIGEV_SIGNAL;
    R("timer.cpu", timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer));
    ticks = 0;
    time.it_value.tv_sec = 0;
    time.it_value.tv_nsec = 5000000;
    time.it_interval.tv_nsec = 0;
    timer_settime(timer, 0, &time, NULL);
    burn(1);
    R("timer.cpu.tick", ticks);
    CHILD("timer.fork", _exit(timer_gettime(timer, &old) == -1 ? errno == EINVAL : 7));
    timer_delete(timer);
    R("timer.default", timer_create(CLOCK_MONOTONIC, NULL, &timer));
    CHILD("timer.default.signal", {
        timer_create(CLOCK_MONOTONIC, NULL, &timer);
        signal(SIGALRM, SIG_DFL);
        timer_settime(timer, 0, &past, NULL);
        for (;;) pause();
    });
    struct tms used;
    T("times", times(&used) != (clock_t) -1);
}

static void checks(void) {
    clocks();
    sleeps();
    intervals();
    posix();
}
