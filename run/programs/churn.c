/*
 * churn [ROUNDS [SEED]]: allocates, resizes and frees blocks of 1 byte to
 * 1 MB in a pseudo-random order (default 20000 rounds), filling each with a
 * pattern that is checked before it goes.  Exercises malloc above and below
 * the threshold where it changes from brk to mmap, realloc (mremap), calloc,
 * aligned allocation and the return of memory to the system.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 256

static struct { unsigned char *data; size_t size; unsigned char fill; } slot[SLOTS];
static unsigned long seed;

static unsigned long next(void)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return seed >> 24;
}

static size_t random_size(void)
{
    unsigned long r = next();
    switch (r % 16) {
    case 0: return 1 + (r >> 8) % 1000000;
    case 1: return 100000 + (r >> 8) % 60000;
    case 2: case 3: return 1 + (r >> 8) % 20000;
    default: return 1 + (r >> 8) % 300;
    }
}

static void check(int i, size_t limit)
{
    size_t n = slot[i].size < limit ? slot[i].size : limit;
    for (size_t k = 0; k < n; k += 1 + n / 16)
        if (slot[i].data[k] != slot[i].fill) {
            printf("corrupt block %d at %zu\n", i, k);
            exit(1);
        }
    if (n && slot[i].data[n - 1] != slot[i].fill) {
        printf("corrupt end of block %d\n", i);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 20000;
    unsigned long sum = 0, total = 0, aligned = 0;

    seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 7;
    for (long round = 0; round < rounds; round++) {
        int i = next() % SLOTS;
        size_t size = random_size();
        if (!slot[i].data) {
            slot[i].data = malloc(size);
        } else if (next() % 3 == 0) {
            size_t kept = size < slot[i].size ? size : slot[i].size;
            slot[i].data = realloc(slot[i].data, size);
            check(i, kept);
        } else {
            check(i, slot[i].size);
            sum = sum * 31 + slot[i].fill + slot[i].size;
            free(slot[i].data);
            slot[i].data = NULL;
            continue;
        }
        if (!slot[i].data) {
            printf("out of memory in round %ld\n", round);
            return 1;
        }
        aligned += (uintptr_t)slot[i].data % 16 == 0;
        slot[i].size = size;
        slot[i].fill = next();
        memset(slot[i].data, slot[i].fill, size);
        total += size;
    }
    for (int i = 0; i < SLOTS; i++) {
        if (slot[i].data)
            check(i, slot[i].size);
        free(slot[i].data);
    }
    char *zeros = calloc(1000, 1000);
    for (int i = 0; i < 1000000; i += 997)
        sum += zeros[i];
    void *page = NULL;
    int failed = posix_memalign(&page, 8192, 100);
    printf("rounds=%ld bytes=%lu sum=%016lx aligned=%lu page=%d\n", rounds, total,
           sum, aligned, !failed && (uintptr_t)page % 8192 == 0);
    free(page);
    free(zeros);
    return 0;
}
