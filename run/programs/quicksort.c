/*
 * quicksort [N [SEED]]: sorts N pseudo-random 64-bit numbers (default one
 * million) with an own quicksort and once more with the C library qsort,
 * checks the order, and prints checksums that depend on the position of every
 * number.  Exercises recursion, memory traffic and indirect calls.
 */
#include <stdio.h>
#include <stdlib.h>

static unsigned long next(unsigned long *seed)
{
    *seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
    return *seed ^ *seed >> 29;
}

static void sort(long *a, long low, long high)
{
    while (low < high) {
        long pivot = a[low + (high - low) / 2], i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                long t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        /* Recurse into the smaller part, so that the depth stays small. */
        if (j - low < high - i) {
            sort(a, low, j);
            low = i;
        } else {
            sort(a, i, high);
            high = j;
        }
    }
}

static int by_value(const void *pa, const void *pb)
{
    long a = *(const long *)pa, b = *(const long *)pb;
    return (a > b) - (a < b);
}

static void report(const char *label, const long *a, long n)
{
    unsigned long sum = 0;
    long ordered = 1;

    for (long i = 0; i < n; i++) {
        sum = sum * 31 + (unsigned long)a[i];
        if (i && a[i - 1] > a[i])
            ordered = 0;
    }
    printf("%s n=%ld ordered=%ld first=%ld last=%ld sum=%016lx\n",
           label, n, ordered, a[0], a[n - 1], sum);
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 1000000;
    unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 42;
    long *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);

    if (!a || !b || n < 1)
        return 2;
    for (long i = 0; i < n; i++)
        a[i] = b[i] = (long)next(&seed);
    report("input", a, n);
    sort(a, 0, n - 1);
    report("own", a, n);
    qsort(b, n, sizeof *b, by_value);
    report("library", b, n);
    return 0;
}
