/*
 * sigs: signals without faults.  Handlers with and without SA_SIGINFO, raise,
 * kill, blocking and pending sets, order of delivery on unblocking, one-shot
 * and nested handlers, an alternate stack, SIGALRM from alarm and setitimer,
 * sigsuspend, interrupted system calls, and ignored signals.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t count, last, nested, on_stack;
static char other_stack[65536];

static void plain(int number)
{
    count++;
    last = number;
}

static void detailed(int number, siginfo_t *info, void *context)
{
    count++;
    last = number;
    printf("handler signal %d si_signo %d si_errno %d own pid %d context %d\n",
           number, info->si_signo, info->si_errno, info->si_pid == getpid(), context != NULL);
}

static void inner(int number)
{
    nested = nested * 10 + 2;
    last = number;
}

static void outer(int number)
{
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    nested = nested * 10 + 1;
    printf("inside: own signal blocked %d, USR2 blocked %d, TERM blocked %d\n",
           sigismember(&now, number), sigismember(&now, SIGUSR2), sigismember(&now, SIGTERM));
    raise(SIGUSR2);
    nested = nested * 10 + 3;
}

static void where(int number)
{
    char here;
    (void)number;
    on_stack = &here >= other_stack && &here < other_stack + sizeof other_stack;
}

static void install(int number, void (*handler)(int), int flags)
{
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_handler = handler;
    a.sa_flags = flags;
    sigemptyset(&a.sa_mask);
    if (number == SIGUSR1 && handler == outer)
        sigaddset(&a.sa_mask, SIGTERM);
    if (sigaction(number, &a, NULL) < 0)
        printf("sigaction %d: %s\n", number, strerror(errno));
}

int main(void)
{
    struct sigaction a, old;
    sigset_t set, pending;

    install(SIGUSR1, plain, 0);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    printf("plain: count %d last is USR1 %d\n", count, last == SIGUSR1);

    memset(&a, 0, sizeof a);
    a.sa_sigaction = detailed;
    a.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR2, &a, &old);
    printf("old handler was default %d\n", old.sa_handler == SIG_DFL);
    kill(getpid(), SIGUSR2);
    sigaction(SIGUSR2, NULL, &old);
    printf("current handler is mine %d\n", old.sa_sigaction == detailed);

    count = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    raise(SIGUSR1);
    raise(SIGUSR2);
    sigpending(&pending);
    printf("blocked: count %d pending USR1 %d USR2 %d TERM %d\n", count,
           sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2), sigismember(&pending, SIGTERM));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("unblocked: count %d\n", count);

    install(SIGUSR1, outer, 0);
    install(SIGUSR2, inner, 0);
    raise(SIGUSR1);
    printf("nested order %d\n", nested);

    install(SIGUSR1, plain, SA_RESETHAND);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    printf("one shot: default again %d\n", old.sa_handler == SIG_DFL);

    stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof other_stack };
    printf("sigaltstack %d\n", sigaltstack(&stack, NULL));
    install(SIGUSR1, where, SA_ONSTACK);
    raise(SIGUSR1);
    printf("on the alternate stack %d\n", on_stack);
    install(SIGUSR1, where, 0);
    raise(SIGUSR1);
    printf("on the alternate stack %d\n", on_stack);

    install(SIGALRM, plain, 0);
    count = 0;
    struct itimerval timer = { { 0, 0 }, { 0, 20000 } };
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    sigemptyset(&set);
    int result = sigsuspend(&set);
    printf("sigsuspend %d EINTR %d count %d\n", result, errno == EINTR, count);
    sigprocmask(SIG_SETMASK, &set, NULL);

    timer.it_value.tv_usec = timer.it_interval.tv_usec = 5000;
    setitimer(ITIMER_REAL, &timer, NULL);
    count = 0;
    while (count < 5)
        ;
    memset(&timer, 0, sizeof timer);
    setitimer(ITIMER_REAL, &timer, NULL);
    printf("interval timer reached 5 in a busy loop\n");

    int ends[2];
    char byte;
    if (pipe(ends) < 0)
        return 1;
    timer.it_value.tv_usec = 20000;
    setitimer(ITIMER_REAL, &timer, NULL);
    result = read(ends[0], &byte, 1);
    printf("read %d EINTR %d\n", result, errno == EINTR);

    install(SIGTERM, SIG_IGN, 0);
    raise(SIGTERM);
    raise(SIGCHLD);
    raise(SIGURG);
    printf("ignored TERM, default-ignored CHLD and URG\n");
    install(SIGPIPE, SIG_IGN, 0);
    close(ends[0]);
    result = write(ends[1], "x", 1);
    printf("write to a closed pipe %d EPIPE %d\n", result, errno == EPIPE);

    memset(&a, 0, sizeof a);
    a.sa_handler = plain;
    result = sigaction(SIGKILL, &a, NULL);
    printf("sigaction KILL %d EINVAL %d\n", result, errno == EINVAL);
    printf("kill 0 of self %d\n", kill(getpid(), 0));

    alarm(1);
    count = 0;
    pause();
    printf("alarm after pause: count %d last is ALRM %d\n", count, last == SIGALRM);
    return 0;
}
