/* Sockets of the Internet's family on the loopback interface: TCP, UDP, waiting, options, errors. inet TEST... */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *why(long result) { return result < 0 ? strerror(errno) : "no error"; }
static void none(int signal) { (void) signal; }
static volatile int pipes;
static void broken(int signal) { (void) signal; pipes++; }

static struct sockaddr_in at(unsigned address, int port) {
    struct sockaddr_in it = {0};
    it.sin_family = AF_INET;
    it.sin_addr.s_addr = htonl(address);
    it.sin_port = htons(port);
    return it;
}

static int bound(int type) {
    int fd = socket(AF_INET, type, 0);
    struct sockaddr_in it = at(INADDR_LOOPBACK, 0);
    if (bind(fd, (struct sockaddr *) &it, sizeof it)) printf("bind: %s\n", why(-1));
    return fd;
}

static int port(int fd) {
    struct sockaddr_in it;
    socklen_t length = sizeof it;
    if (getsockname(fd, (struct sockaddr *) &it, &length)) return -1;
    return ntohs(it.sin_port);
}

static int to(int fd, int number) {
    struct sockaddr_in it = at(INADDR_LOOPBACK, number);
    return connect(fd, (struct sockaddr *) &it, sizeof it);
}

static int events(int fd) {
    struct pollfd one = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&one, 1, 0);
    return one.revents;
}

static int later(int fd, int wanted, int time) {
    struct pollfd one = {fd, wanted, 0};
    int ready = poll(&one, 1, time);
    return ready > 0 ? one.revents : -1;
}

static int number(int fd, int level, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    if (getsockopt(fd, level, name, &value, &length)) return -errno;
    return value;
}

