/*
 * recurse [FIB [M N]]: Fibonacci numbers by double recursion (default 24), the
 * Ackermann function (default 2 200), Hanoi moves and a mutual recursion 10000
 * frames deep.  Exercises calls, returns and stack growth.
 */
#include <stdio.h>
#include <stdlib.h>

#define KEEP __attribute__((noinline, noclone)) static

KEEP long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static long deepest;
KEEP long ackermann(long m, long n, long depth)
{
    if (depth > deepest)
        deepest = depth;
    if (m == 0)
        return n + 1;
    long inner = n == 0 ? 1 : ackermann(m, n - 1, depth + 1);
    return ackermann(m - 1, inner, depth + 1);
}

static long moves;
KEEP void hanoi(int n, int from, int to)
{
    if (n == 0)
        return;
    hanoi(n - 1, from, 3 - from - to);
    moves += from * 3 + to;
    hanoi(n - 1, 3 - from - to, to);
}

static int odd(volatile long *n);
KEEP int even(volatile long *n)
{
    volatile long less = *n - 1;
    return *n == 0 ? 1 : odd(&less);
}
KEEP int odd(volatile long *n)
{
    volatile long less = *n - 1;
    return *n == 0 ? 0 : even(&less);
}

int main(int argc, char **argv)
{
    long f = argc > 1 ? atol(argv[1]) : 24;
    long m = argc > 3 ? atol(argv[2]) : 2, n = argc > 3 ? atol(argv[3]) : 200;
    volatile long deep = 10000;

    printf("fib(%ld)=%ld\n", f, fib(f));
    printf("ackermann(%ld,%ld)=%ld\n", m, n, ackermann(m, n, 1));
    hanoi(12, 0, 2);
    printf("hanoi=%ld even=%d deep=%d\n", moves, even(&deep), deepest > 100);
    return 0;
}
