/*
 * inversion [MILLISECONDS]: priority inversion, as on Mars Pathfinder. A thread of low priority takes a mutex and computes for
 * MILLISECONDS (default 100) with it; one of high priority wants the mutex; for each processor a thread of middle priority
 * computes for ten times as long. Tells how long the high one waited, with a plain mutex and with one whose owner inherits the
 * priority of who waits (PTHREAD_PRIO_INHERIT), and how many of the middle ones were done before. Status: 0; 1 if there were such with
 * PTHREAD_PRIO_INHERIT; 2 threads may not have real-time priorities here.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex;
static volatile int taken, done, before;
static double length = 0.1;

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void compute(double seconds)
{
    double end = now(CLOCK_THREAD_CPUTIME_ID) + seconds;
    while (now(CLOCK_THREAD_CPUTIME_ID) < end)
        ;
}

static void *low(void *none)
{
    pthread_mutex_lock(&mutex);
    taken = 1;
    compute(length);
    pthread_mutex_unlock(&mutex);
    return none;
}

static void *middle(void *none)
{
    compute(10 * length);
    __sync_fetch_and_add(&done, 1);
    return none;
}

static pthread_t start(int priority, void *(*body)(void *))
{
    pthread_t thread;
    pthread_attr_t attributes;
    struct sched_param parameter = {.sched_priority = priority};
    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
    pthread_attr_setschedparam(&attributes, &parameter);
    int error = pthread_create(&thread, &attributes, body, NULL);
    if (error) {
        fprintf(stderr, "inversion: no thread of priority %d: %s\n", priority, strerror(error));
        exit(2);
    }
    return thread;
}

static double waited(int protocol)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    pthread_mutex_init(&mutex, &attributes);
    taken = done = 0;
    int processors = sysconf(_SC_NPROCESSORS_ONLN);
    pthread_t first = start(10, low), others[processors];
    while (!taken)
        usleep(1000);
    for (int i = 0; i < processors; i++)
        others[i] = start(20, middle);
    double begin = now(CLOCK_MONOTONIC);
    pthread_mutex_lock(&mutex);
    double end = now(CLOCK_MONOTONIC);
    before = done;
    pthread_mutex_unlock(&mutex);
    pthread_join(first, NULL);
    for (int i = 0; i < processors; i++)
        pthread_join(others[i], NULL);
    return (end - begin) * 1000;
}

int main(int argc, char **argv)
{
    struct sched_param parameter = {.sched_priority = 30};
    if (argc > 1)
        length = atof(argv[1]) / 1000;
    if (sched_setscheduler(0, SCHED_FIFO, &parameter) != 0) {
        perror("inversion: sched_setscheduler");
        return 2;
    }
    double plain = waited(PTHREAD_PRIO_NONE);
    printf("plain mutex: the high thread waited %.0f ms, %d others were done before\n", plain, before);
    double inherited = waited(PTHREAD_PRIO_INHERIT);
    printf("PTHREAD_PRIO_INHERIT: %.0f ms, %d\n", inherited, before);
    return before > 0;
}
