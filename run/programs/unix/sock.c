/* Sockets of the UNIX family: streams, messages, names, files and credentials that are handed over. sock TEST... */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *why(long result) { return result < 0 ? strerror(errno) : "no error"; }
static void none(int signal) { (void) signal; }
static volatile int pipes;
static void broken(int signal) { (void) signal; pipes++; }

static socklen_t name(struct sockaddr_un *to, const char *text) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    if (text[0] == '@') {
        memcpy(to->sun_path + 1, text + 1, strlen(text) - 1);
        return offsetof(struct sockaddr_un, sun_path) + strlen(text);
    }
    strcpy(to->sun_path, text);
    return offsetof(struct sockaddr_un, sun_path) + strlen(text) + 1;
}

static int bound(int type, const char *text) {
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, type, 0);
    socklen_t length = name(&address, text);
    if (bind(fd, (struct sockaddr *) &address, length)) printf("bind %s: %s\n", text, why(-1));
    return fd;
}

static int joined(int fd, const char *text) {
    struct sockaddr_un address;
    socklen_t length = name(&address, text);
    return connect(fd, (struct sockaddr *) &address, length);
}

static void show(const char *what, int result, struct sockaddr_un *address, socklen_t length) {
    printf("%s: %s %d ", what, why(result), (int) length);
    if (length > 2 && address->sun_path[0] == 0) printf("@%.*s\n", (int) length - 3, address->sun_path + 1);
    else printf("%s\n", length > 2 ? address->sun_path : "-");
}

static void names(int fd) {
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    int result = getsockname(fd, (struct sockaddr *) &address, &length);
    show("own", result, &address, length);
    length = sizeof address;
    memset(&address, 0, sizeof address);
    result = getpeername(fd, (struct sockaddr *) &address, &length);
    if (result) printf("other: %s\n", why(result));
    else show("other", result, &address, length);
}

static int events(int fd) {
    struct pollfd one = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&one, 1, 0);
    return one.revents;
}

static void pairs(void) {
    int two[2], types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    char bytes[100];
    for (int i = 0; i < 3; i++) {
        printf("type %d: %s\n", types[i], why(socketpair(AF_UNIX, types[i], 0, two)));
        printf("poll %x %x\n", events(two[0]), events(two[1]));
        printf("write %d", (int) write(two[0], "hello", 5));
        printf(" %d\n", (int) send(two[0], " you", 4, 0));
        int count;
        printf("available %d", ioctl(two[1], FIONREAD, &count));
        printf(" %d\n", count);
        printf("poll %x\n", events(two[1]));
        printf("peek %d\n", (int) recv(two[1], bytes, 3, MSG_PEEK));
        count = read(two[1], bytes, sizeof bytes);
        printf("read %d %.*s\n", count, count, bytes);
        printf("not waiting: %s\n", types[i] == SOCK_STREAM ? why(recv(two[1], bytes, 9, MSG_DONTWAIT)) : "-");
        if (types[i] != SOCK_STREAM) {
            printf("cut %d\n", (int) recv(two[1], bytes, 2, MSG_TRUNC));
            printf("empty %s\n", why(recv(two[1], bytes, 2, MSG_DONTWAIT)));
            printf("nothing %d", (int) send(two[1], "", 0, 0));
            printf(" %d\n", (int) recv(two[0], bytes, 2, MSG_DONTWAIT));
        }
        struct iovec parts[] = {{"ab", 2}, {"", 0}, {"cdef", 4}};
        printf("parts %d\n", (int) writev(two[0], parts, 3));
        struct iovec room[] = {{bytes, 3}, {bytes + 10, 3}};
        printf("parts %d %.3s %.3s\n", (int) readv(two[1], room, 2), bytes, bytes + 10);
        names(two[0]);
        int type;
        socklen_t length = sizeof type;
        printf("type %d", getsockopt(two[0], SOL_SOCKET, SO_TYPE, &type, &length));
        printf(" %d %d\n", type == types[i], (int) length);
        struct stat status;
        fstat(two[0], &status);
        printf("socket %d %o\n", S_ISSOCK(status.st_mode), status.st_mode & 0777);
        printf("seek %s\n", why(lseek(two[0], 0, SEEK_SET)));
        close(two[0]);
        printf("poll %x\n", events(two[1]) & (types[i] == SOCK_DGRAM ? ~POLLOUT : -1));
        if (types[i] != SOCK_DGRAM) printf("end %d\n", (int) read(two[1], bytes, 9));
        printf("nobody %s\n", why(send(two[1], "x", 1, MSG_NOSIGNAL)));
        printf("again %s\n", why(send(two[1], "x", 1, MSG_NOSIGNAL)));
        close(two[1]);
    }
    printf("bad type %s\n", why(socketpair(AF_UNIX, 77, 0, two)));
    printf("bad family %s\n", why(socket(4711, SOCK_STREAM, 0)));
    printf("bad protocol %s\n", why(socket(AF_UNIX, SOCK_STREAM, 9)));
    printf("not one %s\n", why(listen(0, 1)));
    printf("not open %s\n", why(listen(99, 1)));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    printf("flags %d %d\n", fcntl(fd, F_GETFD), !!(fcntl(fd, F_GETFL) & O_NONBLOCK));
    printf("unconnected %s", why(send(fd, "x", 1, MSG_NOSIGNAL)));
    printf(" %s %x\n", why(recv(fd, bytes, 1, 0)), events(fd));
    printf("unconnected %s\n", why(shutdown(fd, SHUT_RD)));
    names(fd);
}

