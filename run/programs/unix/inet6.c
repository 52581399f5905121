/* Sockets of IPv6 on the loopback interface, alone and with IPv4 beside. inet6 TEST... */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *why(long result) { return result < 0 ? strerror(errno) : "no error"; }

static struct sockaddr_in6 at(const char *address, int port) {
    struct sockaddr_in6 it = {0};
    it.sin6_family = AF_INET6;
    inet_pton(AF_INET6, address, &it.sin6_addr);
    it.sin6_port = htons(port);
    return it;
}

static int bound(int type, const char *address, int port, int only) {
    int fd = socket(AF_INET6, type, 0);
    struct sockaddr_in6 it = at(address, port);
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    if (bind(fd, (struct sockaddr *) &it, sizeof it)) {
        printf("bind %s: %s\n", address, why(-1));
        close(fd);
        return -1;
    }
    return fd;
}

static int bound4(int type, int port) {
    int fd = socket(AF_INET, type, 0);
    struct sockaddr_in it = {0};
    it.sin_family = AF_INET;
    it.sin_port = htons(port);
    if (bind(fd, (struct sockaddr *) &it, sizeof it)) {
        printf("bind of IPv4: %s\n", why(-1));
        close(fd);
        return -1;
    }
    return fd;
}

static int port(int fd) {
    struct sockaddr_in6 it;
    socklen_t length = sizeof it;
    return getsockname(fd, (struct sockaddr *) &it, &length) ? -1 : ntohs(it.sin6_port);
}

static int to(int fd, const char *address, int number) {
    struct sockaddr_in6 it = at(address, number);
    return connect(fd, (struct sockaddr *) &it, sizeof it);
}

static int to4(int fd, int number) {
    struct sockaddr_in it = {0};
    it.sin_family = AF_INET;
    it.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    it.sin_port = htons(number);
    return connect(fd, (struct sockaddr *) &it, sizeof it);
}

static void show(const char *what, struct sockaddr_in6 *it, socklen_t length) {
    char text[64] = "?";
    inet_ntop(AF_INET6, &it->sin6_addr, text, sizeof text);
    printf("%s family %d length %d address %s scope %d\n", what, it->sin6_family, (int) length, text,
           (int) it->sin6_scope_id);
}

static int number(int fd, int level, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, name, &value, &length) ? -errno : value;
}

static void talk(int server, int client) {
    struct sockaddr_in6 it;
    socklen_t length = sizeof it;
    char bytes[10];
    int one = accept(server, (struct sockaddr *) &it, &length);
    show("from", &it, length);
    length = sizeof it;
    getsockname(one, (struct sockaddr *) &it, &length);
    show("at", &it, length);
    printf("write %zd\n", write(client, "hello", 5));
    printf("read %zd\n", read(one, bytes, sizeof bytes));
    close(client);
    printf("end %zd\n", read(one, bytes, sizeof bytes));
    close(one);
}

static void streams(void) {
    int server = bound(SOCK_STREAM, "::1", 0, 0);
    printf("listen %s\n", why(listen(server, 5)));
    int client = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 it;
    socklen_t length = sizeof it;
    getsockname(client, (struct sockaddr *) &it, &length);
    show("fresh", &it, length);
    printf("connect %s\n", why(to(client, "::1", port(server))));
    talk(server, client);
    client = socket(AF_INET, SOCK_STREAM, 0);
    printf("by IPv4 %s\n", why(to4(client, port(server))));
    close(client);
    client = socket(AF_INET6, SOCK_STREAM, 0);
    printf("to none %s\n", why(to(client, "::", port(server))));
    talk(server, client);
    close(server);
    client = socket(AF_INET6, SOCK_STREAM, 0);
    printf("nobody %s\n", why(to(client, "::1", 9)));
    close(client);
}

