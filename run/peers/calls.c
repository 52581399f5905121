/*
 * What run/bench unix measures: system calls, and programs from their start to their end.
 *
 *     calls nothing | getpid | read FILE | pipe | fork | exec WORDS... | run TIMES WORDS...
 *
 * Prints one number: seconds for each call, message there and back, child, or run. WORDS are a program and its
 * arguments; under qemu-alpha, which cannot start Alpha programs by itself, they begin with it. `exec` runs WORDS
 * many times, `run` as often as is said, after two runs that warm up; their output goes to /dev/null.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static char buffer[1024];
static int file;

static void getpid_once(void) {
    /* by its number: C libraries do not remember it, but Linux/Alpha's call answers two ids (getxpid) */
#ifdef SYS_getxpid
    syscall(SYS_getxpid);
#else
    syscall(SYS_getpid);
#endif
}

static void read_once(void) {
    if (pread(file, buffer, sizeof buffer, 0) != sizeof buffer)
        fail("read");
}

static int there[2], back[2];

static void pipe_once(void) {
    char c = 1;
    if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1)
        fail("pipe");
}

static void echo(void) {
    char c;
    close(there[1]);
    while (read(there[0], &c, 1) == 1)
        if (write(back[1], &c, 1) != 1)
            break;
    _exit(0);
}

static void wait_for(pid_t child) {
    int status;
    if (child < 0)
        fail("fork");
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "calls: a child ended with status 0x%x\n", status);
        exit(1);
    }
}

static void fork_once(void) {
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    wait_for(child);
}

static char **words;

static void run_once(void) {
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        execvp(words[0], words);
        perror(words[0]);
        _exit(127);
    }
    wait_for(child);
}

/* Seconds of one of `times`. */
static double measure(void (*once)(void), long times) {
    double start = now();
    for (long i = 0; i < times; i++)
        once();
    return (now() - start) / times;
}

/* Doubles the number of times until they take half a second: the best of the last three, so that what ran beside counts less. */
static double steady(void (*once)(void)) {
    long times = 1;
    double best, next;
    while ((best = measure(once, times)) * times < 0.4)
        times *= 2;
    for (int i = 0; i < 3; i++)
        if ((next = measure(once, times)) < best)
            best = next;
    return best;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    double figure;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (!strcmp(what, "nothing")) {
        return 0;
    } else if (!strcmp(what, "getpid")) {
        figure = steady(getpid_once);
    } else if (!strcmp(what, "read") && argc > 2) {
        if ((file = open(argv[2], O_RDONLY)) < 0)
            fail(argv[2]);
        figure = steady(read_once);
    } else if (!strcmp(what, "pipe")) {
        if (pipe(there) || pipe(back))
            fail("pipe");
        if (fork() == 0)
            echo();
        figure = steady(pipe_once);
    } else if (!strcmp(what, "fork")) {
        figure = steady(fork_once);
    } else if (!strcmp(what, "exec") && argc > 2) {
        words = argv + 2;
        figure = steady(run_once);
    } else if (!strcmp(what, "run") && argc > 3) {
        words = argv + 3;
        measure(run_once, 2);
        figure = measure(run_once, atol(argv[2]));
    } else {
        fprintf(stderr, "usage: calls nothing | getpid | read FILE | pipe | fork | exec WORDS... | run TIMES WORDS...\n");
        return 2;
    }
    printf("%.12f\n", figure);
    return 0;
}