static void streams(void) {
    int server = bound(SOCK_STREAM, "server");
    struct stat status;
    printf("file %d", stat("server", &status));
    printf(" %d\n", S_ISSOCK(status.st_mode));
    printf("open %s\n", why(open("server", O_RDWR)));
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    printf("too early %s\n", why(joined(client, "server")));
    printf("listen %s\n", why(listen(server, 2)));
    printf("poll %x\n", events(server));
    int accepting;
    socklen_t length = sizeof accepting;
    getsockopt(server, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &length);
    printf("accepting %d\n", accepting);
    int again = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address;
    length = name(&address, "server");
    printf("taken %s\n", why(bind(again, (struct sockaddr *) &address, length)));
    printf("missing %s\n", why(joined(client, "nowhere")));
    printf("wrong type %s\n", why(joined(socket(AF_UNIX, SOCK_DGRAM, 0), "server")));
    printf("connect %s\n", why(joined(client, "server")));
    printf("twice %s\n", why(joined(client, "server")));
    printf("poll %x %x\n", events(server), events(client));
    printf("early %d\n", (int) write(client, "early", 5));
    length = sizeof address;
    memset(&address, 0, sizeof address);
    int one = accept4(server, (struct sockaddr *) &address, &length, SOCK_CLOEXEC);
    fcntl(one, F_SETFL, O_RDWR | O_NONBLOCK);
    printf("accept %d %d", one >= 0, (int) length);
    printf(" %d %d\n", fcntl(one, F_GETFD), !!(fcntl(one, F_GETFL) & O_NONBLOCK));
    names(client);
    names(one);
    char bytes[100];
    int count = read(one, bytes, sizeof bytes);
    printf("read %d %.*s\n", count, count, bytes);
    printf("read %s\n", why(read(one, bytes, 1)));
    struct ucred who;
    length = sizeof who;
    printf("who %s", why(getsockopt(one, SOL_SOCKET, SO_PEERCRED, &who, &length)));
    printf(" %d %d %d\n", who.pid == getpid(), who.uid == geteuid(), who.gid == getegid());
    printf("half %s\n", why(shutdown(client, SHUT_WR)));
    printf("poll %x %x\n", events(client), events(one));
    printf("end %d\n", (int) read(one, bytes, 1));
    printf("back %d", (int) write(one, "back", 4));
    printf(" %d\n", (int) read(client, bytes, sizeof bytes));
    signal(SIGPIPE, broken);
    printf("pipe %s", why(write(client, "x", 1)));
    printf(" %d\n", pipes);
    printf("pipe %s", why(send(client, "x", 1, MSG_NOSIGNAL)));
    printf(" %d\n", pipes);
    close(client);
    printf("poll %x\n", events(one));
    close(one);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    joined(client, "server");
    one = accept(server, 0, 0);
    write(client, "unread", 6);
    close(one);
    printf("reset poll %x\n", events(client));
    printf("reset %s", why(read(client, bytes, 9)));
    printf(", %s\n", why(read(client, bytes, 9)));
    close(client);
    printf("gone %s\n", why(unlink("server")));
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    printf("gone %s\n", why(joined(client, "server")));
    int other = bound(SOCK_STREAM, "server");
    close(other);
    printf("closed %s\n", why(joined(client, "server")));
    unlink("server");
    struct timeval time = {0, 30000};
    setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    printf("accept in time %s\n", why(accept(server, 0, 0)));
    fcntl(server, F_SETFL, O_RDWR | O_NONBLOCK);
    printf("accept at once %s\n", why(accept(server, 0, 0)));
    printf("not listening %s\n", why(accept(socket(AF_UNIX, SOCK_STREAM, 0), 0, 0)));
}

