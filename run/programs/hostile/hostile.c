/*
 * hostile MODE [N]: does what a kernel must bear, until it is refused, and says
 * what it met in words that do not depend on how much there is.
 *
 *   bomb       forks for ever, and so does each child (never ends by itself)
 *   forks      forks until there is an error, then lets the children go
 *   zombies    children that end and are never waited for, until an error
 *   threads    threads until there is an error
 *   many N     N processes that are all there at once, each heard from
 *   chain N    a process that makes one and ends, N times
 *   execs N    runs itself N times in one process
 *   files      descriptors of each kind until there is an error, twice
 *   memory N   N children that want more memory than there is
 *   limit      memory up to RLIMIT_AS, by malloc
 *   storm N    eight processes that send each other N signals each
 *   queue      queued real-time signals until there is an error
 *   nest       a handler that is interrupted by itself until the stack ends
 *
 * Build flags: -pthread
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 100000

static int barrier[2];

static void bomb(void)
{
    for (;;)
        if (fork() < 0)
            sched_yield();
}

/* Waits until the parent closes its end of the pipe. */
static void held(void)
{
    char c;

    close(barrier[1]);
    while (read(barrier[0], &c, 1) > 0)
        ;
    _exit(0);
}

static int children(int statuses)
{
    int status, n = 0;

    while (waitpid(-1, &status, 0) > 0)
        n += status == statuses;
    return n;
}

static void forks(void)
{
    int made = 0, pid, error;

    if (pipe(barrier))
        exit(1);
    while (made < MOST && (pid = fork()) >= 0) {
        if (pid == 0)
            held();
        made++;
    }
    error = errno;
    close(barrier[1]);
    printf("more than 100: %d, %s, all waited for: %d\n", made > 100, strerrorname_np(error), children(0) == made);
    pid = fork();
    if (pid == 0)
        _exit(7);
    printf("and again: %d\n", children(7 << 8));
}

static void zombies(void)
{
    int made = 0, pid;

    while (made < MOST && (pid = fork()) >= 0) {
        if (pid == 0)
            _exit(0);
        made++;
    }
    printf("more than 100: %d, %s\n", made > 100, strerrorname_np(errno));
}

static void *idle(void *argument)
{
    char c;

    (void)!read(barrier[0], &c, 1);
    return argument;
}

static void threads(void)
{
    static pthread_t thread[MOST];
    pthread_attr_t small;
    int made = 0, error = 0;
    long joined = 0;
    void *result;

    if (pipe(barrier))
        exit(1);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 << 10);
    while (made < MOST && !(error = pthread_create(&thread[made], &small, idle, (void *)1L)))
        made++;
    close(barrier[1]);
    for (int i = 0; i < made; i++) {
        pthread_join(thread[i], &result);
        joined += (long)result;
    }
    printf("more than 100: %d, %s, all joined: %d\n", made > 100, strerrorname_np(error), joined == made);
}

static void many(int n)
{
    int answers[2], heard = 0, sum = 0, made;
    char c;

    if (pipe(barrier) || pipe(answers))
        exit(1);
    for (made = 0; made < n; made++) {
        int pid = fork();
        if (pid < 0)
            break;
        if (pid == 0) {
            c = made % 100;
            (void)!write(answers[1], &c, 1);
            held();
        }
    }
    while (heard < made && read(answers[0], &c, 1) == 1) {
        heard++;
        sum += c;
    }
    close(barrier[1]);
    printf("%d processes, sum %d, waited for %d\n", made, sum, children(0));
}

static void chain(int n)
{
    int pid;

    /* An end of the pipe stays open until the last of them has ended. */
    if (pipe(barrier))
        exit(1);
    pid = fork();
    if (pid == 0) {
        close(barrier[0]);
        for (int i = 0; i < n; i++) {
            pid = fork();
            if (pid < 0)
                _exit(write(barrier[1], "refused", 7) != 7);
            if (pid > 0)
                _exit(0);
        }
        (void)!write(barrier[1], "last", 4);
        _exit(0);
    }
    close(barrier[1]);
    char text[20] = "";
    int got = 0, some;
    while ((some = read(barrier[0], text + got, 10)) > 0)
        got += some;
    children(0);
    printf("%s\n", text);
}

static void execs(char **argv, int n)
{
    char text[20];

    if (n == 0) {
        puts("done");
        return;
    }
    snprintf(text, sizeof text, "%d", n - 1);
    execl(argv[0], argv[0], "execs", text, (char *)NULL);
    perror("execl");
}

static int opened(int kind)
{
    int two[2];

    switch (kind) {
    case 0:
        return open("/dev/null", O_RDWR);
    case 1:
        return pipe(two);
    case 2:
        return socket(AF_UNIX, SOCK_STREAM, 0);
    case 3:
        return socketpair(AF_UNIX, SOCK_DGRAM, 0, two);
    case 4:
        return epoll_create1(0);
    case 5:
        return eventfd(0, 0);
    case 6:
        return open("/proc/self/stat", O_RDONLY);
    case 7:
        return dup(0);
    default:
        return open(".", O_RDONLY | O_DIRECTORY);
    }
}

