/*
 * stops THREADS MILLISECONDS: how long this host stops a thread that only
 * looks at the clock.
 *
 * Writes "figure longest MILLISECONDS": the longest time between two looks of
 * one of the threads.  What a kernel on the same host cannot do better.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 64 };

static double end;
static double longest[MOST];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void *look(void *mine)
{
    double *stop = mine, last = now();
    while (last < end) {
        double at = now();
        if (at - last > *stop)
            *stop = at - last;
        last = at;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 2;
    double most = 0;
    pthread_t threads[MOST];

    if (count < 1 || count > MOST)
        return 2;
    end = now() + (argc > 2 ? atof(argv[2]) : 1000) * 1e6;
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, look, &longest[i]) != 0)
            return 1;
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        most = longest[i] > most ? longest[i] : most;
    }
    printf("figure longest %.3f\n", most / 1e6);
    return 0;
}