static void messages(void) {
    int server = bound(SOCK_DGRAM, "inbox");
    int client = bound(SOCK_DGRAM, "@abstract-of-the-test");
    int nameless = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un address, from;
    socklen_t length = name(&address, "inbox");
    printf("send %d\n", (int) sendto(client, "one", 3, 0, (struct sockaddr *) &address, length));
    printf("send %d\n", (int) sendto(nameless, "three", 5, 0, (struct sockaddr *) &address, length));
    char bytes[1000];
    for (int i = 0; i < 2; i++) {
        socklen_t room = sizeof from;
        memset(&from, 0, sizeof from);
        int count = recvfrom(server, bytes, sizeof bytes, 0, (struct sockaddr *) &from, &room);
        printf("%d ", count);
        show("from", 0, &from, room);
    }
    printf("no target %s\n", why(send(client, "x", 1, 0)));
    printf("connect %s\n", why(joined(client, "inbox")));
    names(client);
    printf("send %d\n", (int) send(client, "connected", 9, 0));
    printf("recv %d\n", (int) recv(server, bytes, sizeof bytes, 0));
    joined(server, "@abstract-of-the-test");
    printf("not yours %s\n", why(sendto(nameless, "x", 1, 0, (struct sockaddr *) &address, length)));
    static char big[300000];
    printf("too big %s\n", why(send(client, big, sizeof big, 0)));
    struct msghdr header = {0};
    struct iovec room[] = {{bytes, 2}, {bytes + 100, 2}};
    header.msg_iov = room;
    header.msg_iovlen = 2;
    send(client, "abcdefg", 7, 0);
    printf("cut %d", (int) recvmsg(server, &header, 0));
    printf(" %x %.2s %.2s\n", header.msg_flags, bytes, bytes + 100);
    close(server);
    printf("closed %s", why(send(client, "x", 1, 0)));
    printf(", %s\n", why(send(client, "x", 1, 0)));
    name(&address, "inbox");
    printf("stale %s\n", why(sendto(nameless, "x", 1, 0, (struct sockaddr *) &address, length)));
    unlink("inbox");
    printf("none %s\n", why(sendto(nameless, "x", 1, 0, (struct sockaddr *) &address, length)));
    struct sockaddr none = {AF_UNSPEC, {0}};
    printf("apart %s", why(connect(client, &none, sizeof none)));
    printf(" %s\n", why(send(client, "x", 1, 0)));
    int automatic = socket(AF_UNIX, SOCK_DGRAM, 0);
    address.sun_family = AF_UNIX;
    printf("automatic %s", why(bind(automatic, (struct sockaddr *) &address, 2)));
    length = sizeof from;
    getsockname(automatic, (struct sockaddr *) &from, &length);
    printf(" %d %d\n", (int) length, from.sun_path[0]);
    printf("bad length %s\n", why(bind(nameless, (struct sockaddr *) &address, 1)));
    address.sun_family = 77;
    printf("bad family %s\n", why(bind(nameless, (struct sockaddr *) &address, 9)));
    printf("listen %s\n", why(listen(client, 1)));
    int two[2];
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, two);
    printf("records %d", (int) send(two[0], "first", 5, 0));
    printf(" %d\n", (int) send(two[0], "second", 6, 0));
    header.msg_iovlen = 1;
    printf("cut %d", (int) recvmsg(two[1], &header, 0));
    printf(" %x\n", header.msg_flags & MSG_TRUNC);
    printf("next %d\n", (int) recv(two[1], bytes, sizeof bytes, 0));
}

