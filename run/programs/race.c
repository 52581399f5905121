/* A bank with a planted race: two threads move money between two accounts, one transfer in seven without the lock. Only if one is
   interrupted between reading and writing a balance, money appears or disappears: then the status is 1. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static volatile long balance[2] = {1000, 1000};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int rounds = 20, careless = 7;

static void move(int from, int to, long amount) {
    balance[from] -= amount;
    balance[to] += amount;
}

static void *teller(void *argument) {
    int from = (int) (long) argument;
    for (int i = 1; i <= rounds; i++) {
        int locked = i % careless != 0; /* the mistake */
        if (locked)
            pthread_mutex_lock(&lock);
        move(from, 1 - from, i);
        if (locked)
            pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[2];
    if (argc > 1)
        rounds = atoi(argv[1]);
    for (long i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, teller, (void *) i) != 0)
            return 2;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("%ld + %ld\n", balance[0], balance[1]);
    return balance[0] + balance[1] != 2000;
}
