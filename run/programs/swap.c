/*
 * swap [MEGABYTES [PASSES [stops]]]: fills that much memory (default 24 MB), goes
 * through its pages in pseudo-random order PASSES times (default 2), checking
 * and changing each, lets a child do the same to its own copy at the same
 * time, and checks that neither sees what the other did.  On a machine with
 * less memory all of it is swapped, the shared pages as well.  With "stops"
 * each process tells on standard error how long it was with one page at most.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 8192
#define WORDS (PAGE / sizeof(uint64_t))

static uint64_t *memory;
static unsigned long pages;
static long longest;

static uint64_t word(unsigned long page, unsigned long index, unsigned long round)
{
    /* Three quarters of each page compress well, one does not. */
    uint64_t x = page * 0x9E3779B97F4A7C15u + round;
    return index < WORDS * 3 / 4 ? x : (x ^ index * 0xBF58476D1CE4E5B9u) * 0x94D049BB133111EBu;
}

static void put(unsigned long page, unsigned long round)
{
    for (unsigned long i = 0; i < WORDS; i++)
        memory[page * WORDS + i] = word(page, i, round);
}

static void check(const char *who, unsigned long page, unsigned long round)
{
    for (unsigned long i = 0; i < WORDS; i++)
        if (memory[page * WORDS + i] != word(page, i, round)) {
            printf("%s: page %lu is wrong at %lu in round %lu\n", who, page, i, round);
            exit(1);
        }
}

static long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* Every page once: an odd stride and a power of two of pages, those beyond the end left out. */
static unsigned long pass(const char *who, unsigned long round, unsigned long stride, unsigned long add)
{
    unsigned long all = 1, seen = 0, at = 0;
    long then = now();
    while (all < pages)
        all *= 2;
    for (unsigned long i = 0; i < all; i++) {
        at = (at + stride) & (all - 1);
        if (at < pages) {
            check(who, at, round);
            put(at, round + add);
            seen++;
            long at_last = now();
            longest = at_last - then > longest ? at_last - then : longest;
            then = at_last;
        }
    }
    return seen;
}

int main(int argc, char **argv)
{
    unsigned long megabytes = argc > 1 ? atol(argv[1]) : 24;
    unsigned long passes = argc > 2 ? atol(argv[2]) : 2;
    unsigned long seen = 0;
    int status = 0;

    pages = (megabytes << 20) / PAGE;
    memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        printf("no memory\n");
        return 1;
    }
    for (unsigned long page = 0; page < pages; page++)
        put(page, 0);
    for (unsigned long i = 0; i < passes; i++)
        seen += pass("before", i, 2 * i + 5, 1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        unsigned long mine = 0;
        for (unsigned long i = 0; i < passes; i++)
            mine += pass("child", passes + 1000 * i, 2 * i + 7, 1000);
        for (unsigned long page = 0; page < pages; page++)
            check("child", page, passes + 1000 * passes);
        printf("child: %lu pages\n", mine);
        if (argc > 3)
            fprintf(stderr, "child: longest %ld us\n", longest / 1000);
        return 3;
    }
    for (unsigned long i = 0; i < passes; i++)
        seen += pass("parent", passes + i, 2 * i + 9, 1);
    for (unsigned long page = 0; page < pages; page++)
        check("parent", page, 2 * passes);
    if (argc > 3)
        fprintf(stderr, "parent: longest %ld us\n", longest / 1000);
    waitpid(child, &status, 0);
    printf("parent: %lu pages, child's status %d\n", seen, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}