static int pass(int to, int *fds, int count, const char *text) {
    union { char bytes[CMSG_SPACE(8 * sizeof(int))]; struct cmsghdr align; } control;
    memset(&control, 0, sizeof control);
    struct iovec data = {(void *) text, strlen(text)};
    struct msghdr header = {0};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = &control;
    header.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *message = CMSG_FIRSTHDR(&header);
    message->cmsg_level = SOL_SOCKET;
    message->cmsg_type = SCM_RIGHTS;
    message->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(message), fds, count * sizeof(int));
    return sendmsg(to, &header, 0);
}

static int take(int from, int *fds, int most, int flags, char *bytes, int size) {
    union { char bytes[CMSG_SPACE(8 * sizeof(int))]; struct cmsghdr align; } control;
    memset(&control, 0, sizeof control);
    struct iovec data = {bytes, size};
    struct msghdr header = {0};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = most ? &control : 0;
    header.msg_controllen = most ? CMSG_SPACE(most * sizeof(int)) : 0;
    int count = recvmsg(from, &header, flags);
    int got = 0;
    for (struct cmsghdr *m = CMSG_FIRSTHDR(&header); m; m = CMSG_NXTHDR(&header, m)) {
        if (m->cmsg_level == SOL_SOCKET && m->cmsg_type == SCM_RIGHTS) {
            got = (m->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(m), got * sizeof(int));
        } else if (m->cmsg_level == SOL_SOCKET && m->cmsg_type == SCM_CREDENTIALS) {
            struct ucred who;
            memcpy(&who, CMSG_DATA(m), sizeof who);
            printf("credentials %d %d %d, ", who.pid == getpid() || who.pid == fds[0], who.uid == geteuid(),
                   who.gid == getegid());
        }
    }
    printf("%d bytes, %d files, flags %x\n", count, got, header.msg_flags & ~MSG_CMSG_CLOEXEC);
    return got;
}

