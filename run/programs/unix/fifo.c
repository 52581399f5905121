/* Pipes with names: mkfifo, mknod, opening that waits, several ends of a kind. fifo */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *why(long result) { return result < 0 ? strerror(errno) : "no error"; }
static void none(int signal) { (void) signal; }

static int events(int fd) {
    struct pollfd one = {fd, POLLIN | POLLOUT, 0};
    poll(&one, 1, 0);
    return one.revents;
}

int main(void) {
    setvbuf(stdout, 0, _IOLBF, 4096);
    char folder[] = "/tmp/fifo-XXXXXX", bytes[100];
    if (!mkdtemp(folder) || chdir(folder)) return 9;
    signal(SIGPIPE, none);
    umask(022);
    printf("make %s\n", why(mkfifo("pipe", 0666)));
    printf("again %s\n", why(mkfifo("pipe", 0666)));
    struct stat status;
    stat("pipe", &status);
    printf("mode %o %d\n", status.st_mode, (int) status.st_size);
    printf("nobody reads %s\n", why(open("pipe", O_WRONLY | O_NONBLOCK)));
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    printf("reader %d %x", reader >= 0, events(reader));
    printf(" %d\n", (int) read(reader, bytes, 9));
    int writer = open("pipe", O_WRONLY | O_NONBLOCK);
    printf("writer %d %x\n", writer >= 0, events(writer));
    printf("empty %s\n", why(read(reader, bytes, 9)));
    int second = open("pipe", O_WRONLY);
    printf("write %d", (int) write(writer, "one", 3));
    printf(" %d\n", (int) write(second, "two", 3));
    close(writer);
    int count = read(reader, bytes, 99);
    printf("read %d %.6s %x\n", count, bytes, events(reader));
    close(second);
    printf("over %x", events(reader));
    printf(" %d\n", (int) read(reader, bytes, 9));
    writer = open("pipe", O_WRONLY);
    close(reader);
    printf("no reader %x", events(writer));
    printf(" %s\n", why(write(writer, "x", 1)));
    close(writer);
    if (fork() == 0) {
        usleep(30000);
        int mine = open("pipe", O_WRONLY);
        if (write(mine, "from the child", 14) != 14) _exit(1);
        _exit(0);
    }
    reader = open("pipe", O_RDONLY);
    count = read(reader, bytes, 99);
    printf("waited %d %.14s\n", count, bytes);
    wait(0);
    printf("end %d\n", (int) read(reader, bytes, 99));
    close(reader);
    struct sigaction action = {0};
    action.sa_handler = none;
    sigaction(SIGALRM, &action, 0);
    alarm(1);
    printf("signal %s\n", why(open("pipe", O_RDONLY)));
    int both = open("pipe", O_RDWR);
    printf("both %d", (int) write(both, "both", 4));
    printf(" %d %s\n", (int) read(both, bytes, 9), why(lseek(both, 0, SEEK_CUR)));
    printf("rename %s", why(rename("pipe", "moved")));
    stat("moved", &status);
    printf(" %d\n", S_ISFIFO(status.st_mode));
    printf("node %s", why(mknod("node", S_IFIFO | 0600, 0)));
    stat("node", &status);
    printf(" %o\n", status.st_mode);
    printf("file %s", why(mknod("file", 0600, 0)));
    stat("file", &status);
    printf(" %o\n", status.st_mode);
    unlink("moved");
    unlink("node");
    unlink("file");
    printf("gone %s\n", why(open("node", O_RDONLY)));
    printf("empty %s\n", why(rmdir(folder)));
    return 0;
}
