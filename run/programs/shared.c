/*
 * Programs of several kernels with memory in common, by bundles/pagers/shared, or of one kernel without it:
 *
 *   shared NAME count ME ROUNDS     two members, 0 and 1, add to one counter under Peterson's lock
 *   shared NAME add ROUNDS          adds to the counter by load locked and store conditional
 *   shared NAME grid ME OF SIZE STEPS   relaxes a grid, a part each; ME 0 prints the result, which is the same for any OF
 *   shared NAME touch PAGES [seed]  seed: writes to the pages; else reads them all, then writes to them, and tells what each took
 *   shared NAME get WHERE           prints the first word of the page WHERE
 *   shared NAME put WHERE VALUE     stores to it
 *   shared NAME wait WHERE VALUE    loads it until it has that value or more
 *
 * NAME is one for shm_open(3). Who loses the memory says so: "SIGBUS".
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 8192
#define PAGES 4096
#define FENCE() __sync_synchronize()

static volatile long *memory;

static void lost(int number)
{
    static const char text[] = "SIGBUS\n";
    (void) number;
    if (write(1, text, sizeof text - 1) < 0)
        _exit(4);
    _exit(3);
}

/* The first word of a page. */
static volatile long *word(long page)
{
    return memory + page * (PAGE / 8);
}

static void await(volatile long *what, long least)
{
    for (long i = 0; *what < least; i++)
        if (i % 1000 == 999)
            sched_yield();
    FENCE();
}

/* Pages 0 and 1: who wants in; 2: whose turn it is; 3: the counter; 4 and 5: who is there, and who is done. */
static void count(int me, long rounds)
{
    *word(4 + me) = 1;
    await(word(5 - me), 1);
    for (long i = 0; i < rounds; i++) {
        *word(me) = 1;
        *word(2) = 1 - me;
        FENCE();
        for (long n = 1; *word(1 - me) == 1 && *word(2) == 1 - me; n++)
            if (n % 1000 == 0)
                sched_yield();
        FENCE();
        *word(3) += 1;
        FENCE();
        *word(me) = 0;
    }
    FENCE();
    *word(4 + me) = 2;
    await(word(5 - me), 2);
    printf("%d: %ld\n", me, *word(3));
}

static void add(long rounds)
{
    for (long i = 0; i < rounds; i++)
        __sync_fetch_and_add(word(3), 1);
    printf("added %ld\n", rounds);
}

static void wait_for(long where, long least)
{
    await(word(where), least);
    printf("%ld is %ld\n", where, *word(where));
}

/* Page 8 + me: how many steps a member has done. */
static void meet(int me, int of, long step)
{
    FENCE();
    *word(8 + me) = step;
    for (int i = 0; i < of; i++)
        await(word(8 + i), step);
}

static void grid(int me, int of, int size, int steps)
{
    double *from = (double *) word(64);
    double *to = from + (long) size * size;
    int first = 1 + (size - 2) * me / of;
    int last = 1 + (size - 2) * (me + 1) / of;
    if (me == 0)
        for (long i = 0; i < 2L * size * size; i++)
            from[i] = i % ((long) size * size) < size ? 100 : i % 7;
    meet(me, of, 1);
    for (int step = 0; step < steps; step++) {
        for (int y = first; y < last; y++)
            for (int x = 1; x < size - 1; x++) {
                long at = (long) y * size + x;
                to[at] = (from[at - size] + from[at + size] + from[at - 1] + from[at + 1]) / 4;
            }
        double *swap = from;
        from = to;
        to = swap;
        meet(me, of, step + 2);
    }
    if (me == 0) {
        double sum = 0;
        for (long i = 0; i < (long) size * size; i++)
            sum = sum * 0.999 + from[i];
        printf("%.9f\n", sum);
    }
    meet(me, of, steps + 2);
}

static double microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static void touch(long pages, int seed)
{
    long sum = 0;
    double began = microseconds();
    if (seed) {
        for (long i = 0; i < pages; i++)
            *word(i) = i;
        return;
    }
    for (long i = 0; i < pages; i++)
        sum += *word(i);
    double read = microseconds();
    for (long i = 0; i < pages; i++)
        *word(i) = i;
    double written = microseconds();
    printf("%s: %.0f us to read a page, %.0f to write to it\n", sum == pages * (pages - 1) / 2 ? "right" : "wrong",
           (read - began) / pages, (written - read) / pages);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: shared NAME WHAT [NUMBER...]\n");
        return 2;
    }
    long numbers[4] = {0};
    for (int i = 3; i < argc && i < 7; i++)
        numbers[i - 3] = atol(argv[i]);
    signal(SIGBUS, lost);
    int file = shm_open(argv[1], O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, (long) PAGES * PAGE) < 0) {
        perror(argv[1]);
        return 1;
    }
    memory = mmap(NULL, (long) PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    if (!strcmp(argv[2], "count"))
        count(numbers[0], numbers[1]);
    else if (!strcmp(argv[2], "add"))
        add(numbers[0]);
    else if (!strcmp(argv[2], "grid"))
        grid(numbers[0], numbers[1], numbers[2], numbers[3]);
    else if (!strcmp(argv[2], "touch"))
        touch(numbers[0], argc > 4);
    else if (!strcmp(argv[2], "get"))
        printf("%ld\n", *word(numbers[0]));
    else if (!strcmp(argv[2], "put"))
        *word(numbers[0]) = numbers[1];
    else if (!strcmp(argv[2], "wait"))
        wait_for(numbers[0], numbers[1]);
    else
        return 2;
    return 0;
}
