/*
 * pidigits [N]: the first N decimal digits of pi (default 300) by Machin's
 * formula in fixed point with 32-bit limbs, ten to a group.  Exercises long
 * division and carries in 64-bit unsigned arithmetic.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int limbs;

static void divide(uint32_t *a, uint32_t by)
{
    uint64_t rest = 0;
    for (int i = 0; i < limbs; i++) {
        rest = rest << 32 | a[i];
        a[i] = rest / by;
        rest %= by;
    }
}

static void add(uint32_t *a, const uint32_t *b, int negative)
{
    int64_t carry = 0;
    for (int i = limbs - 1; i >= 0; i--) {
        carry += negative ? (int64_t)a[i] - b[i] : (int64_t)a[i] + b[i];
        a[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* Adds factor * arctan(1 / x) to the sum. */
static void arctan(uint32_t *sum, uint32_t factor, uint32_t x, int negative)
{
    uint32_t *power = calloc(limbs, 4), *term = malloc(limbs * 4L);
    power[0] = factor;
    divide(power, x);
    for (uint32_t k = 1;; k += 2) {
        memcpy(term, power, limbs * 4L);
        divide(term, k);
        int zero = 1;
        for (int i = 0; i < limbs; i++)
            zero &= term[i] == 0;
        if (zero)
            break;
        add(sum, term, negative);
        negative = !negative;
        divide(power, x * x);
    }
    free(power);
    free(term);
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 300;
    limbs = n / 9 + 4;
    uint32_t *pi = calloc(limbs, 4);

    arctan(pi, 16, 5, 0);
    arctan(pi, 4, 239, 1);
    printf("%u.\n", pi[0]);
    for (int d = 1; d <= n; d++) {
        pi[0] = 0;
        uint64_t carry = 0;
        for (int i = limbs - 1; i >= 0; i--) {
            carry += (uint64_t)pi[i] * 10;
            pi[i] = (uint32_t)carry;
            carry >>= 32;
        }
        putchar('0' + pi[0]);
        if (d % 50 == 0 || d == n)
            putchar('\n');
        else if (d % 10 == 0)
            putchar(' ');
    }
    free(pi);
    return 0;
}
