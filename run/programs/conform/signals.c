/* Signals: handlers, masks, queues, waits, stacks. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static volatile int count, last, code, value, depth, deepest;
static volatile pid_t sender;
static void *volatile where;

static void simple(int number) { count++; last = number; }
static void full(int number, siginfo_t *info, void *context) {
    count++;
    last = number;
    code = info->si_code;
    sender = info->si_pid;
    value = info->si_value.sival_int;
    where = &number;
}
static void nested(int number) {
    depth++;
    if (depth > deepest) deepest = depth;
    if (count++ == 0) raise(number);
    depth--;
}

static void handle(int number, void *handler, int flags) {
    struct sigaction action = {.sa_flags = flags};
    if (flags & SA_SIGINFO) action.sa_sigaction = handler;
    else action.sa_handler = handler;
    MUST(sigaction(number, &action, NULL));
    count = last = code = value = depth = deepest = 0;
}

static void actions(void) {
    struct sigaction action = {.sa_handler = simple}, old;
    R("sigaction.zero", sigaction(0, NULL, &old));
    R("sigaction.high", sigaction(65, NULL, &old));
    R("sigaction.kill", sigaction(SIGKILL, &action, NULL));
    R("sigaction.stop", sigaction(SIGSTOP, &action, NULL));
    R("sigaction.kill.ask", sigaction(SIGKILL, NULL, &old));
    R("sigaction.fault", syscall(SYS_rt_sigaction, SIGUSR1, (void *) 8, NULL, 8));
    R("sigaction", sigaction(SIGUSR1, &action, &old));
    T("sigaction.default", old.sa_handler == SIG_DFL);
    sigaction(SIGUSR1, NULL, &old);
    T("sigaction.kept", old.sa_handler == simple);
    count = 0;
    R("raise", raise(SIGUSR1));
    say("raise.handled", "%d %s", count, signame(last));
    R("kill.zero", kill(getpid(), 0));
    R("kill.high", kill(getpid(), 65));
    R("kill.nobody", kill(4194000, SIGUSR1));
    R("kill.nogroup", kill(-4194000, SIGUSR1));
    R("tgkill.wrong", syscall(SYS_tgkill, getpid() + 1, gettid(), SIGUSR1));
    R("tgkill.negative", syscall(SYS_tgkill, -1, gettid(), SIGUSR1));
    R("tkill.zero", syscall(SYS_tkill, 0, SIGUSR1));
    handle(SIGUSR2, full, SA_SIGINFO);
    kill(getpid(), SIGUSR2);
    say("info.kill", "%d %d", code, sender == getpid());
    raise(SIGUSR2);
    say("info.tkill", "%d", code);
    union sigval with = {.sival_int = 99};
    R("sigqueue", sigqueue(getpid(), SIGUSR2, with));
    say("info.queue", "%d %d", code, value);
    handle(SIGUSR1, simple, SA_RESETHAND);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    T("resethand", old.sa_handler == SIG_DFL);
    handle(SIGUSR1, nested, 0);
    raise(SIGUSR1);
    say("nodefer.off", "%d %d", count, deepest);
    handle(SIGUSR1, nested, SA_NODEFER);
    raise(SIGUSR1);
    say("nodefer.on", "%d %d", count, deepest);
}

static void masks(void) {
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    R("mask.how", sigprocmask(9, &set, NULL));
    R("mask.block", sigprocmask(SIG_BLOCK, &set, &old));
    R("mask.size", syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4));
    handle(SIGUSR1, simple, 0);
    raise(SIGUSR1);
    raise(SIGUSR1);
    R("mask.held", count);
    sigpending(&old);
    T("mask.pending", sigismember(&old, SIGUSR1));
    R("mask.unblock", sigprocmask(SIG_UNBLOCK, &set, NULL));
    R("mask.once", count);
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    sigprocmask(SIG_SETMASK, NULL, &old);
    T("mask.kill", sigismember(&old, SIGKILL));
    sigemptyset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    signal(SIGUSR1, SIG_IGN);
    sigpending(&old);
    T("mask.ignored", sigismember(&old, SIGUSR1));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    struct sigaction action = {.sa_handler = nested};
    sigaddset(&action.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    sigprocmask(SIG_SETMASK, NULL, &old);
    T("mask.after", sigismember(&old, SIGUSR2) || sigismember(&old, SIGUSR1));
}

static void queues(void) {
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    int first = SIGRTMIN + 2, second = SIGRTMIN + 1;
    sigaddset(&set, first);
    sigaddset(&set, second);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    union sigval with = {.sival_int = 1};
    sigqueue(getpid(), first, with);
    with.sival_int = 2;
    sigqueue(getpid(), first, with);
    with.sival_int = 3;
    sigqueue(getpid(), second, with);
    kill(getpid(), SIGUSR1);
    for (int i = 0; i < 4; i++) {
        char name[20];
        sprintf(name, "queue.%d", i);
        int got = sigwaitinfo(&set, &info);
        say(name, "%s %d", signame(got), got == SIGUSR1 ? 0 : info.si_value.sival_int);
    }
    struct timespec none = {0, 0}, little = {0, 10000000}, wrong = {0, 2000000000};
    R("sigtimedwait.none", sigtimedwait(&set, &info, &none));
    R("sigtimedwait.little", sigtimedwait(&set, &info, &little));
    R("sigtimedwait.wrong", sigtimedwait(&set, &info, &wrong));
    handle(SIGUSR2, simple, 0);
    fflush(stdout);
    pid_t parent = getpid();
    if (fork() == 0) { milliseconds(30); kill(parent, SIGUSR2); _exit(0); }
    R("sigtimedwait.other", sigtimedwait(&set, &info, NULL));
    R("sigtimedwait.handled", count);
    wait(NULL);
    if (fork() == 0) { milliseconds(30); kill(parent, SIGUSR1); _exit(0); }
    int number = 0;
    R("sigwait", sigwait(&set, &number));
    say("sigwait.signal", "%s", signame(number));
    wait(NULL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void waits(void) {
    sigset_t none, set;
    sigemptyset(&none);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    handle(SIGUSR1, simple, SA_RESTART);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    R("sigsuspend", sigsuspend(&none));
    R("sigsuspend.handled", count);
    sigset_t now;
    sigprocmask(SIG_SETMASK, NULL, &now);
    T("sigsuspend.mask", sigismember(&now, SIGUSR1));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    handle(SIGALRM, simple, SA_RESTART);
    alarm(1);
    R("pause", pause());
    alarm(1);
    struct timespec time = {5, 0}, left = {0, 0};
    R("nanosleep", nanosleep(&time, &left));
    T("nanosleep.left", left.tv_sec >= 3 && left.tv_sec <= 4);
    CHILD("abort", abort());
    CHILD("default.term", raise(SIGTERM));
    CHILD("default.usr1", (signal(SIGUSR1, SIG_DFL), raise(SIGUSR1)));
    CHILD("default.chld", raise(SIGCHLD));
    CHILD("default.urg", raise(SIGURG));
    CHILD("default.winch", raise(SIGWINCH));
    CHILD("default.rt", raise(SIGRTMIN + 3));
    CHILD("default.cont", raise(SIGCONT));
    CHILD("segv.blocked", {
        sigfillset(&set);
        sigprocmask(SIG_SETMASK, &set, NULL);
        *(volatile int *) 8 = 1;
    });
    CHILD("segv.ignored", { signal(SIGSEGV, SIG_IGN); *(volatile int *) 8 = 1; });
}

static char stack[65536] __attribute__((aligned(16)));
static sigjmp_buf back;
static void jump(int number) { siglongjmp(back, 1); }

static void stacks(void) {
    stack_t old, mine = {.ss_sp = stack, .ss_size = sizeof stack};
    R("altstack.ask", sigaltstack(NULL, &old));
    T("altstack.disabled", old.ss_flags & SS_DISABLE);
    stack_t small = {.ss_sp = stack, .ss_size = 100};
    R("altstack.small", sigaltstack(&small, NULL));
    stack_t wrong = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 77};
    R("altstack.flags", sigaltstack(&wrong, NULL));
    R("altstack", sigaltstack(&mine, NULL));
    handle(SIGUSR1, full, SA_SIGINFO | SA_ONSTACK);
    raise(SIGUSR1);
    T("altstack.used", (char *) where >= stack && (char *) where < stack + sizeof stack);
    handle(SIGUSR1, full, SA_SIGINFO);
    raise(SIGUSR1);
    T("altstack.unused", (char *) where >= stack && (char *) where < stack + sizeof stack);
    handle(SIGSEGV, jump, SA_NODEFER);
    if (sigsetjmp(back, 1) == 0) { *(volatile int *) 8 = 1; say("jump", "no"); } else say("jump", "yes");
    handle(SIGSEGV, full, SA_SIGINFO);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0) _exit(0);
    R("chld.ignored", wait(NULL));
    handle(SIGCHLD, full, SA_SIGINFO);
    pid_t child = fork();
    if (child == 0) _exit(7);
    while (waitpid(child, NULL, 0) == -1) {}
    say("chld.info", "%s %d %d", signame(last), code, sender == child);
    signal(SIGCHLD, SIG_DFL);
}

static void checks(void) {
    actions();
    masks();
    queues();
    waits();
    stacks();
}
