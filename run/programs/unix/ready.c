/* Waiting for files: poll, select, epoll, eventfd, timerfd. ready TEST... */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *why(long result) { return result < 0 ? strerror(errno) : "no error"; }
static void none(int signal) { (void) signal; }

static void polls(void) {
    int ends[2];
    if (pipe(ends)) exit(1);
    struct pollfd fds[] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {77, POLLIN, 0}, {-1, POLLIN, 0}};
    printf("poll: %d", poll(fds, 2, 0));
    printf(" %x %x\n", fds[0].revents, fds[1].revents);
    printf("closed: %d", poll(fds + 2, 2, 0));
    printf(" %x %x\n", fds[2].revents, fds[3].revents);
    printf("time: %d\n", poll(fds, 1, 20));
    fflush(stdout);
    if (fork() == 0) {
        usleep(30000);
        if (write(ends[1], "x", 1) != 1) _exit(1);
        _exit(0);
    }
    printf("wakes: %d", poll(fds, 1, -1));
    printf(" %x\n", fds[0].revents);
    wait(0);
    char one;
    printf("read %ld\n", (long) read(ends[0], &one, 1));
    close(ends[1]);
    printf("hang up: %d", poll(fds, 1, -1));
    printf(" %x\n", fds[0].revents);
    close(ends[0]);
    if (pipe(ends)) exit(1);
    close(ends[0]);
    fds[1].fd = ends[1];
    printf("no reader: %d", poll(fds + 1, 1, -1));
    printf(" %x\n", fds[1].revents & POLLERR);
    signal(SIGALRM, none);
    if (pipe(ends)) exit(1);
    fds[0].fd = ends[0];
    alarm(1);
    printf("signal: %s\n", why(poll(fds, 1, -1)));
    volatile nfds_t many = 1u << 30;
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGALRM);
    struct timespec second = {1, 0};
    printf("mask: %s\n", why(ppoll(fds, 1, &second, &old)));
    printf("blocked again: %d", sigprocmask(SIG_BLOCK, 0, &old));
    printf(" %d\n", sigismember(&old, SIGALRM));
    printf("bad: %s\n", why(poll(fds, many, 0)));
}

static void selects(void) {
    int ends[2];
    if (pipe(ends)) exit(1);
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(ends[0], &in);
    FD_SET(ends[1], &out);
    struct timeval time = {0, 0};
    printf("select: %d", select(ends[1] + 1, &in, &out, 0, &time));
    printf(" %d %d\n", !!FD_ISSET(ends[0], &in), !!FD_ISSET(ends[1], &out));
    FD_SET(ends[0], &in);
    fflush(stdout);
    if (fork() == 0) { usleep(20000); _exit(write(ends[1], "x", 1) != 1); }
    printf("wakes: %d", select(ends[1] + 1, &in, 0, 0, 0));
    printf(" %d\n", !!FD_ISSET(ends[0], &in));
    wait(0);
    close(ends[0]);
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    printf("closed: %s\n", why(select(ends[1] + 1, &in, 0, 0, 0)));
}

static void events(void) {
    int file = eventfd(3, EFD_NONBLOCK);
    uint64_t value = 4;
    printf("eventfd: %ld", (long) write(file, &value, 8));
    printf(" %ld", (long) read(file, &value, 8));
    printf(" %ld", (long) value);
    printf(" %s\n", why(read(file, &value, 8)));
    printf("short: %s\n", why(read(file, &value, 4)));
    value = -1;
    printf("too much: %s\n", why(write(file, &value, 8)));
    value = -2;
    printf("most: %s", why(write(file, &value, 8)));
    value = 1;
    printf(" %s\n", why(write(file, &value, 8)));
    file = eventfd(2, EFD_SEMAPHORE);
    printf("semaphore: %ld", (long) read(file, &value, 8));
    printf(" %ld\n", (long) value);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec time = {{0, 10000000}, {0, 10000000}};
    printf("timer: %s", why(read(timer, &value, 8)));
    timerfd_settime(timer, 0, &time, 0);
    struct pollfd fd = {timer, POLLIN, 0};
    printf(" %d", poll(&fd, 1, 1000));
    usleep(50000);
    printf(" %ld", (long) read(timer, &value, 8));
    printf(" %d", value >= 3);
    timerfd_gettime(timer, &time);
    printf(" %ld\n", time.it_interval.tv_nsec);
}

static void epolls(void) {
    int ends[2], epoll = epoll_create1(EPOLL_CLOEXEC);
    if (pipe(ends)) exit(1);
    struct epoll_event event = {EPOLLIN, {.u64 = 0x123456789abcdefL}}, got[4];
    printf("epoll: %s", why(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event)));
    printf(" %s", why(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event)));
    printf(" %s\n", why(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event)));
    printf("none: %d\n", epoll_wait(epoll, got, 4, 10));
    fflush(stdout);
    if (fork() == 0) { usleep(20000); _exit(write(ends[1], "xy", 2) != 2); }
    printf("wakes: %d", epoll_wait(epoll, got, 4, -1));
    printf(" %x %lx\n", got[0].events, (long) got[0].data.u64);
    wait(0);
    printf("level: %d\n", epoll_wait(epoll, got, 4, 0));
    event.events = EPOLLIN | EPOLLET;
    epoll_ctl(epoll, EPOLL_CTL_MOD, ends[0], &event);
    printf("edge: %d", epoll_wait(epoll, got, 4, 0));
    printf(" %d", epoll_wait(epoll, got, 4, 0));
    if (write(ends[1], "z", 1) != 1) exit(1);
    printf(" %d\n", epoll_wait(epoll, got, 4, 0));
    event.events = EPOLLIN | EPOLLONESHOT;
    epoll_ctl(epoll, EPOLL_CTL_MOD, ends[0], &event);
    printf("once: %d", epoll_wait(epoll, got, 4, 0));
    printf(" %d\n", epoll_wait(epoll, got, 4, 0));
    printf("gone: %s", why(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], 0)));
    printf(" %s\n", why(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], 0)));
    printf("itself: %s\n", why(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &event)));
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "poll")) polls();
        else if (!strcmp(argv[i], "select")) selects();
        else if (!strcmp(argv[i], "events")) events();
        else if (!strcmp(argv[i], "epoll")) epolls();
        else { fprintf(stderr, "ready: no test %s\n", argv[i]); return 2; }
    }
    return 0;
}