static void streams(void) {
    struct sockaddr_in it;
    socklen_t length = sizeof it;
    char bytes[200];
    int server = bound(SOCK_STREAM);
    printf("port %d\n", port(server) > 1023);
    printf("fresh %x %x\n", events(server), events(socket(AF_INET, SOCK_STREAM, 0)));
    int client = socket(AF_INET, SOCK_STREAM, 0);
    printf("nobody %s\n", why(to(client, port(server))));
    printf("listen %s\n", why(listen(server, 5)));
    printf("poll %x %d\n", events(server), number(server, SOL_SOCKET, SO_ACCEPTCONN));
    int second = socket(AF_INET, SOCK_STREAM, 0);
    it = at(INADDR_LOOPBACK, port(server));
    printf("taken %s\n", why(bind(second, (struct sockaddr *) &it, sizeof it)));
    it = at(0x01020304, 0);
    printf("not ours %s\n", why(bind(second, (struct sockaddr *) &it, sizeof it)));
    printf("short %s\n", why(bind(second, (struct sockaddr *) &it, 5)));
    it.sin_family = AF_UNIX;
    printf("family %s\n", why(bind(second, (struct sockaddr *) &it, sizeof it)));
    printf("unconnected %s", why(recv(second, bytes, 1, 0)));
    printf(" %s", why(send(second, "x", 1, MSG_NOSIGNAL)));
    printf(" %s\n", why(shutdown(second, SHUT_WR)));
    client = socket(AF_INET, SOCK_STREAM, 0);
    printf("connect %s\n", why(to(client, port(server))));
    printf("again %s\n", why(to(client, port(server))));
    printf("waiting %x\n", later(server, POLLIN, 1000));
    length = sizeof it;
    int one = accept(server, (struct sockaddr *) &it, &length);
    printf("accept %d %d %d %d\n", one >= 0, (int) length, ntohl(it.sin_addr.s_addr) == INADDR_LOOPBACK,
           ntohs(it.sin_port) == port(client));
    length = sizeof it;
    getpeername(client, (struct sockaddr *) &it, &length);
    printf("peer %d\n", ntohs(it.sin_port) == port(server) && port(one) == port(server));
    printf("idle %x %x\n", events(client), events(one));
    printf("now %s\n", why(recv(one, bytes, 1, MSG_DONTWAIT)));
    printf("send %d\n", (int) send(client, "hello, world", 12, 0));
    printf("readable %x\n", later(one, POLLIN, 1000));
    int count;
    ioctl(one, FIONREAD, &count);
    printf("available %d\n", count);
    printf("peek %d", (int) recv(one, bytes, 5, MSG_PEEK));
    printf(" %.5s\n", bytes);
    count = read(one, bytes, 7);
    printf("read %d %.*s\n", count, count, bytes);
    count = read(one, bytes, sizeof bytes);
    printf("read %d %.*s\n", count, count, bytes);
    struct msghdr header = {0};
    struct iovec parts[] = {{"one ", 4}, {"two ", 4}, {"three", 5}};
    header.msg_iov = parts;
    header.msg_iovlen = 3;
    printf("sendmsg %d\n", (int) sendmsg(one, &header, 0));
    printf("all %d", (int) recv(client, bytes, 13, MSG_WAITALL));
    printf(" %.13s\n", bytes);
    printf("half %s\n", why(shutdown(client, SHUT_WR)));
    printf("end %x", later(one, POLLIN | POLLRDHUP, 1000));
    printf(" %d %x\n", (int) read(one, bytes, 1), events(client));
    printf("back %d", (int) write(one, "back", 4));
    printf(" %d\n", (int) read(client, bytes, sizeof bytes));
    signal(SIGPIPE, broken);
    printf("pipe %s", why(write(client, "x", 1)));
    printf(" %d\n", pipes);
    printf("pipe %s", why(send(client, "x", 1, MSG_NOSIGNAL)));
    printf(" %d\n", pipes);
    close(one);
    printf("over %x", later(client, POLLHUP | POLLRDHUP, 1000) & (POLLHUP | POLLRDHUP));
    printf(" %d\n", (int) read(client, bytes, 9));
    close(client);
    client = socket(AF_INET, SOCK_STREAM, 0);
    to(client, port(server));
    one = accept(server, 0, 0);
    struct linger now = {1, 0};
    setsockopt(one, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(one);
    printf("reset %x", later(client, POLLIN, 1000));
    printf(" %s", why(read(client, bytes, 1)));
    printf(" %d\n", (int) read(client, bytes, 1));
    close(client);
    client = socket(AF_INET, SOCK_STREAM, 0);
    to(client, port(server));
    one = accept(server, 0, 0);
    setsockopt(one, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(one);
    later(client, POLLERR, 1000);
    printf("error %d", number(client, SOL_SOCKET, SO_ERROR) > 0);
    printf(" %d\n", number(client, SOL_SOCKET, SO_ERROR));
    close(server);
    client = socket(AF_INET, SOCK_STREAM, 0);
    printf("listens without an address %s", why(listen(client, 1)));
    printf(" %d\n", port(client) > 1023);
}

static void begins(void) {
    int server = bound(SOCK_STREAM);
    listen(server, 5);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (!(fcntl(client, F_GETFL) & O_NONBLOCK)) fcntl(client, F_SETFL, O_NONBLOCK);
    printf("begin %s\n", why(to(client, port(server))));
    printf("done %x", later(client, POLLOUT, 1000));
    printf(" %d\n", number(client, SOL_SOCKET, SO_ERROR));
    printf("again %s\n", why(to(client, port(server))));
    int gone = bound(SOCK_STREAM), free = port(gone);
    close(gone);
    client = socket(AF_INET, SOCK_STREAM, 0);
    fcntl(client, F_SETFL, O_NONBLOCK);
    printf("begin %s\n", why(to(client, free)));
    printf("failed %x", later(client, POLLOUT, 1000));
    printf(" %d", number(client, SOL_SOCKET, SO_ERROR) > 0);
    printf(" %d\n", number(client, SOL_SOCKET, SO_ERROR));
    fcntl(server, F_SETFL, O_NONBLOCK);
    accept(server, 0, 0);
    printf("none %s\n", why(accept(server, 0, 0)));
    int group = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {.fd = server}};
    epoll_ctl(group, EPOLL_CTL_ADD, server, &event);
    printf("epoll %d\n", epoll_wait(group, &event, 1, 0));
    fflush(stdout);
    if (fork() == 0) {
        usleep(30000);
        int mine = socket(AF_INET, SOCK_STREAM, 0);
        to(mine, port(server));
        write(mine, "child", 5);
        _exit(0);
    }
    printf("epoll %d", epoll_wait(group, &event, 1, 2000));
    printf(" %x\n", event.events);
    int one = accept(server, 0, 0);
    char bytes[20];
    printf("all %d", (int) recv(one, bytes, 20, MSG_WAITALL));
    printf(" %.5s\n", bytes);
    wait(0);
    struct timeval time = {0, 30000};
    client = socket(AF_INET, SOCK_STREAM, 0);
    to(client, port(server));
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    printf("time %s\n", why(read(client, bytes, 1)));
    struct sigaction action = {0};
    action.sa_handler = none;
    sigaction(SIGALRM, &action, 0);
    struct itimerval soon = {{0, 0}, {0, 30000}};
    time.tv_usec = 0;
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    setitimer(ITIMER_REAL, &soon, 0);
    printf("signal %s\n", why(read(client, bytes, 1)));
    fcntl(server, F_SETFL, 0);
    accept(server, 0, 0);
    setitimer(ITIMER_REAL, &soon, 0);
    printf("signal %s\n", why(accept(server, 0, 0)));
}

static void datagrams(void) {
    int server = bound(SOCK_DGRAM), client = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in it = at(INADDR_LOOPBACK, port(server)), from;
    socklen_t length = sizeof from;
    char bytes[100];
    printf("unconnected %s\n", why(send(client, "x", 1, 0)));
    printf("fresh %x\n", events(client));
    printf("send %d\n", (int) sendto(client, "datagram", 8, 0, (struct sockaddr *) &it, sizeof it));
    printf("come %x\n", later(server, POLLIN, 1000));
    int count;
    ioctl(server, FIONREAD, &count);
    printf("available %d\n", count);
    count = recvfrom(server, bytes, sizeof bytes, 0, (struct sockaddr *) &from, &length);
    printf("from %d %d %d %.8s\n", count, (int) length, ntohs(from.sin_port) == port(client), bytes);
    sendto(server, "answer", 6, 0, (struct sockaddr *) &from, length);
    printf("cut %d\n", (int) recv(client, bytes, 3, MSG_TRUNC));
    printf("gone %s\n", why(recv(client, bytes, 3, MSG_DONTWAIT)));
    sendto(client, "", 0, 0, (struct sockaddr *) &it, sizeof it);
    printf("empty %d\n", (int) recv(server, bytes, 3, 0));
    printf("connect %s\n", why(connect(client, (struct sockaddr *) &it, sizeof it)));
    length = sizeof from;
    printf("peer %s", why(getpeername(client, (struct sockaddr *) &from, &length)));
    printf(" %d\n", ntohs(from.sin_port) == port(server));
    length = sizeof from;
    getsockname(client, (struct sockaddr *) &from, &length);
    printf("own %x\n", ntohl(from.sin_addr.s_addr));
    int stranger = bound(SOCK_DGRAM);
    it = at(INADDR_LOOPBACK, port(client));
    sendto(stranger, "no", 2, 0, (struct sockaddr *) &it, sizeof it);
    printf("only from there %s\n", why(recv(client, bytes, 3, MSG_DONTWAIT)));
    static char big[70000];
    printf("too big %s\n", why(send(client, big, 70000, 0)));
    printf("big %d", (int) send(client, big, 60000, 0));
    printf(" %d\n", (int) recv(server, big, sizeof big, 0));
    close(server);
    printf("into nothing %d\n", (int) send(client, "x", 1, 0));
    printf("told %x", later(client, POLLIN, 1000) & (POLLIN | POLLERR));
    printf(" %s", why(recv(client, bytes, 3, MSG_DONTWAIT)));
    printf(" %s\n", why(recv(client, bytes, 3, MSG_DONTWAIT)));
    struct sockaddr nobody = {AF_UNSPEC, {0}};
    printf("apart %s", why(connect(client, &nobody, sizeof nobody)));
    printf(" %s\n", why(send(client, "x", 1, 0)));
    it = at(INADDR_LOOPBACK, port(stranger));
    int second = socket(AF_INET, SOCK_DGRAM, 0);
    printf("taken %s\n", why(bind(second, (struct sockaddr *) &it, sizeof it)));
    printf("listen %s\n", why(listen(second, 1)));
    it = at(0xFFFFFFFF, 9);
    printf("everybody %s\n", why(sendto(second, "x", 1, 0, (struct sockaddr *) &it, sizeof it)));
    struct mmsghdr both[2] = {0};
    struct iovec parts[] = {{"first", 5}, {"second", 6}};
    it = at(INADDR_LOOPBACK, port(stranger));
    for (int i = 0; i < 2; i++) {
        both[i].msg_hdr.msg_name = &it;
        both[i].msg_hdr.msg_namelen = sizeof it;
        both[i].msg_hdr.msg_iov = parts + i;
        both[i].msg_hdr.msg_iovlen = 1;
    }
    printf("many %d", sendmmsg(second, both, 2, 0));
    printf(" %d %d\n", both[0].msg_len, both[1].msg_len);
    char room[2][20];
    struct iovec rooms[] = {{room[0], 20}, {room[1], 20}};
    for (int i = 0; i < 2; i++) {
        memset(&both[i], 0, sizeof both[i]);
        both[i].msg_hdr.msg_iov = rooms + i;
        both[i].msg_hdr.msg_iovlen = 1;
    }
    printf("many %d", recvmmsg(stranger, both, 2, 0, 0));
    printf(" %d %d %.5s %.6s\n", both[0].msg_len, both[1].msg_len, room[0], room[1]);
}

static void options(void) {
    int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
    int names[] = {SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_DONTROUTE, SO_PRIORITY};
    for (int i = 0; i < 6; i++) {
        printf("%d: %d", i, number(tcp, SOL_SOCKET, names[i]));
        printf(" %s", why(setsockopt(tcp, SOL_SOCKET, names[i], &one, sizeof one)));
        printf(" %d\n", number(tcp, SOL_SOCKET, names[i]));
    }
    printf("type %d %d, protocol %d %d, domain %d\n", number(tcp, SOL_SOCKET, SO_TYPE), number(udp, SOL_SOCKET, SO_TYPE),
           number(tcp, SOL_SOCKET, SO_PROTOCOL), number(udp, SOL_SOCKET, SO_PROTOCOL), number(udp, SOL_SOCKET, SO_DOMAIN));
    printf("delay %d", number(tcp, IPPROTO_TCP, TCP_NODELAY));
    printf(" %s", why(setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one)));
    printf(" %d\n", number(tcp, IPPROTO_TCP, TCP_NODELAY));
    printf("ttl %d\n", number(udp, IPPROTO_IP, IP_TTL));
    int size = 50000;
    setsockopt(tcp, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    printf("buffer %d\n", number(tcp, SOL_SOCKET, SO_RCVBUF));
    struct timeval time = {3, 500000};
    socklen_t length = sizeof time;
    printf("time %s", why(setsockopt(tcp, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time)));
    memset(&time, 0, sizeof time);
    getsockopt(tcp, SOL_SOCKET, SO_RCVTIMEO, &time, &length);
    printf(" %ld %ld %d\n", (long) time.tv_sec, (long) time.tv_usec / 10000, (int) length);
    printf("short %s\n", why(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &one, 1)));
    printf("none %s\n", why(setsockopt(tcp, IPPROTO_TCP, 4711, &one, sizeof one)));
    printf("raw %d\n", socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) < 0 && errno == EPROTONOSUPPORT);
    printf("type %s\n", why(socket(AF_INET, SOCK_SEQPACKET, 0)));
    struct ifreq request = {0};
    strcpy(request.ifr_name, "lo");
    printf("flags %s", why(ioctl(udp, SIOCGIFFLAGS, &request)));
    printf(" %x\n", request.ifr_flags & (IFF_UP | IFF_LOOPBACK | IFF_RUNNING));
    printf("address %s", why(ioctl(udp, SIOCGIFADDR, &request)));
    printf(" %s", inet_ntoa(((struct sockaddr_in *) &request.ifr_addr)->sin_addr));
    ioctl(udp, SIOCGIFNETMASK, &request);
    printf(" %s\n", inet_ntoa(((struct sockaddr_in *) &request.ifr_addr)->sin_addr));
    printf("index %d\n", (int) if_nametoindex("lo"));
    strcpy(request.ifr_name, "none0");
    printf("none %s\n", why(ioctl(udp, SIOCGIFADDR, &request)));
    struct ifreq all[20];
    struct ifconf list = {sizeof all, {(char *) all}};
    printf("list %s", why(ioctl(udp, SIOCGIFCONF, &list)));
    int found = 0;
    for (unsigned i = 0; i < list.ifc_len / sizeof all[0]; i++) found += !strcmp(all[i].ifr_name, "lo");
    printf(" %d\n", found);
}

