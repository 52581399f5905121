// net udp MS: nanoseconds of a round trip of 16 bytes between two processes over Linux's loopback UDP.
// net connect MS: connections a second between two processes over Linux's loopback, one after the other.
// net tcp MS: Gb/s of one connection between two processes over Linux's loopback TCP.
// net sink PORT SKIP: Gb/s of one connection that comes, from SKIP milliseconds after its first byte to its end.
// net source ADDRESS PORT MS: sends by one connection for so long.
// net plain INTERFACE: switches its offloads off.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int bound(int type, struct sockaddr_in *a) {
    int s = socket(AF_INET, type, 0);
    socklen_t n = sizeof *a;
    memset(a, 0, sizeof *a);
    a->sin_family = AF_INET;
    a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)a, sizeof *a) || getsockname(s, (struct sockaddr *)a, &n)) die("bind");
    return s;
}

static void udp(uint64_t span) {
    struct sockaddr_in a, b;
    int s = bound(SOCK_DGRAM, &a), t = bound(SOCK_DGRAM, &b);
    char text[16] = {0};
    if (connect(s, (struct sockaddr *)&b, sizeof b) || connect(t, (struct sockaddr *)&a, sizeof a)) die("connect");
    pid_t child = fork();
    if (child == 0)
        for (;;)
            if (recv(t, text, sizeof text, 0) < 0 || send(t, text, sizeof text, 0) < 0) exit(1);
    uint64_t trips = 0, start = now(), end;
    while ((end = now()) - start < span) {
        if (send(s, text, sizeof text, 0) < 0 || recv(s, text, sizeof text, 0) < 0) die("udp");
        trips++;
    }
    printf("%.1f\n", (double)(end - start) / trips);
    kill(child, SIGKILL);
}

static void tcp(uint64_t span) {
    static char text[1 << 18];
    struct sockaddr_in a;
    int s = bound(SOCK_STREAM, &a);
    if (listen(s, 1)) die("listen");
    pid_t child = fork();
    if (child == 0) {
        int c = accept(s, 0, 0);
        uint64_t bytes = 0, start = now(), end = start;
        ssize_t n;
        while ((n = read(c, text, sizeof text)) > 0) {
            bytes += n;
            end = now();
        }
        printf("%.3f\n", bytes * 8.0 / (end - start));
        fflush(stdout);
        exit(0);
    }
    int c = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c, (struct sockaddr *)&a, sizeof a)) die("connect");
    uint64_t start = now();
    while (now() - start < span)
        if (write(c, text, sizeof text) < 0) die("write");
    close(c);
    waitpid(child, 0, 0);
}

// One connection after the other, each closed by both sides.
static void connections(uint64_t span) {
    struct sockaddr_in a;
    int s = bound(SOCK_STREAM, &a);
    if (listen(s, 128)) die("listen");
    pid_t child = fork();
    char c;
    if (child == 0)
        for (;;) {
            int t = accept(s, 0, 0);
            if (t < 0 || read(t, &c, 1) < 0) exit(1);
            close(t);
        }
    struct linger now_gone = {1, 0}; // its port is wanted again soon
    uint64_t count = 0, start = now(), end;
    while ((end = now()) - start < span) {
        int t = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(t, (struct sockaddr *)&a, sizeof a) || shutdown(t, SHUT_WR) || read(t, &c, 1) < 0) die("connect");
        setsockopt(t, SOL_SOCKET, SO_LINGER, &now_gone, sizeof now_gone);
        close(t);
        count++;
    }
    printf("%.1f\n", count * 1e9 / (end - start));
    kill(child, SIGKILL);
}

static void sink(int port, uint64_t skip) {
    static char text[1 << 18];
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1)) die("sink");
    int c = accept(s, 0, 0);
    uint64_t bytes = 0, first = 0, start = 0, end = 0;
    ssize_t n;
    while ((n = read(c, text, sizeof text)) > 0) {
        end = now();
        if (!first) first = end;
        if (start) bytes += n;
        else if (end - first >= skip) start = end;
    }
    if (!start || end == start) die("sink: nothing came in time");
    printf("%.3f\n", bytes * 8.0 / (end - start));
}

static void source(const char *address, int port, uint64_t span) {
    static char text[1 << 18];
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(address)};
    uint64_t start = now();
    int s;
    while (connect(s = socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof a)) { // it may not listen yet
        close(s);
        if (now() - start > 20000000000ull) die("source");
        usleep(50000);
    }
    for (start = now(); now() - start < span;)
        if (write(s, text, sizeof text) < 0) die("source: write");
    close(s);
}

static void plain(const char *name) {
    static const uint32_t what[] = {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_SSG, ETHTOOL_STXCSUM,
                                    ETHTOOL_SRXCSUM};
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    for (unsigned i = 0; i < sizeof what / sizeof *what; i++) {
        struct ethtool_value v = {what[i], 0};
        struct ifreq r = {.ifr_data = (void *)&v};
        strncpy(r.ifr_name, name, IFNAMSIZ - 1);
        // a bridge has no say in what it receives
        if (ioctl(s, SIOCETHTOOL, &r) && what[i] != ETHTOOL_SRXCSUM)
            fprintf(stderr, "%s: %x cannot be switched off\n", name, what[i]);
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "plain") == 0) return plain(argv[2]), 0;
    if (argc == 4 && strcmp(argv[1], "sink") == 0)
        return sink(atoi(argv[2]), strtoull(argv[3], 0, 10) * 1000000ull), 0;
    if (argc == 5 && strcmp(argv[1], "source") == 0)
        return source(argv[2], atoi(argv[3]), strtoull(argv[4], 0, 10) * 1000000ull), 0;
    if (argc != 3) return 2;
    uint64_t span = strtoull(argv[2], 0, 10) * 1000000ull;
    if (strcmp(argv[1], "udp") == 0) udp(span);
    else if (strcmp(argv[1], "connect") == 0) connections(span);
    else tcp(span);
    return 0;
}
