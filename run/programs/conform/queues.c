/* POSIX message queues. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w -pthread
 */
#define _GNU_SOURCE
#include "check.h"
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static char name[40], second[40];
static volatile sig_atomic_t told, told_code, told_value, told_sender;

static void notified(int number, siginfo_t *info, void *context) {
    (void) number;
    (void) context;
    told++;
    told_code = info->si_code;
    told_value = info->si_value.sival_int;
    told_sender = info->si_pid == getpid();
}

static void opening(void) {
    struct mq_attr attributes = {0, 3, 20};
    R("open.missing", mq_open(name, O_RDWR));
    R("open.noslash", mq_open(name + 1, O_RDWR | O_CREAT, 0600, NULL));
    R("open.empty", mq_open("/", O_RDWR | O_CREAT, 0600, NULL));
    R("open.slashes", mq_open("/a/b", O_RDWR | O_CREAT, 0600, NULL));
    R("open.dot", mq_open("/.", O_RDWR | O_CREAT, 0600, NULL));
    char longest[300];
    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    longest[299] = 0;
    R("open.long", mq_open(longest, O_RDWR | O_CREAT, 0600, NULL));
    R("open.fault", syscall(SYS_mq_open, (void *) 8, O_RDWR, 0600, NULL));
    R("open.attributes.fault", syscall(SYS_mq_open, name + 1, O_RDWR | O_CREAT, 0600, (void *) 8));
    struct mq_attr none = {0, 0, 20}, negative = {0, 3, -1}, huge = {0, 70000, 20}, wide = {0, 3, 17 << 20};
    R("open.zero", mq_open(name, O_RDWR | O_CREAT, 0600, &none));
    R("open.negative", mq_open(name, O_RDWR | O_CREAT, 0600, &negative));
    R("open.huge", mq_open(name, O_RDWR | O_CREAT, 0600, &huge));
    R("open.wide", mq_open(name, O_RDWR | O_CREAT, 0600, &wide));
    R("open.none", mq_open(name, O_RDWR));
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0640, &attributes);
    T("open.made", queue >= 0);
    T("open.cloexec", fcntl(queue, F_GETFD) & FD_CLOEXEC);
    R("open.exists", mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes));
    R("open.access", mq_open(name, 3));
    struct mq_attr got;
    R("getattr", mq_getattr(queue, &got));
    say("attributes", "%ld %ld %ld %ld", got.mq_flags, got.mq_maxmsg, got.mq_msgsize, got.mq_curmsgs);
    struct mq_attr wanted = {O_NONBLOCK, 99, 99, 99}, bad = {1, 0, 0, 0};
    R("setattr.flags", mq_setattr(queue, &bad, NULL));
    R("setattr", mq_setattr(queue, &wanted, &got));
    R("setattr.old", got.mq_flags == 0);
    R("setattr.getattr", mq_getattr(queue, &got));
    say("setattr.now", "%d %ld %ld", got.mq_flags == O_NONBLOCK, got.mq_maxmsg, got.mq_msgsize);
    R("setattr.fault", syscall(SYS_mq_getsetattr, queue, (void *) 8, NULL));
    R("getattr.fault", syscall(SYS_mq_getsetattr, queue, NULL, (void *) 8));
    R("getattr.neither", syscall(SYS_mq_getsetattr, queue, NULL, NULL));
    R("getattr.bad", mq_getattr(-1, &got));
    R("getattr.other", mq_getattr(0, &got));
    struct stat status;
    R("stat", fstat(queue, &status));
    say("stat.mode", "%o", (int) status.st_mode);
    R("seek", lseek(queue, 0, SEEK_CUR) >= -1);
    R("close", mq_close(queue));
    R("close.again", mq_close(queue));
    R("unlink", mq_unlink(name));
    R("unlink.again", mq_unlink(name));
    R("unlink.slashes", mq_unlink("/a/b"));
    R("unlink.fault", syscall(SYS_mq_unlink, (void *) 8));
    mqd_t usual = mq_open(name, O_RDONLY | O_CREAT, 0600, NULL);
    mq_getattr(usual, &got);
    say("usual", "%ld %ld", got.mq_maxmsg, got.mq_msgsize);
    R("usual.send", mq_send(usual, "x", 1, 0));
    mq_close(usual);
    usual = mq_open(name, O_WRONLY);
    char buffer[8192];
    R("usual.receive", mq_receive(usual, buffer, sizeof buffer, NULL));
    mq_close(usual);
    mq_unlink(name);
}

