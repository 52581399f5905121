/* A busy machine, for runs that are repeated: processes that compute, wait, signal each other and use more memory than there may be,
   threads that share a lock, timers, random numbers. What it prints depends on who ran when. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
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

int main(int argc, char **argv) {
    size_t megabytes = argc > 1 ? (size_t) atoi(argv[1]) : 1;
    struct itimerval timer = {{0, 700}, {0, 700}};
    pthread_t threads[3];
    char line[256], seen[1024] = "";
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
