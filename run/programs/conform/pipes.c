/* Pipes and FIFOs: ends, sizes, errors, order. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static char big[200000];

static void ends(void) {
    int p[2], bad[2];
    R("pipe", pipe(p));
    R("pipe.fault", pipe((int *) 8));
    R("pipe2.flags", pipe2(bad, 0x40000000));
    R("read.writer", read(p[1], big, 1));
    R("write.reader", write(p[0], "x", 1));
    R("write", write(p[1], "hello", 5));
    int count = -1;
    R("fionread", ioctl(p[0], FIONREAD, &count));
    say("fionread.count", "%d", count);
    R("read.part", read(p[0], big, 2));
    R("read.rest", read(p[0], big, 100));
    say("read.bytes", "%.3s", big);
    R("read.zero", read(p[0], big, 0));
    R("write.zero", write(p[1], big, 0));
    R("lseek", lseek(p[0], 0, SEEK_SET));
    R("lseek.end", lseek(p[1], 0, SEEK_END));
    R("pread", pread(p[0], big, 1, 0));
    R("pwrite", pwrite(p[1], big, 1, 0));
    R("ftruncate", ftruncate(p[1], 0));
    R("fsync", fsync(p[1]));
    struct stat st;
    R("fstat", fstat(p[0], &st));
    T("fstat.fifo", S_ISFIFO(st.st_mode));
    say("fstat.mode", "%o", st.st_mode & 0777);
    R("fstat.size", st.st_size);
    R("read.fault", (write(p[1], "q", 1), read(p[0], (void *) 8, 1)));
    R("write.fault", write(p[1], (void *) 8, 1));
    struct iovec parts[3] = {{"ab", 2}, {"", 0}, {"cde", 3}};
    R("writev", writev(p[1], parts, 3));
    int flags = fcntl(p[0], F_GETFL);
    R("getfl.reader", flags & O_ACCMODE);
    R("getfl.writer", fcntl(p[1], F_GETFL) & O_ACCMODE);
    close(p[1]);
    while (read(p[0], big, 100) > 0) {}
    R("read.end", read(p[0], big, 1));
    close(p[0]);
}

static void broken(void) {
    int p[2];
    MUST(pipe(p));
    close(p[0]);
    signal(SIGPIPE, SIG_IGN);
    R("broken.ignored", write(p[1], "x", 1));
    R("broken.zero", write(p[1], "x", 0));
    signal(SIGPIPE, SIG_DFL);
    CHILD("broken.default", write(p[1], "x", 1));
    struct pollfd poller = {p[1], POLLOUT, 0};
    R("broken.poll", poll(&poller, 1, 0));
    T("broken.poll.error", poller.revents & POLLERR);
    close(p[1]);
    CHILD("broken.child", {
        int q[2];
        pipe(q);
        if (fork() == 0) { close(q[1]); _exit(0); }
        close(q[0]);
        wait(NULL);
        write(q[1], "x", 1);
    });
}

static void nonblocking(void) {
    int p[2];
    R("nonblock", pipe2(p, O_NONBLOCK | O_CLOEXEC));
    T("nonblock.flag", fcntl(p[0], F_GETFL) & O_NONBLOCK);
    R("nonblock.cloexec", fcntl(p[1], F_GETFD));
    R("nonblock.read", read(p[0], big, 1));
    long total = 0, got;
    while ((got = write(p[1], big, 4096)) > 0)
        total += got;
    say("nonblock.full", "%s", error(errno));
    say("nonblock.total", "%ld", total);
    R("nonblock.part", (read(p[0], big, 4096), write(p[1], big, 200)));
    /* Up to PIPE_BUF bytes go whole or not at all. */
    R("nonblock.atomic", (read(p[0], big, 100), write(p[1], big, 4096)));
    close(p[0]);
    close(p[1]);
}

static void order(void) {
    int p[2];
    MUST(pipe(p));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        close(p[0]);
        for (int i = 0; i < 200000; i += 50000)
            write(p[1], big, 50000);
        _exit(0);
    }
    close(p[1]);
    long total = 0, got;
    while ((got = read(p[0], big, sizeof big)) > 0)
        total += got;
    say("order.total", "%ld", total);
    waitpid(child, NULL, 0);
    close(p[0]);
    MUST(pipe(p));
    int copy = dup(p[1]);
    close(p[1]);
    write(copy, "1", 1);
    R("dup.open", read(p[0], big, 10));
    close(copy);
    R("dup.closed", read(p[0], big, 10));
    close(p[0]);
}

static void caught(int signal) {}

static void interrupted(void) {
    int p[2];
    MUST(pipe(p));
    struct sigaction action = {.sa_handler = caught};
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    R("interrupt.read", read(p[0], big, 1));
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { milliseconds(1500); write(p[1], "z", 1); _exit(0); }
    alarm(1);
    R("interrupt.restart", read(p[0], big, 1));
    waitpid(child, NULL, 0);
    close(p[0]);
    close(p[1]);
}

static void fifos(void) {
    R("mkfifo", mkfifo("fifo", 0640));
    R("mkfifo.exists", mkfifo("fifo", 0640));
    R("mkfifo.parent", mkfifo("no/fifo", 0640));
    struct stat st;
    stat("fifo", &st);
    say("mkfifo.mode", "%o", st.st_mode);
    R("fifo.write.nobody", open("fifo", O_WRONLY | O_NONBLOCK));
    int reader = open("fifo", O_RDONLY | O_NONBLOCK);
    T("fifo.read", reader >= 0);
    R("fifo.read.nobody", read(reader, big, 1));
    int writer = open("fifo", O_WRONLY | O_NONBLOCK);
    T("fifo.write", writer >= 0);
    R("fifo.read.nothing", read(reader, big, 1));
    R("fifo.written", write(writer, "abc", 3));
    int second = open("fifo", O_RDONLY | O_NONBLOCK);
    R("fifo.second", read(second, big, 2));
    R("fifo.first", read(reader, big, 2));
    R("fifo.lseek", lseek(reader, 0, SEEK_CUR));
    R("fifo.unlink", unlink("fifo"));
    R("fifo.unlinked", write(writer, "x", 1));
    fstat(writer, &st);
    T("fifo.unlinked.fifo", S_ISFIFO(st.st_mode));
    close(writer);
    R("fifo.left", read(reader, big, 5));
    R("fifo.end", read(reader, big, 5));
    close(reader);
    close(second);
    MUST(mkfifo("other", 0600));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        int out = open("other", O_WRONLY);
        write(out, "from child", 10);
        _exit(0);
    }
    int in = open("other", O_RDONLY);
    R("fifo.meet", read(in, big, 100));
    waitpid(child, NULL, 0);
    R("fifo.both", (close(in), in = open("other", O_RDWR), write(in, "me", 2), read(in, big, 10)));
    close(in);
}

static void checks(void) {
    ends();
    broken();
    nonblocking();
    order();
    interrupted();
    fifos();
}