static void bulk(void) {
    int server = bound(SOCK_STREAM);
    listen(server, 50);
    int where = port(server);
    fflush(stdout);
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            int fd = socket(AF_INET, SOCK_STREAM, 0);
            if (to(fd, where)) _exit(1);
            static char block[20000];
            unsigned value = i;
            write(fd, &value, 4);
            for (int j = 0; j < 50; j++) {
                for (unsigned k = 0; k < sizeof block; k++) block[k] = (value = value * 1103515245 + 12345) >> 16;
                if (write(fd, block, sizeof block) != sizeof block) _exit(2);
            }
            _exit(0);
        }
    }
    for (int i = 0; i < 3; i++) {
        int fd = accept(server, 0, 0);
        unsigned value, wrong = 0;
        recv(fd, &value, 4, MSG_WAITALL);
        unsigned char some[3333];
        long total = 0;
        int count;
        while ((count = read(fd, some, sizeof some)) > 0) {
            for (int j = 0; j < count; j++) wrong += some[j] != (unsigned char) ((value = value * 1103515245 + 12345) >> 16);
            total += count;
        }
        printf("%ld %u\n", total, wrong);
        close(fd);
    }
    int status, bad = 0;
    while (wait(&status) > 0) bad += status != 0;
    if (fork() == 0) {
        for (int i = 0; i < 100; i++) {
            int fd = socket(AF_INET, SOCK_STREAM, 0);
            char answer;
            if (to(fd, where) || write(fd, "?", 1) != 1 || read(fd, &answer, 1) != 1 || answer != '?') _exit(3);
            close(fd);
        }
        _exit(0);
    }
    for (int i = 0; i < 100; i++) {
        int fd = accept(server, 0, 0);
        char ask;
        if (read(fd, &ask, 1) == 1) write(fd, &ask, 1);
        close(fd);
    }
    while (wait(&status) > 0) bad += status != 0;
    printf("bad %d\n", bad);
}

int main(int argc, char **argv) {
    setvbuf(stdout, 0, _IOLBF, 4096);
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "streams")) streams();
        if (!strcmp(argv[i], "begins")) begins();
        if (!strcmp(argv[i], "datagrams")) datagrams();
        if (!strcmp(argv[i], "options")) options();
        if (!strcmp(argv[i], "bulk")) bulk();
    }
    return 0;
}
