/* Processes: fork, wait, exec, pipes between processes, signals, groups. proc TEST... */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int global = 1;
static volatile sig_atomic_t got;

static void note(int signal) { got = signal; }

/* The error of a call that has failed, evaluated after it. */
static const char *why(int result) { return result < 0 ? strerror(errno) : "no error"; }

static void show(const char *what, int status) {
    if (WIFEXITED(status)) printf("%s: exited %d\n", what, WEXITSTATUS(status));
    else if (WIFSIGNALED(status)) printf("%s: killed %d\n", what, WTERMSIG(status));
    else if (WIFSTOPPED(status)) printf("%s: stopped %d\n", what, WSTOPSIG(status));
    else if (WIFCONTINUED(status)) printf("%s: continued\n", what);
    fflush(stdout);
}

static void copies(void) {
    static char big[200 * 8192];
    memset(big, 1, sizeof big);
    int *heap = malloc(100000 * sizeof *heap);
    for (int i = 0; i < 100000; i++) heap[i] = i;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        long sum = 0;
        for (int i = 0; i < 100000; i++) sum += heap[i];
        global = 7;
        memset(big, 2, sizeof big);
        heap[5] = 99;
        printf("child: %ld %d %d %d\n", sum, global, big[8192], heap[5]);
        fflush(stdout);
        _exit(big[99999]);
    }
    int status;
    printf("wait %s\n", waitpid(pid, &status, 0) == pid ? "is the child's" : "failed");
    show("child", status);
    printf("parent: %d %d %d\n", global, big[8192], heap[5]);
    printf("no more: %s\n", why(wait(&status)));
}

static void pipes(void) {
    int ends[2];
    if (pipe(ends)) exit(1);
    fflush(stdout);
    if (fork() == 0) {
        close(ends[0]);
        for (int i = 0; i < 20000; i++) dprintf(ends[1], "line %d of many\n", i);
        _exit(0);
    }
    close(ends[1]);
    char buffer[1000];
    long total = 0, sum = 0, n;
    while ((n = read(ends[0], buffer, sizeof buffer)) > 0) {
        total += n;
        for (int i = 0; i < n; i++) sum += buffer[i];
    }
    wait(0);
    printf("piped %ld bytes, sum %ld\n", total, sum);
}

static void shared(void) {
    int *word = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *word = 5;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        *word += 37;
        _exit(0);
    }
    waitpid(pid, 0, 0);
    printf("shared: %d\n", *word);
    char name[] = "/tmp/procXXXXXX";
    int file = mkstemp(name);
    if (ftruncate(file, 8192)) exit(1);
    char *text = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    pid = fork();
    if (pid == 0) {
        char *again = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, open(name, O_RDWR), 0);
        strcpy(again, "written by the child");
        _exit(0);
    }
    waitpid(pid, 0, 0);
    printf("shared file: %s\n", text);
    lseek(file, 3, SEEK_SET);
    pid = fork();
    if (pid == 0) { lseek(file, 5, SEEK_CUR); _exit(0); }
    waitpid(pid, 0, 0);
    printf("position %ld\n", (long) lseek(file, 0, SEEK_CUR));
    unlink(name);
}

static void states(void) {
    int status;
    pid_t pid = fork();
    if (pid == 0) { for (;;) pause(); }
    printf("nothing yet: %d\n", waitpid(pid, &status, WNOHANG));
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    show("stop", status);
    kill(pid, SIGCONT);
    waitpid(pid, &status, WCONTINUED);
    show("cont", status);
    kill(pid, SIGTERM);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
    printf("waitid: code %d status %d own %d\n", info.si_code, info.si_status, info.si_pid == pid);
    waitpid(pid, &status, 0);
    show("end", status);
    printf("waitpid of a stranger: %s\n", why(waitpid(1 << 21, &status, 0)));
    signal(SIGCHLD, SIG_IGN);
    if (fork() == 0) _exit(3);
    printf("ignored: %s\n", why(wait(&status)));
    signal(SIGCHLD, note);
    pid = fork();
    if (pid == 0) _exit(4);
    while (waitpid(pid, &status, 0) < 0) { }
    printf("handler %d\n", got == SIGCHLD);
    show("last", status);
}

static void groups(void) {
    printf("own group: %d\n", getpgrp() == getpgid(0));
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        printf("leader: %d\n", getpgrp() == getpid());
        printf("setsid of a leader: %s\n", why(setsid()));
        fflush(stdout);
        if (fork() == 0) for (;;) pause();
        for (;;) pause();
    }
    int status;
    usleep(200000);
    printf("killing a group: %d\n", kill(-pid, SIGKILL));
    waitpid(pid, &status, 0);
    show("group", status);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        printf("session: %d\n", setsid() == getpid());
        fflush(stdout);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    printf("no such group: %s\n", why(kill(-(1 << 21), 0)));
    /* an orphan gets another parent */
    int ends[2];
    if (pipe(ends)) exit(1);
    pid = fork();
    if (pid == 0) {
        pid_t parent = getpid();
        if (fork() == 0) {
            while (getppid() == parent) usleep(1000);
            char ok = 'o';
            if (write(ends[1], &ok, 1) != 1) _exit(1);
            _exit(0);
        }
        _exit(0);
    }
    close(ends[1]);
    waitpid(pid, &status, 0);
    char answer = '-';
    if (read(ends[0], &answer, 1) < 0) exit(1);
    printf("orphan: %c\n", answer);
}

