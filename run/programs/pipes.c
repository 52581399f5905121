/*
 * pipes: descriptors that are not files.  Writes to and reads from a pipe in
 * one process, end of file after the last writer, select and poll on it, the
 * terminal test of the standard streams by fstat, dup2 of standard output into
 * a pipe and back, fcntl flags and non-blocking reads, and uname.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static int ready(int fd, long milliseconds)
{
    struct timeval t = { 0, milliseconds * 1000 };
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    return select(fd + 1, &set, NULL, NULL, &t);
}

int main(void)
{
    int ends[2];
    char text[128];

    printf("pipe %d\n", pipe(ends));
    struct stat s;
    printf("fstat %d fifo %d\n", fstat(ends[0], &s), S_ISFIFO(s.st_mode));
    printf("lseek %ld ESPIPE %d\n", (long)lseek(ends[0], 0, SEEK_CUR), errno == ESPIPE);
    printf("ready when empty %d\n", ready(ends[0], 1));
    printf("write %d\n", (int)write(ends[1], "through the pipe", 16));
    printf("ready when full %d\n", ready(ends[0], 1));
    struct pollfd p[2] = { { ends[0], POLLIN, 0 }, { ends[1], POLLOUT, 0 } };
    int n = poll(p, 2, 100);
    printf("poll %d in %d out %d\n", n, p[0].revents == POLLIN, p[1].revents == POLLOUT);
    printf("read %d", (int)read(ends[0], text, 7));
    printf(" %d\n", (int)read(ends[0], text + 7, 100));
    printf("\"%.16s\"\n", text);

    int flags = fcntl(ends[0], F_GETFL);
    printf("set non-blocking %d\n", fcntl(ends[0], F_SETFL, flags | O_NONBLOCK));
    n = read(ends[0], text, 1);
    printf("read %d EAGAIN %d\n", n, errno == EAGAIN);
    printf("flag kept %d\n", (fcntl(ends[0], F_GETFL) & O_NONBLOCK) != 0);

    fflush(stdout);
    int saved = dup(1);
    dup2(ends[1], 1);
    printf("caught output");
    fflush(stdout);
    dup2(saved, 1);
    close(saved);
    n = read(ends[0], text, sizeof text);
    printf("%d \"%.*s\"\n", n, n, text);
    close(ends[1]);
    n = read(ends[0], text, 1);
    printf("after the last writer %d\n", n);
    close(ends[0]);

    printf("pipe2 %d", pipe2(ends, O_CLOEXEC));
    printf(" close on exec %d\n", fcntl(ends[0], F_GETFD));
    printf("isatty of a pipe %d ENOTTY %d\n", isatty(ends[0]), errno == ENOTTY);
    struct utsname u;
    printf("uname %d %s %s\n", uname(&u), u.sysname, u.machine);
    printf("ids agree %d\n", getuid() == geteuid() && getgid() == getegid() && getpid() > 0 && getppid() >= 0);
    return 0;
}
