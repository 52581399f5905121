/* Pseudo-terminals: pairs, line editing, echo, signals, raw mode, job control, hangup, size.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <dirent.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

static char text[9000];
static int master, slave;

/* Shows bytes: control characters as ^X, and \n. */
static const char *shown(const char *bytes, long length) {
    static char out[2000];
    char *to = out;
    if (length < 0) return error(errno);
    for (long i = 0; i < length && to < out + 1900; i++) {
        unsigned char c = bytes[i];
        if (c < 32 || c == 127) { *to++ = '^'; *to++ = c ^ 64; } else *to++ = c == ' ' ? '_' : c;
    }
    *to = 0;
    return to == out ? "nothing" : out;
}

static void got(const char *name, int file) {
    struct pollfd poller = {file, POLLIN, 0};
    errno = 0;
    long length = poll(&poller, 1, 1000) > 0 ? read(file, text, sizeof text) : 0;
    say(name, "%s", shown(text, length));
}

/* All that comes to the master until it is quiet for a moment. */
static void echoed(const char *name) {
    long total = 0, length;
    struct pollfd poller = {master, POLLIN, 0};
    while (total < 4000 && poll(&poller, 1, 40) > 0 && (length = read(master, text + total, sizeof text - total)) > 0)
        total += length;
    say(name, "%s", shown(text, total));
}

static void type(const char *keys) { write(master, keys, strlen(keys)); }

static void pairs(void) {
    master = posix_openpt(O_RDWR | O_NOCTTY);
    T("openpt", master >= 0);
    int number = -1;
    R("gptn", ioctl(master, TIOCGPTN, &number));
    T("gptn.number", number >= 0);
    R("grantpt", grantpt(master));
    char *name = ptsname(master);
    T("ptsname", name && !strncmp(name, "/dev/pts/", 9));
    DIR *folder = opendir("/dev/pts");
    int listed = 0, others = 0;
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder)) {
        listed += name && !strcmp(entry->d_name, name + 9) && entry->d_type == DT_CHR;
        others += strspn(entry->d_name, "0123456789") != strlen(entry->d_name) && strcmp(entry->d_name, ".")
                && strcmp(entry->d_name, "..") && strcmp(entry->d_name, "ptmx");
    }
    R("listed", listed);
    R("listed.others", others);
    R("listed.closed", folder ? closedir(folder) : -2);
    R("listed.create", open("/dev/pts", O_WRONLY));
    R("locked", open(name, O_RDWR | O_NOCTTY));
    R("unlockpt", unlockpt(master));
    slave = open(name, O_RDWR | O_NOCTTY);
    T("open", slave >= 0);
    R("isatty", isatty(slave));
    R("isatty.master", isatty(master));
    char other[100] = "";
    R("ttyname", ttyname_r(slave, other, sizeof other));
    T("ttyname.same", !strcmp(name, other));
    struct stat st;
    R("stat", stat(name, &st));
    T("stat.device", S_ISCHR(st.st_mode));
    R("missing", open("/dev/pts/99999", O_RDWR));
    R("lseek", lseek(slave, 0, SEEK_SET));
    R("gptn.slave", ioctl(slave, TIOCGPTN, &number));
    struct winsize size = {40, 100};
    R("size.set", ioctl(master, TIOCSWINSZ, &size));
    memset(&size, 0, sizeof size);
    R("size.get", ioctl(slave, TIOCGWINSZ, &size));
    say("size", "%d %d", size.ws_row, size.ws_col);
    struct termios settings;
    R("getattr", tcgetattr(slave, &settings));
    T("canonical", settings.c_lflag & ICANON);
    T("echo", settings.c_lflag & ECHO);
    T("icrnl", settings.c_iflag & ICRNL);
    T("onlcr", settings.c_oflag & ONLCR);
    say("keys", "%d %d %d %d", settings.c_cc[VINTR], settings.c_cc[VEOF], settings.c_cc[VERASE], settings.c_cc[VKILL]);
    R("setattr.wrong", tcsetattr(slave, 99, &settings));
    int file = make("f", "x");
    R("getattr.file", tcgetattr(file, &settings));
    close(file);
}

static void lines(void) {
    type("hello\r");
    got("line", slave);
    echoed("line.echo");
    type("abx\177c\n");
    got("erase", slave);
    echoed("erase.echo");
    type("gone\025kept\n");
    got("kill", slave);
    echoed("kill.echo");
    type("one two\027three\n");
    got("word", slave);
    echoed("word.echo");
    type("a\026\003b\n");
    got("literal", slave);
    echoed("literal.echo");
    type("part\004");
    got("eof.part", slave);
    type("\004");
    got("eof", slave);
    echoed("eof.echo");
    type("1\n2\n");
    R("two.first", read(slave, text, 100));
    R("two.second", read(slave, text, 100));
    type("abcdef\n");
    R("short", read(slave, text, 3));
    R("short.rest", read(slave, text, 100));
    echoed("two.echo");
    int count = -1;
    type("xyz");
    ioctl(slave, FIONREAD, &count);
    R("fionread.part", count);
    fcntl(slave, F_SETFL, O_NONBLOCK);
    R("nonblock", read(slave, text, 100));
    type("\n");
    struct pollfd poller = {slave, POLLIN, 0};
    poll(&poller, 1, 1000);
    ioctl(slave, FIONREAD, &count);
    R("fionread", count);
    R("nonblock.line", read(slave, text, 100));
    fcntl(slave, F_SETFL, 0);
    echoed("nonblock.echo");
    R("output", write(slave, "a\nb\tc", 5));
    echoed("output.newline");
    R("flush", (type("lost\n"), poll(&poller, 1, 1000), tcflush(slave, TCIFLUSH)));
    fcntl(slave, F_SETFL, O_NONBLOCK);
    R("flushed", read(slave, text, 100));
    fcntl(slave, F_SETFL, 0);
    echoed("flush.echo");
    R("flush.wrong", tcflush(slave, 77));
    R("drain", tcdrain(slave));
}

