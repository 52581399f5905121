/* Fork and join, and ping-pong, by C-Threads: the Alpha's own, and elsewhere pthreads. cthreads MILLISECONDS prints
   "figure forkjoin NANOSECONDS" and "figure pingpong NANOSECONDS" (there and back). */
#define _GNU_SOURCE
#include <time.h>
#include "../programs/cthreads.h"

static mutex_t lock;
static condition_t changed[2];
static int turn, over;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static any_t nothing(any_t argument) {
    return argument;
}

static any_t pong(any_t argument) {
    mutex_lock(lock);
    while (!over) {
        while (turn == 0 && !over)
            condition_wait(changed[1], lock);
        turn = 0;
        condition_signal(changed[0]);
    }
    mutex_unlock(lock);
    return argument;
}

static void ping(void) {
    mutex_lock(lock);
    turn = 1;
    condition_signal(changed[1]);
    while (turn == 1)
        condition_wait(changed[0], lock);
    mutex_unlock(lock);
}

int main(int argc, char **argv) {
    double length = (argc > 1 ? atof(argv[1]) : 300) * 1e6, start = now(), end;
    long count = 0;
    do {
        for (int i = 0; i < 100; i++)
            cthread_join(cthread_fork(nothing, NULL));
        count += 100;
    } while ((end = now()) - start < length);
    printf("figure forkjoin %.1f\n", (end - start) / count);
    lock = mutex_alloc();
    changed[0] = condition_alloc();
    changed[1] = condition_alloc();
    cthread_t other = cthread_fork(pong, NULL);
    count = 0;
    start = now();
    do {
        for (int i = 0; i < 100; i++)
            ping();
        count += 100;
    } while ((end = now()) - start < length);
    printf("figure pingpong %.1f\n", (end - start) / count);
    mutex_lock(lock);
    over = 1;
    condition_signal(changed[1]);
    mutex_unlock(lock);
    cthread_join(other);
    return 0;
}
