/* The same amount of work by one thread or shared by several: crowd THREADS UNITS. Each unit mixes and sorts numbers in memory of its
   thread's own, so that nothing but processors is shared. The sum does not depend on who did what. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZE 4096
#define MOST 64

static int threads, units;
static unsigned long sums[MOST][16]; /* apart, so that no cache line is shared */

static unsigned long unit(unsigned long seed, unsigned *numbers) {
    unsigned long x = seed * 0x9e3779b97f4a7c15UL + 1, sum = 0;
    for (int i = 0; i < SIZE; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        numbers[i] = (unsigned) (x >> 16);
    }
    for (int gap = SIZE / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
        for (int i = gap; i < SIZE; i++) {
            unsigned one = numbers[i];
            int at = i;
            for (; at >= gap && numbers[at - gap] > one; at -= gap)
                numbers[at] = numbers[at - gap];
            numbers[at] = one;
        }
    for (int i = 0; i < SIZE; i++)
        sum = sum * 31 + numbers[i];
    return sum;
}

static void *work(void *argument) {
    long me = (long) argument;
    unsigned *numbers = malloc(SIZE * sizeof *numbers);
    if (numbers == NULL)
        return NULL;
    for (int i = me; i < units; i += threads)
        sums[me][0] += unit(i, numbers);
    free(numbers);
    return argument;
}

int main(int argc, char **argv) {
    pthread_t all[MOST];
    unsigned long sum = 0;
    threads = argc > 1 ? atoi(argv[1]) : 2;
    units = argc > 2 ? atoi(argv[2]) : 40;
    if (threads < 1 || threads > MOST) {
        fprintf(stderr, "crowd: 1 to %d threads\n", MOST);
        return 2;
    }
    for (long i = 0; i < threads; i++)
        if (pthread_create(&all[i], NULL, work, (void *) i) != 0)
            return 2;
    for (int i = 0; i < threads; i++) {
        pthread_join(all[i], NULL);
        sum += sums[i][0];
    }
    printf("%d units: %lx\n", units, sum);
    return 0;
}