static void hands(void) {
    int two[2], ends[2], fds[8];
    char bytes[100];
    socketpair(AF_UNIX, SOCK_STREAM, 0, two);
    pipe(ends);
    printf("pass %d\n", pass(two[0], ends, 2, "two"));
    close(ends[0]);
    close(ends[1]);
    write(two[0], "behind", 6);
    int got = take(two[1], fds, 8, MSG_CMSG_CLOEXEC, bytes, sizeof bytes);
    printf("cloexec %d\n", fcntl(fds[0], F_GETFD));
    if (got == 2) {
        write(fds[1], "through", 7);
        printf("works %d\n", (int) read(fds[0], bytes, sizeof bytes));
    }
    printf("rest %d\n", (int) read(two[1], bytes, sizeof bytes));
    pass(two[0], fds, 2, "few");
    int more[8];
    take(two[1], more, 1, 0, bytes, sizeof bytes);
    pass(two[0], fds, 2, "none");
    take(two[1], more, 0, 0, bytes, sizeof bytes);
    pass(two[0], fds, 2, "read");
    printf("read %d\n", (int) read(two[1], bytes, sizeof bytes));
    fds[0] = 77;
    printf("bad %s\n", why(pass(two[0], fds, 1, "bad")));
    fds[0] = two[0];
    printf("itself %d\n", pass(two[0], fds, 1, "self"));
    printf("itself %d\n", take(two[1], more, 8, 0, bytes, sizeof bytes));
    printf("itself %d", (int) write(more[0], "x", 1));
    printf(" %d\n", (int) read(two[1], bytes, 9));
    fflush(stdout);
    int child = fork();
    if (child == 0) {
        int file = open("handed", O_RDWR | O_CREAT, 0600);
        write(file, "from the child", 14);
        pass(two[0], &file, 1, "file");
        _exit(0);
    }
    waitpid(child, 0, 0);
    take(two[1], fds, 8, 0, bytes, sizeof bytes);
    int count = pread(fds[0], bytes, sizeof bytes, 0);
    printf("handed %d %.*s\n", count, count, bytes);
    unlink("handed");
    int on = 1;
    printf("credentials %s\n", why(setsockopt(two[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on)));
    write(two[0], "me", 2);
    take(two[1], fds, 8, 0, bytes, sizeof bytes);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        write(two[0], "child", 5);
        _exit(0);
    }
    waitpid(child, 0, 0);
    fds[0] = child;
    take(two[1], fds, 8, 0, bytes, sizeof bytes);
    socketpair(AF_UNIX, SOCK_DGRAM, 0, two);
    pipe(ends);
    pass(two[0], ends, 2, "message");
    take(two[1], fds, 8, 0, bytes, 3);
    close(ends[0]);
    close(ends[1]);
    close(fds[0]);
    printf("reader gone %x\n", events(fds[1]) & POLLERR);
    pipe(ends);
    pass(two[0], ends + 1, 1, "writer");
    close(ends[1]);
    printf("in flight %x\n", events(ends[0]));
    close(two[0]);
    close(two[1]);
    printf("never taken %x\n", events(ends[0]));
}

