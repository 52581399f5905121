/* heap [N]: sorts N numbers (default 20000) by a binary heap, by digits, and by merging lists; prints checksums. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
    struct item *next;
    unsigned value;
};

static void down(unsigned *a, long i, long n)
{
    unsigned v = a[i];
    for (long child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && a[child + 1] > a[child])
            child++;
        if (a[child] <= v)
            break;
        a[i] = a[child];
    }
    a[i] = v;
}

static void heapsort_numbers(unsigned *a, long n)
{
    for (long i = n / 2; i-- > 0;)
        down(a, i, n);
    for (long end = n; --end > 0;) {
        unsigned v = a[0];
        a[0] = a[end];
        a[end] = v;
        down(a, 0, end);
    }
}

static void digits(unsigned *a, unsigned *to, long n)
{
    for (int shift = 0; shift < 32; shift += 8) {
        long count[257] = {0};
        for (long i = 0; i < n; i++)
            count[(a[i] >> shift & 255) + 1]++;
        for (int d = 0; d < 256; d++)
            count[d + 1] += count[d];
        for (long i = 0; i < n; i++)
            to[count[a[i] >> shift & 255]++] = a[i];
        unsigned *swap = a;
        a = to;
        to = swap;
    }
}

static struct item *merge(struct item *list, long n)
{
    if (n < 2) {
        if (list)
            list->next = NULL;
        return list;
    }
    struct item *half = list;
    for (long i = 0; i < n / 2; i++)
        half = half->next;
    struct item *b = merge(half, n - n / 2), *a = merge(list, n / 2), *result = NULL, **last = &result;
    while (a && b) {
        struct item **least = a->value <= b->value ? &a : &b;
        *last = *least;
        last = &(*last)->next;
        *least = *last;
    }
    *last = a ? a : b;
    return result;
}

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 20000;
    unsigned *a = malloc((size_t) n * sizeof *a), *b = malloc((size_t) n * sizeof *b), *c = malloc((size_t) n * sizeof *c);
    struct item *items = malloc((size_t) n * sizeof *items);
    unsigned seed = 99, sums[3] = {0};
    for (long i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        a[i] = b[i] = items[i].value = seed ^ seed >> 15;
        items[i].next = i + 1 < n ? &items[i + 1] : NULL;
    }
    heapsort_numbers(a, n);
    digits(b, c, n);
    struct item *list = n ? merge(items, n) : NULL;
    for (long i = 0; i < n; i++, list = list->next) {
        sums[0] = sums[0] * 31 + a[i];
        sums[1] = sums[1] * 31 + b[i];
        sums[2] = sums[2] * 31 + list->value;
    }
    printf("%ld numbers: %08x %08x %08x\n", n, sums[0], sums[1], sums[2]);
    return sums[0] == sums[1] && sums[1] == sums[2] ? 0 : 1;
}
