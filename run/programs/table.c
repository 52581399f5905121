/* table [N]: N insertions, look-ups and removals (default 20000) in a hash table with open addressing; prints counts. */
#include <stdio.h>
#include <stdlib.h>

struct slot {
    unsigned long key;
    long value;
};

static struct slot *slots;
static unsigned long mask, used;

static unsigned long mix(unsigned long k)
{
    k ^= k >> 31;
    k *= 0x9E3779B97F4A7C15ul;
    return k ^ k >> 29;
}

static struct slot *find(unsigned long key)
{
    unsigned long i = mix(key) & mask;
    while (slots[i].key && slots[i].key != key)
        i = (i + 1) & mask;
    return &slots[i];
}

static void grow(void)
{
    struct slot *old = slots;
    unsigned long size = mask + 1;
    mask = size * 2 - 1;
    slots = calloc(mask + 1, sizeof *slots);
    if (!slots)
        exit(2);
    for (unsigned long i = 0; i < size; i++)
        if (old[i].key)
            *find(old[i].key) = old[i];
    free(old);
}

static void take(unsigned long key)
{
    struct slot *hole = find(key);
    if (!hole->key)
        return;
    used--;
    unsigned long i = (unsigned long) (hole - slots), k = i;
    for (;;) {
        k = (k + 1) & mask;
        if (!slots[k].key)
            break;
        unsigned long home = mix(slots[k].key) & mask;
        if (((k - home) & mask) >= ((k - i) & mask)) {
            slots[i] = slots[k];
            i = k;
        }
    }
    slots[i].key = 0;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 20000, hits = 0, sum = 0;
    unsigned long seed = 88172645463325252ul;
    mask = 15;
    slots = calloc(mask + 1, sizeof *slots);
    for (long n = 0; n < count; n++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        unsigned long key = seed % (unsigned long) (count / 2 + 1) + 1;
        struct slot *slot = find(key);
        if (slot->key) {
            hits++;
            sum += slot->value++;
            if (seed >> 62 == 0)
                take(key);
        } else {
            slot->key = key;
            slot->value = n & 7;
            if (++used * 2 > mask)
                grow();
        }
    }
    printf("%ld operations: %ld hits, %lu kept, sum %ld\n", count, hits, used, sum);
    free(slots);
    return 0;
}
