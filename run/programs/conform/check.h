/* What the conformance programs share. Each check prints one line "FAMILY.CHECK VALUE"; values are the same on every
   machine: errors and signals by name, no addresses, ids or times. Included once by each program. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *family;

/* A value as printf makes it. */
__attribute__((unused, format(printf, 2, 3))) static void say(const char *name, const char *format, ...) {
    printf("%s.%s ", family, name);
    va_list list;
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
    fflush(stdout);
}

__attribute__((unused)) static const char *error(int number) {
    const char *name = number == ENOTSUP ? "ENOTSUP" : strerrorname_np(number);
    return name ? name : "unknown";
}

__attribute__((unused)) static const char *signame(int number) {
    static char text[20];
    if (number >= SIGRTMIN && number <= SIGRTMAX) {
        sprintf(text, "RT%d", number - SIGRTMIN);
        return text;
    }
    const char *name = number ? sigabbrev_np(number) : "0";
    return name ? name : "unknown";
}

__attribute__((unused)) static void result(const char *name, long value) {
    if (value == -1) say(name, "%s", error(errno));
    else say(name, "%ld", value);
}

/* The value, or the error. */
#define R(name, call) do { errno = 0; long r_ = (long) (call); result(name, r_); } while (0)
/* ok, or the error; for values that differ between machines. */
#define Z(name, call) do { errno = 0; long r_ = (long) (call); say(name, "%s", r_ == -1 ? error(errno) : "ok"); } while (0)
/* yes or no. */
#define T(name, condition) say(name, "%s", (condition) ? "yes" : "no")
/* What must work for the checks to mean anything. */
#define MUST(call) do { if ((long) (call) == -1) { \
    fprintf(stderr, "%s: line %d: %s: %s\n", family, __LINE__, #call, strerror(errno)); exit(3); } } while (0)

/* Makes a file with a text. */
__attribute__((unused)) static int make(const char *path, const char *text) {
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t) strlen(text)) {
        fprintf(stderr, "%s: cannot make %s: %s\n", family, path, strerror(errno));
        exit(3);
    }
    return file;
}

__attribute__((unused)) static void milliseconds(long count) {
    struct timespec time = {count / 1000, count % 1000 * 1000000};
    while (nanosleep(&time, &time) && errno == EINTR) {}
}

/* Runs something in a child and says how it ended. */
#define CHILD(name, ...) do { fflush(stdout); pid_t p_ = fork(); if (p_ == 0) { __VA_ARGS__; _exit(0); } \
    int s_ = 0; waitpid(p_, &s_, 0); \
    if (WIFSIGNALED(s_)) say(name, "killed %s", signame(WTERMSIG(s_))); else say(name, "exit %d", WEXITSTATUS(s_)); } while (0)

static void checks(void);

int main(int argc, char **argv) {
    family = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    if (argc != 2 || chdir(argv[1])) {
        fprintf(stderr, "%s: needs an empty folder\n", family);
        return 2;
    }
    umask(022);
    checks();
    return 0;
}
