// net udp MS: nanoseconds of a round trip of 16 bytes between two processes over Linux's loopback UDP.
// net connect MS: connections a second between two processes over Linux's loopback, one after the other.
// net tcp MS: Gb/s of one connection between two processes over Linux's loopback TCP.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    uint64_t span = strtoull(argv[2], 0, 10) * 1000000ull;
    if (strcmp(argv[1], "udp") == 0) udp(span);
    else if (strcmp(argv[1], "connect") == 0) connections(span);
    else tcp(span);
    return 0;
}