static void messages(void) {
    struct mq_attr attributes = {0, 3, 20};
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
    MUST(queue);
    char buffer[100];
    unsigned priority = 77;
    struct timespec past = {1, 0}, wrong = {1, 1000000000}, before = {-1, 0};
    R("receive.small", mq_receive(queue, buffer, 19, &priority));
    R("receive.past", mq_timedreceive(queue, buffer, sizeof buffer, &priority, &past));
    R("receive.wrong", mq_timedreceive(queue, buffer, sizeof buffer, &priority, &wrong));
    R("receive.before", mq_timedreceive(queue, buffer, sizeof buffer, &priority, &before));
    R("receive.bad", mq_receive(-1, buffer, sizeof buffer, &priority));
    R("receive.other", mq_receive(0, buffer, sizeof buffer, &priority));
    R("send.long", mq_send(queue, buffer, 21, 1));
    R("send.priority", mq_send(queue, "x", 1, 32768));
    R("send.fault", mq_send(queue, (void *) 8, 10, 1));
    R("send.bad", mq_send(-1, "x", 1, 1));
    R("send.low", mq_send(queue, "low", 3, 1));
    R("send.high", mq_send(queue, "high", 4, 32767));
    R("send.empty", mq_send(queue, "", 0, 1));
    struct pollfd ready = {queue, POLLIN | POLLOUT};
    R("poll.full", poll(&ready, 1, 0));
    R("poll.full.in", ready.revents == POLLIN);
    R("full.past", mq_timedsend(queue, "x", 1, 1, &past));
    R("full.wrong", mq_timedsend(queue, "x", 1, 1, &wrong));
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 20000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
    R("full.soon", mq_timedsend(queue, "x", 1, 1, &soon));
    struct mq_attr got;
    mqd_t quick = mq_open(name, O_RDWR | O_NONBLOCK);
    R("full.quick", mq_send(quick, "x", 1, 1));
    mq_getattr(queue, &got);
    R("full.count", got.mq_curmsgs);
    R("first", mq_receive(queue, buffer, sizeof buffer, &priority));
    say("first.text", "%.4s %u", buffer, priority);
    R("second", mq_receive(queue, buffer, sizeof buffer, &priority));
    say("second.text", "%.3s %u", buffer, priority);
    R("third", mq_receive(queue, buffer, sizeof buffer, NULL));
    R("none", mq_receive(quick, buffer, sizeof buffer, NULL));
    R("poll.empty", poll(&ready, 1, 0));
    R("poll.empty.out", ready.revents == POLLOUT);
    mq_send(queue, "lost", 4, 1);
    R("receive.fault", mq_receive(queue, (void *) 8, 20, NULL));
    mq_receive(quick, buffer, sizeof buffer, NULL);
    mq_close(quick);
    /* who waits is woken by another process */
    CHILD("child.sends", { milliseconds(50); _exit(mq_send(queue, "child", 5, 9)); });
    R("child.received", mq_receive(queue, buffer, sizeof buffer, &priority));
    pid_t child = fork();
    if (child == 0) _exit(mq_receive(queue, buffer, sizeof buffer, NULL) == 3 ? 7 : 8);
    milliseconds(50);
    mq_send(queue, "abc", 3, 0);
    int status;
    waitpid(child, &status, 0);
    R("child.receives", WEXITSTATUS(status));
    /* signals */
    struct sigaction action = {.sa_sigaction = notified, .sa_flags = SA_SIGINFO};
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    R("receive.signal", mq_receive(queue, buffer, sizeof buffer, NULL));
    /* a queue lives while it is open */
    R("gone.unlink", mq_unlink(name));
    R("gone.send", mq_send(queue, "x", 1, 0));
    R("gone.receive", mq_receive(queue, buffer, sizeof buffer, NULL));
    mqd_t other = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, &attributes);
    T("gone.new", other >= 0);
    R("gone.new.empty", mq_receive(other, buffer, sizeof buffer, NULL));
    mq_close(queue);
    mq_close(other);
    mq_unlink(name);
}

static void notices(void) {
    struct mq_attr attributes = {0, 3, 20};
    mqd_t queue = mq_open(second, O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);
    MUST(queue);
    char buffer[100];
    struct sigaction action = {.sa_sigaction = notified, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    told = told_code = told_value = told_sender = 0;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 55};
    struct sigevent wrong = {.sigev_notify = 99}, signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99};
    R("notify.wrong", mq_notify(queue, &wrong));
    R("notify.signal", mq_notify(queue, &signal));
    R("notify.bad", mq_notify(-1, &event));
    R("notify.other", mq_notify(0, &event));
    R("notify.fault", syscall(SYS_mq_notify, queue, (void *) 8));
    R("notify.nobody", mq_notify(queue, NULL));
    R("notify", mq_notify(queue, &event));
    R("notify.busy", mq_notify(queue, &event));
    CHILD("notify.child", _exit(mq_notify(queue, &event) == -1 ? errno == EBUSY : 2));
    mq_send(queue, "a", 1, 0);
    milliseconds(10);
    R("notify.told", told);
    T("notify.code", told_code == SI_MESGQ);
    R("notify.value", told_value);
    R("notify.sender", told_sender);
    mq_send(queue, "b", 1, 0);
    milliseconds(10);
    R("notify.once", told);
    R("notify.again", mq_notify(queue, &event));
    mq_send(queue, "c", 1, 0);
    milliseconds(10);
    R("notify.notempty", told);
    for (int i = 0; i < 3; i++) mq_receive(queue, buffer, sizeof buffer, NULL);
    mq_send(queue, "d", 1, 0);
    milliseconds(10);
    R("notify.empty", told);
    mq_receive(queue, buffer, sizeof buffer, NULL);
    R("notify.third", mq_notify(queue, &event));
    R("notify.not", mq_notify(queue, NULL));
    mq_send(queue, "e", 1, 0);
    milliseconds(10);
    R("notify.nottold", told);
    mq_receive(queue, buffer, sizeof buffer, NULL);
    struct sigevent quiet = {.sigev_notify = SIGEV_NONE};
    R("notify.quiet", mq_notify(queue, &quiet));
    R("notify.quiet.busy", mq_notify(queue, &event));
    mq_send(queue, "f", 1, 0);
    R("notify.after", mq_notify(queue, &event));
    mq_close(queue);
    mq_unlink(second);
}