static void modes(void) {
    struct termios old, now;
    tcgetattr(slave, &old);
    now = old;
    cfmakeraw(&now);
    R("raw", tcsetattr(slave, TCSANOW, &now));
    type("q\003\r");
    got("raw.read", slave);
    echoed("raw.echo");
    write(slave, "n\n", 2);
    echoed("raw.output");
    now.c_cc[VMIN] = 0;
    now.c_cc[VTIME] = 0;
    tcsetattr(slave, TCSANOW, &now);
    R("min.zero", read(slave, text, 10));
    now.c_cc[VTIME] = 1;
    tcsetattr(slave, TCSANOW, &now);
    R("time", read(slave, text, 10));
    now.c_cc[VMIN] = 3;
    now.c_cc[VTIME] = 0;
    tcsetattr(slave, TCSANOW, &now);
    fflush(stdout);
    if (fork() == 0) { type("a"); milliseconds(30); type("b"); milliseconds(30); type("c"); _exit(0); }
    R("min.three", read(slave, text, 10));
    wait(NULL);
    now = old;
    now.c_lflag &= ~ECHO;
    tcsetattr(slave, TCSANOW, &now);
    type("secret\n");
    got("noecho", slave);
    echoed("noecho.echo");
    now.c_iflag |= INLCR | IGNCR;
    now.c_iflag &= ~ICRNL;
    now.c_oflag &= ~OPOST;
    tcsetattr(slave, TCSANOW, &now);
    write(slave, "x\n", 2);
    echoed("nopost");
    tcsetattr(slave, TCSAFLUSH, &old);
    type("\023");
    struct pollfd poller = {slave, POLLOUT, 0};
    R("stopped", poll(&poller, 1, 50));
    type("\021");
    R("started", poll(&poller, 1, 1000));
    echoed("flow.echo");
}

static volatile int signalled;
static void note(int number) { signalled = number; }

/* In a session whose terminal this is. */
static void session(void) {
    int from, status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        R("ctty.none", open("/dev/tty", O_RDWR));
        R("ctty", ioctl(slave, TIOCSCTTY, 0));
        T("ctty.tty", open("/dev/tty", O_RDWR) >= 0);
        T("ctty.session", tcgetsid(slave) == getpid());
        T("ctty.group", tcgetpgrp(slave) == getpgrp());
        R("ctty.setpgrp.wrong", tcsetpgrp(slave, 4194000));
        signal(SIGINT, note);
        signal(SIGQUIT, note);
        signal(SIGWINCH, note);
        signal(SIGTSTP, note);
        type("\003");
        for (int i = 0; i < 500 && !signalled; i++) milliseconds(2);
        say("intr", "%s", signame(signalled));
        signalled = 0;
        type("\034");
        for (int i = 0; i < 500 && !signalled; i++) milliseconds(2);
        say("quit", "%s", signame(signalled));
        signalled = 0;
        type("\032");
        for (int i = 0; i < 500 && !signalled; i++) milliseconds(2);
        say("susp", "%s", signame(signalled));
        signalled = 0;
        struct winsize size = {10, 20};
        ioctl(master, TIOCSWINSZ, &size);
        for (int i = 0; i < 500 && !signalled; i++) milliseconds(2);
        say("winch", "%s", signame(signalled));
        echoed("signals.echo");
        pid_t job = fork();
        if (job == 0) {
            setpgid(0, 0);
            read(slave, text, 1);
            _exit(1);
        }
        setpgid(job, job);
        R("background", waitpid(job, &status, WUNTRACED) == job);
        say("background.stop", "%s", WIFSTOPPED(status) ? signame(WSTOPSIG(status)) : "no");
        R("foreground", tcsetpgrp(slave, job));
        type("go\n");
        kill(job, SIGCONT);
        R("foreground.done", waitpid(job, &status, 0) == job);
        R("foreground.status", WIFEXITED(status) ? WEXITSTATUS(status) : -2);
        signal(SIGTTOU, SIG_IGN);
        R("foreground.back", tcsetpgrp(slave, getpgrp()));
        signal(SIGHUP, note);
        signalled = 0;
        _exit(0);
    }
    waitpid(child, &status, 0);
    R("session", status);
}

static void hangups(void) {
    int m, s;
    R("openpty", openpty(&m, &s, NULL, NULL, NULL));
    write(s, "left", 4);
    close(s);
    R("hup.left", read(m, text, 10));
    R("hup.read", read(m, text, 10));
    struct pollfd poller = {m, POLLIN, 0};
    poll(&poller, 1, 0);
    T("hup.poll", poller.revents & POLLHUP);
    close(m);
    openpty(&m, &s, NULL, NULL, NULL);
    close(m);
    R("gone.read", read(s, text, 10));
    R("gone.write", write(s, "x", 1));
    poller.fd = s;
    poll(&poller, 1, 0);
    T("gone.poll", poller.revents & POLLHUP);
    close(s);
    CHILD("gone.hup", {
        pid_t child = forkpty(&m, NULL, NULL, NULL);
        if (child == 0) { for (;;) pause(); }
        milliseconds(50);
        close(m);
        int status;
        waitpid(child, &status, 0);
        _exit(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP ? 11 : 12);
    });
}

static void checks(void) {
    pairs();
    lines();
    modes();
    session();
    hangups();
}
