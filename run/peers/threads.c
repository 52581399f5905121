/*
 * threads MILLISECONDS: what threads of the host cost, by pthreads.
 *
 * Writes "figure forkjoin NANOSECONDS", to make a thread that does nothing and
 * to wait for its end, and "figure pingpong NANOSECONDS", for two threads to
 * wake each other once each (mutex and condition variables).  Each is the
 * median of batches that took together about so many milliseconds.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 100, MOST = 100000 };

static double figures[MOST];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void report(const char *name, int count)
{
    qsort(figures, count, sizeof figures[0], compare);
    printf("figure %s %.1f\n", name, figures[count / 2]);
}

static void *nothing(void *argument)
{
    return argument;
}

static void forkjoin(double end)
{
    int count = 0;
    while (count < MOST && (count < 3 || now() < end)) {
        double start = now();
        for (int i = 0; i < BATCH; i++) {
            pthread_t thread;
            if (pthread_create(&thread, NULL, nothing, NULL) != 0)
                exit(1);
            pthread_join(thread, NULL);
        }
        figures[count++] = (now() - start) / BATCH;
    }
    report("forkjoin", count);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed[2] = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER};
static int turn, over;

static void play(int me)
{
    pthread_mutex_lock(&mutex);
    while (turn != me && !over)
        pthread_cond_wait(&changed[me], &mutex);
    turn = 1 - me;
    pthread_cond_signal(&changed[1 - me]);
    pthread_mutex_unlock(&mutex);
}

static void *pong(void *argument)
{
    while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE))
        play(1);
    return argument;
}

static void pingpong(double end)
{
    pthread_t thread;
    int count = 0;
    if (pthread_create(&thread, NULL, pong, NULL) != 0)
        exit(1);
    while (count < MOST && (count < 3 || now() < end)) {
        double start = now();
        for (int i = 0; i < BATCH; i++)
            play(0);
        figures[count++] = (now() - start) / BATCH;
    }
    pthread_mutex_lock(&mutex);
    __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&changed[1]);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    report("pingpong", count);
}

int main(int count, char **arguments)
{
    double each = (count > 1 ? atof(arguments[1]) : 1000) * 1e6 / 2;
    forkjoin(now() + each);
    pingpong(now() + each);
    return 0;
}