static sem_t started;
static volatile int started_with;

static void start(union sigval value) {
    started_with = value.sival_int;
    sem_post(&started);
}

/* A notice by a thread, which the C library makes of a netlink socket and a cookie of 32 bytes; and what it is made of. */
static void threads(void) {
    struct mq_attr attributes = {0, 3, 20};
    mqd_t queue = mq_open(second, O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);
    MUST(queue);
    char buffer[100];
    sem_init(&started, 0, 0);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = start, .sigev_value.sival_int = 77};
    int asked = -1;
    R("thread", asked = mq_notify(queue, &event));
    R("thread.busy", mq_notify(queue, &event));
    R("thread.send", mq_send(queue, "a", 1, 0));
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += asked ? 0 : 60;
    R("thread.started", sem_timedwait(&started, &until));
    R("thread.value", started_with);
    mq_receive(queue, buffer, sizeof buffer, NULL);
    R("thread.again", mq_notify(queue, &event));
    R("thread.not", mq_notify(queue, NULL));
    R("thread.send.not", mq_send(queue, "b", 1, 0));
    mq_receive(queue, buffer, sizeof buffer, NULL);

    char cookie[32] = "a cookie";
    int netlink = socket(AF_NETLINK, SOCK_RAW, 0), other = socket(AF_UNIX, SOCK_DGRAM, 0);
    T("netlink", netlink >= 0);
    R("netlink.type", socket(AF_NETLINK, SOCK_STREAM, 0));
    R("netlink.protocol", socket(AF_NETLINK, SOCK_RAW, 77));
    R("netlink.empty", recv(netlink, buffer, sizeof buffer, MSG_DONTWAIT));
    struct sigevent raw = {.sigev_notify = SIGEV_THREAD, .sigev_signo = -1, .sigev_value.sival_ptr = cookie};
    R("cookie.bad", syscall(SYS_mq_notify, queue, &raw));
    raw.sigev_signo = queue;
    R("cookie.nosocket", syscall(SYS_mq_notify, queue, &raw));
    raw.sigev_signo = other;
    R("cookie.other", syscall(SYS_mq_notify, queue, &raw));
    raw.sigev_signo = netlink;
    raw.sigev_value.sival_ptr = (void *) 8;
    R("cookie.fault", syscall(SYS_mq_notify, queue, &raw));
    raw.sigev_value.sival_ptr = cookie;
    R("cookie.noqueue", syscall(SYS_mq_notify, -1, &raw));
    R("cookie", syscall(SYS_mq_notify, queue, &raw));
    R("cookie.send", mq_send(queue, "c", 1, 0));
    R("cookie.length", recv(netlink, buffer, sizeof buffer, MSG_DONTWAIT));
    R("cookie.same", strcmp(buffer, cookie));
    R("cookie.woken", buffer[31]);
    mq_receive(queue, buffer, sizeof buffer, NULL);
    R("cookie.again", syscall(SYS_mq_notify, queue, &raw));
    struct pollfd polled = {.fd = netlink, .events = POLLIN};
    R("cookie.poll", poll(&polled, 1, 0));
    R("cookie.not", mq_notify(queue, NULL));
    R("cookie.poll.not", poll(&polled, 1, 0));
    R("cookie.removed.length", recv(netlink, buffer, 10, MSG_TRUNC | MSG_DONTWAIT));
    R("cookie.third", syscall(SYS_mq_notify, queue, &raw));
    R("cookie.close", mq_close(queue));
    R("cookie.closed.length", recv(netlink, buffer, sizeof buffer, MSG_DONTWAIT));
    R("cookie.closed", buffer[31]);
    close(netlink);
    close(other);
    mq_unlink(second);
}

static void checks(void) {
    sprintf(name, "/spin-conform-%d", getpid());
    sprintf(second, "/spin-conform2-%d", getpid());
    opening();
    messages();
    notices();
    threads();
    struct rlimit limit;
    getrlimit(RLIMIT_MSGQUEUE, &limit);
    say("limit", "%lu", (unsigned long) limit.rlim_cur);
    limit.rlim_cur = 10000;
    R("limit.set", setrlimit(RLIMIT_MSGQUEUE, &limit));
    struct mq_attr attributes = {0, 10, 1000};
    R("limit.open", mq_open(name, O_RDWR | O_CREAT, 0600, &attributes));
}