static void execs(const char *self) {
    char *arguments[] = {"renamed", "show", "two words", "", 0}, *environment[] = {"A=1", "B=", 0};
    int status, keep = open("/dev/null", O_RDONLY), drop = open("/dev/null", O_RDONLY | O_CLOEXEC);
    signal(SIGUSR1, note);
    signal(SIGUSR2, SIG_IGN);
    char first[20], second[20];
    sprintf(first, "%d", keep);
    sprintf(second, "%d", drop);
    char *more[] = {"fds", "fds", first, second, 0};
    fflush(stdout);
    for (int i = 0; i < 2; i++) {
        pid_t pid = i ? vfork() : fork();
        if (pid == 0) {
            execve(self, i ? more : arguments, environment);
            _exit(99);
        }
        waitpid(pid, &status, 0);
        show("exec", status);
    }
    printf("none: %s\n", why(execve("/nonexistent", arguments, environment)));
    printf("folder: %s\n", why(execve("/tmp", arguments, environment)));
    char name[] = "/tmp/procXXXXXX";
    int file = mkstemp(name);
    dprintf(file, "not a program");
    fchmod(file, 0755);
    close(file);
    printf("text: %s\n", why(execve(name, arguments, environment)));
    chmod(name, 0644);
    printf("not executable: %s\n", why(execve(name, arguments, environment)));
    unlink(name);
}

static void locks(void) {
    char name[] = "/tmp/procXXXXXX";
    int file = mkstemp(name), status;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20};
    printf("lock: %d\n", fcntl(file, F_SETLK, &lock));
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct flock other = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 15, .l_len = 1};
        printf("taken: %s\n", why(fcntl(file, F_SETLK, &other)));
        fcntl(file, F_GETLK, &other);
        printf("whose: %d %ld+%ld\n", other.l_pid == getppid(), (long) other.l_start, (long) other.l_len);
        struct flock free = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 30, .l_len = 0};
        printf("beside: %d\n", fcntl(file, F_SETLK, &free));
        other.l_type = F_WRLCK;
        other.l_start = 10;
        other.l_len = 20;
        fflush(stdout);
        printf("waited: %d\n", fcntl(file, F_SETLKW, &other));
        fflush(stdout);
        _exit(0);
    }
    usleep(200000);
    lock.l_type = F_UNLCK;
    fcntl(file, F_SETLK, &lock);
    waitpid(pid, &status, 0);
    show("locker", status);
    unlink(name);
}

static int fds(char **arguments) {
    printf("kept %d, dropped %d", fcntl(atoi(arguments[2]), F_GETFD), fcntl(atoi(arguments[3]), F_GETFD));
    printf(" %s\n", strerror(errno));
    struct sigaction action;
    sigaction(SIGUSR1, 0, &action);
    printf("handler %d", action.sa_handler == SIG_DFL);
    sigaction(SIGUSR2, 0, &action);
    printf(", ignored %d\n", action.sa_handler == SIG_IGN);
    return 12;
}

static int arguments(int argc, char **argv, char **environment) {
    for (int i = 0; i < argc; i++) printf("argv[%d]=\"%s\"\n", i, argv[i]);
    for (; *environment; environment++) printf("env %s\n", *environment);
    return 11;
}

static void forks(int count) {
    for (int i = 0; i < count; i++) {
        pid_t pid = fork();
        if (pid == 0) _exit(i & 63);
        int status;
        if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != (i & 63)) { printf("bad at %d\n", i); exit(1); }
    }
    printf("%d forks\n", count);
}

int main(int argc, char **argv, char **environment) {
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "copies")) copies();
        else if (!strcmp(argv[i], "pipes")) pipes();
        else if (!strcmp(argv[i], "shared")) shared();
        else if (!strcmp(argv[i], "states")) states();
        else if (!strcmp(argv[i], "groups")) groups();
        else if (!strcmp(argv[i], "execs")) execs("/proc/self/exe");
        else if (!strcmp(argv[i], "locks")) locks();
        else if (!strcmp(argv[i], "forks")) forks(atoi(argv[++i]));
        else if (!strcmp(argv[i], "show")) return arguments(argc, argv, environment);
        else if (!strcmp(argv[i], "fds")) return fds(argv);
        else { fprintf(stderr, "proc: no test %s\n", argv[i]); return 2; }
    }
    return 0;
}
