/*
 * sieve N [all]: counts the primes up to N (default 100000) with the sieve of
 * Eratosthenes and prints the count, the largest and the sum; with "all" also
 * every prime.  Exercises byte stores and loads, loops with strides and
 * integer output.
 */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 100000;
    int all = argc > 2;
    char *composite = calloc(n + 1, 1);
    long count = 0, largest = 0, sum = 0;

    if (!composite || n < 2)
        return 2;
    for (long i = 2; i <= n; i++) {
        if (composite[i])
            continue;
        for (long j = i * i; j <= n; j += i)
            composite[j] = 1;
        count++;
        largest = i;
        sum += i;
        if (all)
            printf("%ld\n", i);
    }
    printf("primes=%ld largest=%ld sum=%ld\n", count, largest, sum);
    free(composite);
    return 0;
}
