/*
 * spin [MILLIONS [EVERY]]: runs the given number of million loop iterations
 * (default 10), writing a progress line with write(2) after every EVERY
 * hundred thousand (default 1), and the final value.  A long run with many
 * small system calls, for changing things under a running program: the output
 * is the same however long it takes.
 */
#include <stdlib.h>
#include <unistd.h>

static void put(const char *label, unsigned long value)
{
    char line[64], digits[24];
    int n = 0, d = 0;

    while (*label)
        line[n++] = *label++;
    do
        digits[d++] = '0' + value % 10;
    while (value /= 10);
    while (d > 0)
        line[n++] = digits[--d];
    line[n++] = '\n';
    if (write(1, line, n) != n)
        _exit(1);
}

int main(int argc, char **argv)
{
    long parts = (argc > 1 ? atol(argv[1]) : 10) * 10;
    long every = argc > 2 ? atol(argv[2]) : 1;
    unsigned long x = 88172645463325252UL;

    for (long part = 1; part <= parts; part++) {
        for (int i = 0; i < 100000; i++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        if (every > 0 && part % every == 0)
            put("progress ", part);
    }
    put("final ", x);
    return 0;
}
