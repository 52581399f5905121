/*
 * pty PROMPT SECONDS COMMAND ARGS...: starts a command on a pseudo-terminal
 * of its own and measures how long it takes until its prompt is there.
 *
 * Writes "prompt NANOSECONDS PID" when the command has written a line that
 * begins with PROMPT, escape sequences left out.  Then waits for a
 * line (or the end) of its own input, types "exit", and an end of file if that
 * does not help, and writes "ended NANOSECONDS STATUS" when the command has
 * ended.  The time counts from directly before the command's process is made.
 * After SECONDS without the prompt, or without the end, it kills the command,
 * shows what was written on standard error, and exits with status 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define KEPT 4096
#define PATIENCE 3000000000LL /* until an end of file is typed after "exit" */

static char written[KEPT]; /* the end of what came, as it came */
static size_t length;
static char shown[256]; /* the line that is being written, without escape sequences */
static size_t visible;

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void keep(char c)
{
    if (length == sizeof written) {
        memmove(written, written + sizeof written / 2, sizeof written / 2);
        length = sizeof written / 2;
    }
    written[length++] = c;
}

/* Takes one byte of output; escape sequences are ESC [ ... letter,
   ESC ] ... BEL or ESC \, ESC ( x, and ESC x. */
static void take(char c)
{
    static enum { TEXT, ESCAPE, CONTROL, STRING, STRING_ESCAPE, CHARSET } state;

    keep(c);
    switch (state) {
    case TEXT:
        if (c == 27)
            state = ESCAPE;
        else if (c == '\n' || c == '\r')
            visible = 0;
        else if (visible < sizeof shown)
            shown[visible++] = c;
        break;
    case ESCAPE:
        state = c == '[' ? CONTROL : c == ']' ? STRING : c == '(' ? CHARSET : TEXT;
        break;
    case CONTROL:
        if (c >= '@' && c <= '~')
            state = TEXT;
        break;
    case STRING:
        state = c == 7 ? TEXT : c == 27 ? STRING_ESCAPE : STRING;
        break;
    case STRING_ESCAPE:
    case CHARSET:
        state = TEXT;
        break;
    }
}

static int at_prompt(const char *prompt)
{
    size_t n = strlen(prompt);
    return visible >= n && memcmp(shown, prompt, n) == 0;
}

static int give_up(pid_t child, const char *why)
{
    kill(-child, SIGKILL);
    waitpid(child, NULL, 0);
    fprintf(stderr, "%s; the end of what it wrote:\n%.*s\n", why, (int)length, written);
    return 1;
}

static pid_t start(int master, const char *slave, char **command)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    setsid();
    int terminal = open(slave, O_RDWR);
    if (terminal < 0)
        _exit(126);
    ioctl(terminal, TIOCSCTTY, 0);
    dup2(terminal, 0);
    dup2(terminal, 1);
    dup2(terminal, 2);
    if (terminal > 2)
        close(terminal);
    close(master);
    setenv("TERM", "xterm", 1);
    execvp(command[0], command);
    fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
    _exit(127);
}

static void type(int master, const char *text)
{
    if (write(master, text, strlen(text)) < 0)
        fprintf(stderr, "cannot type: %s\n", strerror(errno));
}

/* What happens until the command has ended; answers our exit status. */
static int watch(int master, pid_t child, const char *prompt, long long begin, long long limit)
{
    struct pollfd wait[2] = { { master, POLLIN, 0 }, { 0, POLLIN, 0 } };
    int prompted = 0, typed = 0;
    long long asked = 0;
    char buffer[4096];

    for (;;) {
        if (now() - begin > limit)
            return give_up(child, prompted ? "it did not end in time" : "no prompt in time");
        if (typed == 1 && now() - asked > PATIENCE) {
            type(master, "\004");
            typed = 2;
        }
        poll(wait, prompted && !typed ? 2 : 1, 100);
        if (wait[0].revents) {
            ssize_t n = read(master, buffer, sizeof buffer);
            if (n <= 0)
                break; /* the other side is closed by all */
            for (ssize_t i = 0; i < n; i++) {
                take(buffer[i]);
                if (!prompted && at_prompt(prompt)) {
                    prompted = 1;
                    printf("prompt %lld %d\n", now() - begin, (int)child);
                    fflush(stdout);
                }
            }
        }
        if (prompted && !typed && wait[1].revents) {
            type(master, "exit\r");
            typed = 1;
            asked = now();
        }
    }
    if (!prompted)
        return give_up(child, "it ended without a prompt");
    int status;
    waitpid(child, &status, 0);
    printf("ended %lld %d\n", now() - begin, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}

int main(int argc, char **argv)
{
    struct winsize size = { 24, 80, 0, 0 };

    if (argc < 4) {
        fprintf(stderr, "usage: pty PROMPT SECONDS COMMAND ARGS...\n");
        return 2;
    }
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master)) {
        fprintf(stderr, "no pseudo-terminal: %s\n", strerror(errno));
        return 1;
    }
    fcntl(master, F_SETFD, FD_CLOEXEC);
    ioctl(master, TIOCSWINSZ, &size);
    long long begin = now();
    pid_t child = start(master, ptsname(master), argv + 3);
    if (child < 0) {
        fprintf(stderr, "no process: %s\n", strerror(errno));
        return 1;
    }
    return watch(master, child, argv[1], begin, atoll(argv[2]) * 1000000000LL);
}
