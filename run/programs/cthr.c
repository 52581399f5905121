/* C-Threads: forks and joins, waits on conditions, hands mutexes over, keeps floating-point registers across switches. */
#include "cthreads.h"

#define PLACES 4
#define ITEMS 5000

static mutex_t lock;
static condition_t filled, emptied;
static long buffer[PLACES];
static int count, head, produced, consumed;
static long sum;

static any_t producer(any_t argument) {
    (void) argument;
    for (;;) {
        mutex_lock(lock);
        while (count == PLACES)
            condition_wait(emptied, lock);
        if (produced == ITEMS) {
            mutex_unlock(lock);
            return NULL;
        }
        buffer[(head + count++) % PLACES] = ++produced;
        condition_signal(filled);
        mutex_unlock(lock);
    }
}

static any_t consumer(any_t argument) {
    long mine = 0;
    for (;;) {
        mutex_lock(lock);
        while (count == 0 && consumed < ITEMS)
            condition_wait(filled, lock);
        if (consumed == ITEMS) {
            condition_broadcast(filled);
            condition_broadcast(emptied);
            mutex_unlock(lock);
            return (any_t) mine;
        }
        sum += buffer[head];
        head = (head + 1) % PLACES;
        count--;
        consumed++;
        mine++;
        condition_signal(emptied);
        mutex_unlock(lock);
        if (mine % 3 == (long) argument)
            cthread_yield();
    }
}

static any_t square_root(any_t argument) {
    double wanted = (double) (long) argument, root = wanted;
    for (int i = 0; i < 60; i++) {
        root = (root + wanted / root) / 2;
        cthread_yield();
    }
    return (any_t) (long) (root * 1000);
}

static any_t fork_tree(any_t argument) {
    long depth = (long) argument;
    if (depth == 0)
        return (any_t) 1;
    cthread_t left = cthread_fork(fork_tree, (any_t) (depth - 1)), right = cthread_fork(fork_tree, (any_t) (depth - 1));
    if (left == NULL || right == NULL)
        return (any_t) -1000000;
    long leaves = (long) cthread_join(left);
    return (any_t) (leaves + (long) cthread_join(right));
}

int main(void) {
    cthread_t threads[5];
    lock = mutex_alloc();
    filled = condition_alloc();
    emptied = condition_alloc();
    for (long i = 0; i < 5; i++)
        threads[i] = cthread_fork(i < 2 ? producer : consumer, (any_t) (i % 3));
    long all = 0;
    for (int i = 0; i < 5; i++)
        all += (long) cthread_join(threads[i]);
    printf("%ld items, sum %ld\n", all, sum);
    for (long i = 0; i < 5; i++)
        threads[i] = cthread_fork(square_root, (any_t) (i + 2));
    for (int i = 0; i < 5; i++)
        printf("%ld%c", (long) cthread_join(threads[i]), i == 4 ? '\n' : ' ');
    printf("%ld leaves\n", (long) fork_tree((any_t) 9));
    return 0;
}
