/* poll, select, epoll, eventfd, timerfd, signalfd. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static char buffer[1000];

static void polls(void) {
    int p[2];
    MUST(pipe(p));
    struct pollfd two[2] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}};
    R("poll", poll(two, 2, 0));
    say("poll.reader", "%x", two[0].revents);
    say("poll.writer", "%x", two[1].revents);
    write(p[1], "x", 1);
    R("poll.both", poll(two, 2, -1));
    two[0].fd = -1;
    two[1].fd = 999;
    R("poll.negative", poll(two, 2, 0));
    say("poll.negative.events", "%x", two[0].revents);
    T("poll.invalid", two[1].revents == POLLNVAL);
    R("poll.nothing", poll(NULL, 0, 1));
    R("poll.fault", poll((void *) 8, 1, 0));
    close(p[1]);
    two[0].fd = p[0];
    R("poll.hup", poll(two, 1, -1));
    T("poll.hup.in", two[0].revents & POLLIN);
    T("poll.hup.set", two[0].revents & POLLHUP);
    close(p[0]);
    int file = make("f", "text");
    two[0].fd = file;
    two[0].events = POLLIN | POLLOUT;
    R("poll.file", poll(two, 1, 0));
    T("poll.file.ready", two[0].revents == (POLLIN | POLLOUT));
    struct timespec wrong = {0, 1000000000};
    R("ppoll.time", ppoll(two, 1, &wrong, NULL));
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    R("poll.many", poll(two, limit.rlim_cur + 1, 0));
    close(file);
}

static void selects(void) {
    int p[2];
    MUST(pipe(p));
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(p[0], &in);
    FD_SET(p[1], &out);
    struct timeval now = {0, 0};
    R("select", select(p[1] + 1, &in, &out, NULL, &now));
    T("select.in", FD_ISSET(p[0], &in));
    T("select.out", FD_ISSET(p[1], &out));
    write(p[1], "x", 1);
    FD_SET(p[0], &in);
    R("select.ready", select(p[0] + 1, &in, NULL, NULL, NULL));
    FD_ZERO(&in);
    FD_SET(50, &in);
    R("select.bad", select(51, &in, NULL, NULL, &now));
    R("select.negative", select(-1, NULL, NULL, NULL, &now));
    struct timeval wrong = {-1, 0};
    R("select.time", select(0, NULL, NULL, NULL, &wrong));
    struct timespec short_time = {0, 1000000};
    R("pselect", pselect(0, NULL, NULL, NULL, &short_time, NULL));
    R("select.fault", select(1, (void *) 8, NULL, NULL, &now));
    close(p[0]);
    close(p[1]);
}

static void epolls(void) {
    int p[2];
    MUST(pipe(p));
    R("epoll.create.zero", epoll_create(0));
    R("epoll.create.flags", epoll_create1(1));
    int set = epoll_create1(EPOLL_CLOEXEC);
    T("epoll.create", set >= 0);
    R("epoll.cloexec", fcntl(set, F_GETFD));
    struct epoll_event event = {EPOLLIN, {.u64 = 7}}, got[4];
    R("epoll.add", epoll_ctl(set, EPOLL_CTL_ADD, p[0], &event));
    R("epoll.again", epoll_ctl(set, EPOLL_CTL_ADD, p[0], &event));
    R("epoll.mod.missing", epoll_ctl(set, EPOLL_CTL_MOD, p[1], &event));
    R("epoll.del.missing", epoll_ctl(set, EPOLL_CTL_DEL, p[1], &event));
    R("epoll.bad", epoll_ctl(set, EPOLL_CTL_ADD, 999, &event));
    R("epoll.self", epoll_ctl(set, EPOLL_CTL_ADD, set, &event));
    R("epoll.op", epoll_ctl(set, 9, p[0], &event));
    R("epoll.notepoll", epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &event));
    int file = make("g", "x");
    R("epoll.file", epoll_ctl(set, EPOLL_CTL_ADD, file, &event));
    close(file);
    R("epoll.wait.none", epoll_wait(set, got, 4, 0));
    R("epoll.wait.zero", epoll_wait(set, got, 0, 0));
    write(p[1], "x", 1);
    R("epoll.wait", epoll_wait(set, got, 4, -1));
    say("epoll.data", "%d", (int) got[0].data.u64);
    R("epoll.level", epoll_wait(set, got, 4, 0));
    event.events = EPOLLIN | EPOLLET;
    R("epoll.mod", epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event));
    R("epoll.edge", epoll_wait(set, got, 4, 0));
    R("epoll.edge.again", epoll_wait(set, got, 4, 0));
    write(p[1], "y", 1);
    R("epoll.edge.more", epoll_wait(set, got, 4, 0));
    event.events = EPOLLIN | EPOLLONESHOT;
    epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event);
    R("epoll.once", epoll_wait(set, got, 4, 0));
    R("epoll.once.again", epoll_wait(set, got, 4, 0));
    struct pollfd poller = {set, POLLIN, 0};
    event.events = EPOLLIN;
    epoll_ctl(set, EPOLL_CTL_MOD, p[0], &event);
    R("epoll.polled", poll(&poller, 1, 0));
    R("epoll.del", epoll_ctl(set, EPOLL_CTL_DEL, p[0], NULL));
    R("epoll.gone", epoll_wait(set, got, 4, 0));
    epoll_ctl(set, EPOLL_CTL_ADD, p[0], &event);
    close(p[0]);
    R("epoll.closed", epoll_wait(set, got, 4, 0));
    R("epoll.read", read(set, buffer, 8));
    close(p[1]);
    close(set);
}

static void counters(void) {
    uint64_t value;
    R("eventfd.flags", eventfd(0, 0x40000000));
    int counter = eventfd(3, EFD_NONBLOCK);
    R("eventfd.read", read(counter, &value, 8));
    say("eventfd.value", "%d", (int) value);
    R("eventfd.empty", read(counter, &value, 8));
    R("eventfd.short", read(counter, &value, 4));
    value = -1;
    R("eventfd.most", write(counter, &value, 8));
    value = -2;
    R("eventfd.full", write(counter, &value, 8));
    value = 1;
    R("eventfd.over", write(counter, &value, 8));
    struct pollfd poller = {counter, POLLIN | POLLOUT, 0};
    R("eventfd.poll", poll(&poller, 1, 0));
    T("eventfd.poll.in", poller.revents == POLLIN);
    close(counter);
    counter = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    read(counter, &value, 8);
    say("eventfd.semaphore", "%d", (int) value);
    read(counter, &value, 8);
    R("eventfd.semaphore.empty", read(counter, &value, 8));
    R("eventfd.lseek", lseek(counter, 0, SEEK_SET));
    close(counter);
}

static void timers(void) {
    uint64_t count = 0;
    R("timerfd.clock", timerfd_create(99, 0));
    R("timerfd.flags", timerfd_create(CLOCK_MONOTONIC, 0x40000000));
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    T("timerfd", timer >= 0);
    R("timerfd.unset", read(timer, &count, 8));
    struct itimerspec time = {{0, 0}, {0, 1000000000}}, old;
    R("timerfd.wrong", timerfd_settime(timer, 0, &time, NULL));
    time.it_value.tv_nsec = 20000000;
    R("timerfd.set", timerfd_settime(timer, 0, &time, &old));
    R("timerfd.old", old.it_value.tv_sec + old.it_value.tv_nsec);
    struct pollfd poller = {timer, POLLIN, 0};
    R("timerfd.poll", poll(&poller, 1, -1));
    R("timerfd.read", read(timer, &count, 8));
    say("timerfd.count", "%d", (int) count);
    R("timerfd.short", read(timer, &count, 7));
    time.it_interval.tv_nsec = 10000000;
    timerfd_settime(timer, 0, &time, NULL);
    milliseconds(100);
    read(timer, &count, 8);
    T("timerfd.interval", count >= 5);
    struct itimerspec past = {{0, 0}, {0, 1}};
    R("timerfd.absolute", timerfd_settime(timer, TFD_TIMER_ABSTIME, &past, NULL));
    poll(&poller, 1, -1);
    R("timerfd.absolute.read", read(timer, &count, 8));
    struct itimerspec none = {{0, 0}, {0, 0}};
    timerfd_settime(timer, 0, &none, NULL);
    timerfd_gettime(timer, &old);
    R("timerfd.stopped", old.it_value.tv_sec + old.it_value.tv_nsec);
    R("timerfd.write", write(timer, &count, 8));
    R("timerfd.other", timerfd_gettime(0, &old));
    close(timer);
}

static void signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    R("signalfd.flags", signalfd(-1, &set, 0x40000000));
    R("signalfd.other", signalfd(0, &set, 0));
    R("signalfd.bad", signalfd(999, &set, 0));
    int file = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    T("signalfd", file >= 0);
    R("signalfd.cloexec", fcntl(file, F_GETFD));
    struct signalfd_siginfo info[3];
    R("signalfd.none", read(file, info, sizeof *info));
    R("signalfd.short", read(file, info, 100));
    struct pollfd poller = {file, POLLIN, 0};
    R("signalfd.poll.none", poll(&poller, 1, 0));
    kill(getpid(), SIGUSR1);
    R("signalfd.poll", poll(&poller, 1, 0));
    R("signalfd.read", read(file, info, sizeof info) / sizeof *info);
    say("signalfd.signal", "%s", signame(info[0].ssi_signo));
    T("signalfd.pid", info[0].ssi_pid == getpid());
    say("signalfd.code", "%d", info[0].ssi_code);
    union sigval value = {.sival_int = 42};
    sigqueue(getpid(), SIGRTMIN + 1, value);
    value.sival_int = 43;
    sigqueue(getpid(), SIGRTMIN + 1, value);
    R("signalfd.two", read(file, info, sizeof info) / sizeof *info);
    say("signalfd.values", "%d %d", info[0].ssi_int, info[1].ssi_int);
    fflush(stdout);
    pid_t parent = getpid();
    if (fork() == 0) { milliseconds(30); kill(parent, SIGUSR1); _exit(0); }
    R("signalfd.wait", poll(&poller, 1, -1));
    read(file, info, sizeof info);
    wait(NULL);
    sigdelset(&set, SIGUSR1);
    R("signalfd.change", signalfd(file, &set, 0) == file);
    kill(getpid(), SIGUSR1);
    R("signalfd.changed", read(file, info, sizeof info));
    R("signalfd.write", write(file, info, sizeof *info));
    close(file);
    signal(SIGUSR1, SIG_IGN);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void checks(void) {
    polls();
    selects();
    epolls();
    counters();
    timers();
    signals();
}