static void files(void)
{
    struct rlimit limit;
    int counts[2][9];

    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 3; fd < (int)limit.rlim_cur; fd++)
        close(fd);
    for (int round = 0; round < 2; round++) {
        for (int kind = 0; kind < 9; kind++) {
            counts[round][kind] = 0;
            while (opened(kind) >= 0)
                counts[round][kind]++;
            if (errno != EMFILE)
                printf("kind %d: %s\n", kind, strerror(errno));
            for (int fd = 3; fd < (int)limit.rlim_cur; fd++)
                close(fd);
        }
    }
    printf("%d %d, as many again: %d\n", counts[0][0] == (int)limit.rlim_cur - 3,
           counts[0][1] == ((int)limit.rlim_cur - 3) / 2, !memcmp(counts[0], counts[1], sizeof counts[0]));
}

static void memory(int n)
{
    int killed = 0, status;

    for (int i = 0; i < n; i++) {
        int pid = fork();
        if (pid == 0) {
            for (;;) {
                char *p = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (p == MAP_FAILED)
                    _exit(3);
                for (int at = 0; at < 4 << 20; at += 4096)
                    p[at] = at >> 12 | 1;
            }
        }
    }
    while (waitpid(-1, &status, 0) > 0)
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    printf("killed %d\n", killed);
}

static void limit(void)
{
    struct rlimit limit = {32 << 20, 32 << 20};
    int got = 0;

    setrlimit(RLIMIT_AS, &limit);
    while (got < 1000) {
        char *p = malloc(1 << 20);
        if (!p)
            break;
        memset(p, 1, 1 << 20);
        got++;
    }
    printf("some: %d, all: %d, %s\n", got > 4, got > 32, strerrorname_np(errno));
}

static volatile sig_atomic_t caught;

static void count(int signal)
{
    (void)signal;
    caught++;
}

static void storm(int n)
{
    enum { PROCESSES = 8 };
    static const int signals[] = {SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT, SIGALRM, SIGTERM, SIGHUP, 0};
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    int pids[PROCESSES], ready[2], failed = 0;
    char c = 0;

    setpgid(0, 0);
    for (int i = 0; signals[i]; i++)
        sigaction(signals[i], &action, NULL);
    sigaction(SIGRTMIN, &action, NULL);
    if (pipe(barrier) || pipe(ready))
        exit(1);
    for (int i = 0; i < PROCESSES; i++) {
        if ((pids[i] = fork()) == 0) {
            close(barrier[1]);
            (void)!write(ready[1], &c, 1);
            (void)!read(barrier[0], &c, 1);
            srand(i);
            for (int j = 0; j < n; j++) {
                int to = rand() % 4 ? 0 : getppid();
                if (rand() % 8 == 0)
                    failed += sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = j}) != 0;
                else
                    failed += kill(to, signals[rand() % 7]) != 0;
            }
            _exit(failed ? 1 : caught == 0 ? 2 : 0);
        }
    }
    for (int i = 0; i < PROCESSES; i++)
        (void)!read(ready[0], &c, 1);
    close(barrier[1]);
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        while (waitpid(pids[i], &status, 0) < 0 && errno == EINTR)
            ;
        if (status)
            printf("process %d: 0x%x\n", i, status);
    }
    printf("caught some: %d\n", caught > 0);
}

static void queue(void)
{
    struct sigaction action = {.sa_handler = count};
    sigset_t set;
    int sent = 0, error;

    sigaction(SIGRTMIN, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    while (sent < MOST && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = sent}) == 0)
        sent++;
    error = errno;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("more than 100: %d, %s, all came: %d\n", sent > 100, strerrorname_np(error), caught == sent);
}

static void again(int signal)
{
    raise(signal);
}

static void nest(void)
{
    struct sigaction action = {.sa_handler = again, .sa_flags = SA_NODEFER};
    int status;

    if (fork() == 0) {
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
        _exit(0);
    }
    wait(&status);
    printf("%s\n", WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "ended");
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    int n = argc > 2 ? atoi(argv[2]) : 100;

    if (!strcmp(mode, "bomb"))
        bomb();
    else if (!strcmp(mode, "forks"))
        forks();
    else if (!strcmp(mode, "zombies"))
        zombies();
    else if (!strcmp(mode, "threads"))
        threads();
    else if (!strcmp(mode, "many"))
        many(n);
    else if (!strcmp(mode, "chain"))
        chain(n);
    else if (!strcmp(mode, "execs"))
        execs(argv, n);
    else if (!strcmp(mode, "files"))
        files();
    else if (!strcmp(mode, "memory"))
        memory(n);
    else if (!strcmp(mode, "limit"))
        limit();
    else if (!strcmp(mode, "storm"))
        storm(n);
    else if (!strcmp(mode, "queue"))
        queue();
    else if (!strcmp(mode, "nest"))
        nest();
    else {
        fprintf(stderr, "usage: hostile MODE [N]: see the source\n");
        return 2;
    }
    return 0;
}