static void both(void) {
    int server = bound(SOCK_STREAM, "::", 0, 0);
    int where = port(server);
    listen(server, 5);
    int client = socket(AF_INET6, SOCK_STREAM, 0);
    printf("six %s\n", why(to(client, "::1", where)));
    talk(server, client);
    client = socket(AF_INET, SOCK_STREAM, 0);
    printf("four %s\n", why(to4(client, where)));
    talk(server, client);
    client = socket(AF_INET6, SOCK_STREAM, 0);
    printf("mapped %s\n", why(to(client, "::ffff:127.0.0.1", where)));
    struct sockaddr_in6 it;
    socklen_t length = sizeof it;
    getpeername(client, (struct sockaddr *) &it, &length);
    show("peer", &it, length);
    talk(server, client);
    printf("beside %d\n", bound4(SOCK_STREAM, where));
    close(server);
    server = bound(SOCK_STREAM, "::", 0, 1);
    where = port(server);
    listen(server, 5);
    int four = bound4(SOCK_STREAM, where);
    printf("beside %d\n", four >= 0);
    client = socket(AF_INET, SOCK_STREAM, 0);
    printf("four alone %s\n", why(to4(client, where)));
    close(client);
    client = socket(AF_INET6, SOCK_STREAM, 0);
    int yes = 1;
    setsockopt(client, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    printf("mapped %s\n", why(to(client, "::ffff:127.0.0.1", where)));
    printf("mapped bind %d\n", bound(SOCK_STREAM, "::ffff:127.0.0.1", 0, 1));
    close(client);
    close(four);
    close(server);
}

static void datagrams(void) {
    int a = bound(SOCK_DGRAM, "::1", 0, 0), b = bound(SOCK_DGRAM, "::", 0, 0);
    struct sockaddr_in6 it = at("::1", port(a)), from;
    socklen_t length = sizeof from;
    char bytes[20];
    printf("send %zd\n", sendto(b, "one", 3, 0, (struct sockaddr *) &it, sizeof it));
    printf("receive %zd\n", recvfrom(a, bytes, sizeof bytes, 0, (struct sockaddr *) &from, &length));
    show("from", &from, length);
    printf("port %d\n", ntohs(from.sin6_port) == port(b));
    int four = socket(AF_INET, SOCK_DGRAM, 0);
    printf("connect %s\n", why(to4(four, port(b))));
    printf("send %zd\n", send(four, "four", 4, 0));
    length = sizeof from;
    printf("receive %zd\n", recvfrom(b, bytes, sizeof bytes, 0, (struct sockaddr *) &from, &length));
    show("from", &from, length);
    printf("answer %zd\n", sendto(b, "back!", 5, 0, (struct sockaddr *) &from, length));
    printf("receive %zd\n", recv(four, bytes, sizeof bytes, 0));
    int c = socket(AF_INET6, SOCK_DGRAM, 0);
    printf("connect %s\n", why(to(c, "::1", 9)));
    send(c, "x", 1, 0);
    struct pollfd one = {c, POLLIN, 0};
    poll(&one, 1, 2000);
    printf("nobody %s\n", why(recv(c, bytes, sizeof bytes, 0)));
    struct sockaddr short_one = {0};
    short_one.sa_family = AF_INET6;
    printf("short %s\n", why(connect(c, &short_one, 16)));
}

static void options(void) {
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    printf("domain %d only %d hops %d\n", number(fd, SOL_SOCKET, SO_DOMAIN), number(fd, IPPROTO_IPV6, IPV6_V6ONLY),
           number(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS));
    int yes = 1;
    printf("only %s\n", why(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes)));
    printf("is %d\n", number(fd, IPPROTO_IPV6, IPV6_V6ONLY));
    struct sockaddr_in6 it = at("::1", 0);
    bind(fd, (struct sockaddr *) &it, sizeof it);
    printf("late %s\n", why(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes)));
    printf("nodelay %s\n", why(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes)));
    fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in four = {0};
    four.sin_family = AF_INET;
    printf("bind %s\n", why(bind(fd, (struct sockaddr *) &four, sizeof four)));
    it = at("2001:db8::77", 0);
    printf("not ours %s\n", why(bind(fd, (struct sockaddr *) &it, sizeof it)));
    fd = socket(AF_INET, SOCK_STREAM, 0);
    it = at("::1", 80);
    printf("of IPv4 %s\n", why(connect(fd, (struct sockaddr *) &it, sizeof it)));
}

int main(int argc, char **argv) {
    setvbuf(stdout, 0, _IOLBF, 4096);
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "streams")) streams();
        if (!strcmp(argv[i], "both")) both();
        if (!strcmp(argv[i], "datagrams")) datagrams();
        if (!strcmp(argv[i], "options")) options();
    }
    return 0;
}
