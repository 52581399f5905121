/* A busy machine, for runs that are repeated: processes that compute, wait, signal each other and use more memory than there may be,
   threads that share a lock, timers, random numbers; with a second argument, so many processes that talk to a server of theirs by TCP and
   UDP. What it prints depends on who ran when. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t alarms;
static volatile unsigned shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char order[4096];
static int ordered;

static void on_alarm(int signal) {
    alarms += signal == SIGALRM;
}

static void *worker(void *argument) {
    for (int i = 0; i < 30; i++) {
        for (unsigned n = shared % 700; n > 0; n--)
            shared = shared * 1103515245 + 12345; /* a race, on purpose */
        pthread_mutex_lock(&lock);
        order[ordered++] = 'a' + (int) (long) argument;
        pthread_mutex_unlock(&lock);
        if (i % 10 == 0)
            usleep(100 * (i + 1));
    }
    return NULL;
}

static int child(int number, int out, size_t megabytes) {
    struct timespec now;
    size_t size = megabytes << 20;
    unsigned char *memory = malloc(size);
    unsigned sum = number;
    for (int round = 0; round < 2; round++)
        for (size_t at = 0; at < size; at += 4096) {
            memory[at] = (unsigned char) (memory[at] * round + sum + at / 4096);
            sum = sum * 31 + memory[at];
        }
    clock_gettime(CLOCK_MONOTONIC, &now);
    dprintf(out, "child %d: %u at %ld ns\n", number, sum, now.tv_nsec);
    free(memory);
    return number;
}

static long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static int bound(int type, int *port) {
    struct sockaddr_in at = loopback(0);
    socklen_t length = sizeof at;
    int fd = socket(AF_INET, type, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *) &at, length) || getsockname(fd, (struct sockaddr *) &at, &length))
        return -1;
    *port = ntohs(at.sin_port);
    return fd;
}

/* Sends all, whatever faults there are. */
static void send_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t some = write(fd, bytes, length);
        if (some < 0 && errno != EINTR && errno != ENOSPC)
            return;
        bytes += some > 0 ? some : 0;
        length -= some > 0 ? some : 0;
    }
}

/* Gives back what it is sent, until nobody has a connection any more: by TCP what comes, of datagrams two of three. */
static void serve(int listener, int datagrams, int clients) {
    struct pollfd from[16] = {{listener, POLLIN, 0}, {datagrams, POLLIN, 0}};
    int count = 2, ended = 0, got = 0;
    while (ended < clients) {
        if (poll(from, count, -1) < 0)
            continue;
        for (int i = count - 1; i >= 2; i--) {
            char bytes[700];
            ssize_t length = from[i].revents ? read(from[i].fd, bytes, sizeof bytes) : -1;
            if (length > 0)
                send_all(from[i].fd, bytes, length);
            else if (length == 0) {
                close(from[i].fd);
                from[i] = from[--count];
                ended++;
            }
        }
        if (from[1].revents) {
            struct sockaddr_in who;
            socklen_t size = sizeof who;
            char bytes[64];
            ssize_t length = recvfrom(datagrams, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *) &who, &size);
            if (length > 0 && ++got % 3 != 0)
                sendto(datagrams, bytes, length, 0, (struct sockaddr *) &who, size);
        }
        int fresh = from[0].revents ? accept(listener, NULL, NULL) : -1;
        if (fresh >= 0)
            from[count++] = (struct pollfd){fresh, POLLIN, 0};
    }
}

/* Sends by TCP and waits for all of it to come back; by UDP, and does not mind if nothing does; tells when it had how much. */
static int client(int number, int out, int stream_port, int datagram_port) {
    struct sockaddr_in at = loopback(stream_port);
    socklen_t size = sizeof at;
    struct timeval patience = {0, 3000};
    char bytes[3000] = "";
    int lost = 0, port, datagrams = bound(SOCK_DGRAM, &port), stream = socket(AF_INET, SOCK_STREAM, 0);
    unsigned sum = 0;
    setsockopt(datagrams, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (connect(stream, (struct sockaddr *) &at, sizeof at) != 0 && errno == EINTR)
        ;
    getsockname(stream, (struct sockaddr *) &at, &size);
    dprintf(out, "client %d: ports %d and %d\n", number, ntohs(at.sin_port), port);
    for (int i = 1; i <= 8; i++) {
        size_t wanted = (number * 977 + i * 331) % sizeof bytes + 1, had = 0;
        send_all(stream, bytes, wanted);
        while (had < wanted) {
            ssize_t some = read(stream, bytes, wanted - had);
            if (some == 0)
                return 1;
            had += some > 0 ? some : 0;
        }
        at = loopback(datagram_port);
        sendto(datagrams, &sum, sizeof sum, 0, (struct sockaddr *) &at, sizeof at);
        unsigned back;
        if (recv(datagrams, &back, sizeof back, 0) != sizeof back)
            lost++;
        sum = sum * 31 + (unsigned) (nanoseconds() % 1000003);
    }
    dprintf(out, "client %d: %u, %d lost, at %ld ns\n", number, sum, lost, nanoseconds());
    return number;
}

/* Starts the server and its clients. */
static void talk(int clients, int out) {
    int stream_port, datagram_port, listener = bound(SOCK_STREAM, &stream_port), datagrams = bound(SOCK_DGRAM, &datagram_port);
    if (listener < 0 || datagrams < 0 || listen(listener, clients) != 0) {
        dprintf(out, "no sockets: %s\n", strerror(errno));
        return;
    }
    if (fork() == 0) {
        serve(listener, datagrams, clients);
        _exit(10);
    }
    for (int i = 1; i <= clients; i++)
        if (fork() == 0)
            _exit(client(i, out, stream_port, datagram_port));
    close(listener);
    close(datagrams);
}

int main(int argc, char **argv) {
    size_t megabytes = argc > 1 ? (size_t) atoi(argv[1]) : 1;
    struct itimerval timer = {{0, 700}, {0, 700}};
    pthread_t threads[3];
    char line[256], seen[4096] = "";
    unsigned random;
    int ends[2], status, bytes;
    signal(SIGALRM, on_alarm);
    if (getrandom(&random, sizeof random, 0) != sizeof random || pipe(ends) != 0)
        return 2;
    shared = random;
    setitimer(ITIMER_REAL, &timer, NULL);
    for (int i = 1; i <= 3; i++)
        if (fork() == 0) {
            close(ends[0]);
            _exit(child(i, ends[1], megabytes));
        }
    if (argc > 2)
        talk(atoi(argv[2]), ends[1]);
    close(ends[1]);
    for (long i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, worker, (void *) i);
    while ((bytes = (int) read(ends[0], line, sizeof line - 1)) != 0)
        if (bytes > 0) {
            line[bytes] = 0;
            strncat(seen, line, sizeof seen - strlen(seen) - 1);
        }
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    for (int pid; (pid = wait(&status)) > 0;)
        printf("%d ended with %d\n", pid, WEXITSTATUS(status));
    printf("%s%s\n%u, alarms: %d, random: %u\n", seen, order, shared, alarms, random);
    printf("%ld seconds since 1970\n", (long) time(NULL));
    return 0;
}
