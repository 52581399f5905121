/*
 * eat MEGABYTES: allocates that much memory, a megabyte at a time, and writes
 * to every page of it, then says how much there was before malloc failed.  On
 * a machine with less it is what runs out of memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    int wanted = argc > 1 ? atoi(argv[1]) : 1;
    int got = 0;
    unsigned long sum = 0;

    while (got < wanted) {
        unsigned char *p = malloc(1 << 20);
        if (!p)
            break;
        memset(p, got + 1, 1 << 20);
        sum += p[4097] + p[(1 << 20) - 1];
        got++;
    }
    printf("%d of %d megabytes, sum %lu\n", got, wanted, sum);
    return got == wanted ? 0 : 1;
}