static void waits(void) {
    int two[2];
    char bytes[100];
    signal(SIGPIPE, none);
    socketpair(AF_UNIX, SOCK_STREAM, 0, two);
    fflush(stdout);
    int first = fork();
    if (first == 0) {
        usleep(30000);
        write(two[0], "a", 1);
        usleep(30000);
        write(two[0], "bc", 2);
        usleep(30000);
        shutdown(two[0], SHUT_WR);
        pause();
    }
    printf("all %d", (int) recv(two[1], bytes, 3, MSG_WAITALL));
    printf(" %.3s\n", bytes);
    printf("end %d\n", (int) recv(two[1], bytes, 3, MSG_WAITALL));
    struct timeval time = {0, 20000};
    setsockopt(two[1], SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    static char big[100000];
    long part;
    while ((part = write(two[1], big, sizeof big)) > 0);
    printf("full %s\n", why(part));
    kill(first, SIGKILL);
    socketpair(AF_UNIX, SOCK_STREAM, 0, two);
    setsockopt(two[1], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    printf("time %s\n", why(read(two[1], bytes, 1)));
    struct sigaction action = {0};
    action.sa_handler = none;
    sigaction(SIGALRM, &action, 0);
    struct itimerval soon = {{0, 0}, {0, 30000}};
    setitimer(ITIMER_REAL, &soon, 0);
    time.tv_usec = 0;
    setsockopt(two[1], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    printf("signal %s\n", why(read(two[1], bytes, 1)));
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, 0);
    fflush(stdout);
    if (fork() == 0) {
        usleep(100000);
        write(two[0], "r", 1);
        _exit(0);
    }
    setitimer(ITIMER_REAL, &soon, 0);
    printf("restarted %d\n", (int) read(two[1], bytes, 1));
    time.tv_sec = 5;
    setsockopt(two[1], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setitimer(ITIMER_REAL, &soon, 0);
    printf("not with a time %s\n", why(read(two[1], bytes, 1)));
    int server = bound(SOCK_STREAM, "@waits-of-the-test");
    listen(server, 5);
    fflush(stdout);
    first = fork();
    if (first == 0) {
        usleep(30000);
        int client = socket(AF_UNIX, SOCK_STREAM, 0);
        joined(client, "@waits-of-the-test");
        write(client, "hello", 5);
        pause();
    }
    int one = accept(server, 0, 0);
    printf("accepted %d", one >= 0);
    printf(" %d\n", (int) read(one, bytes, sizeof bytes));
    int group = epoll_create1(0);
    struct epoll_event event = {EPOLLIN | EPOLLRDHUP | EPOLLET, {.fd = two[1]}};
    epoll_ctl(group, EPOLL_CTL_ADD, two[1], &event);
    printf("epoll %d\n", epoll_wait(group, &event, 1, 0));
    write(two[0], "x", 1);
    printf("epoll %d", epoll_wait(group, &event, 1, 1000));
    printf(" %x\n", event.events);
    printf("edge %d\n", epoll_wait(group, &event, 1, 0));
    write(two[0], "x", 1);
    printf("edge %d\n", epoll_wait(group, &event, 1, 0));
    close(two[0]);
    printf("closed %d", epoll_wait(group, &event, 1, 1000));
    printf(" %x\n", event.events);
    fd_set in;
    FD_ZERO(&in);
    FD_SET(server, &in);
    struct timeval now = {0, 0};
    printf("select %d\n", select(server + 1, &in, 0, 0, &now));
    kill(first, SIGKILL);
    while (wait(0) > 0);
}

static void many(void) {
    int server = bound(SOCK_STREAM, "@many-of-the-test");
    listen(server, 100);
    fflush(stdout);
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            for (int j = 0; j < 50; j++) {
                int client = socket(AF_UNIX, SOCK_STREAM, 0);
                if (joined(client, "@many-of-the-test")) _exit(1);
                char text[20];
                int length = sprintf(text, "%d", i * 1000 + j);
                write(client, text, length);
                shutdown(client, SHUT_WR);
                char answer[20];
                if (recv(client, answer, sizeof answer, MSG_WAITALL) != length + 1) _exit(2);
                close(client);
            }
            _exit(0);
        }
    }
    long sum = 0;
    for (int i = 0; i < 200; i++) {
        int one = accept(server, 0, 0);
        char text[20] = "";
        int length = recv(one, text, sizeof text, MSG_WAITALL);
        sum += atol(text);
        text[length] = '!';
        write(one, text, length + 1);
        close(one);
    }
    int status, bad = 0;
    while (wait(&status) > 0) bad += status != 0;
    printf("%ld %d\n", sum, bad);
    int two[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, two);
    if (fork() == 0) {
        static char block[30000];
        unsigned value = 1;
        for (int i = 0; i < 100; i++) {
            for (unsigned j = 0; j < sizeof block; j++) block[j] = (value = value * 1103515245 + 12345) >> 16;
            write(two[0], block, sizeof block);
        }
        _exit(0);
    }
    close(two[0]);
    unsigned value = 1, wrong = 0;
    long total = 0;
    unsigned char some[7777];
    int count;
    while ((count = read(two[1], some, sizeof some)) > 0) {
        for (int j = 0; j < count; j++) wrong += some[j] != (unsigned char) ((value = value * 1103515245 + 12345) >> 16);
        total += count;
    }
    wait(0);
    printf("%ld %u\n", total, wrong);
}

int main(int argc, char **argv) {
    setvbuf(stdout, 0, _IOLBF, 4096);
    char folder[] = "/tmp/sock-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder)) return 9;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "pairs")) pairs();
        if (!strcmp(argv[i], "streams")) streams();
        if (!strcmp(argv[i], "messages")) messages();
        if (!strcmp(argv[i], "hands")) hands();
        if (!strcmp(argv[i], "many")) many();
        if (!strcmp(argv[i], "waits")) waits();
    }
    rmdir(folder);
    return 0;
}
