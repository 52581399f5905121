/*
 * matrix [N]: multiplies N by N matrices (default 48) of doubles and of
 * floats, inverts one by Gauss-Jordan elimination, and transforms 1024 points
 * by a fast Fourier transform and back.  Prints checksums of the bits.
 */
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long mix(unsigned long sum, double d)
{
    unsigned long bits;
    memcpy(&bits, &d, 8);
    return (sum << 7 | sum >> 57) ^ bits;
}

static void fft(double complex *x, int n, int direction)
{
    for (int i = 1, j = 0; i < n; i++) {
        int bit = n >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j |= bit;
        if (i < j) {
            double complex t = x[i];
            x[i] = x[j];
            x[j] = t;
        }
    }
    for (int length = 2; length <= n; length *= 2) {
        double angle = direction * 2 * M_PI / length;
        for (int k = 0; k < length / 2; k++) {
            double complex w = cos(angle * k) + I * sin(angle * k);
            for (int i = k; i < n; i += length) {
                double complex a = x[i], b = x[i + length / 2];
                /* Written out, as the complex product checks for NaN. */
                double complex p = creal(b) * creal(w) - cimag(b) * cimag(w)
                    + I * (creal(b) * cimag(w) + cimag(b) * creal(w));
                x[i] = a + p;
                x[i + length / 2] = a - p;
            }
        }
    }
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 48;
    double *a = malloc(n * n * sizeof *a), *b = malloc(n * n * sizeof *b);
    double *c = calloc(n * n, sizeof *c);
    float *s = malloc(n * n * sizeof *s), *t = calloc(n * n, sizeof *t);
    unsigned long sum = 0, single = 0;

    for (int i = 0; i < n * n; i++) {
        a[i] = (i * 7919 % 1000) / 997.0 - 0.5 + (i % (n + 1) == 0 ? n : 0);
        b[i] = (i * 104729 % 1000) / 991.0;
        s[i] = a[i];
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            for (int j = 0; j < n; j++) {
                c[i * n + j] += a[i * n + k] * b[k * n + j];
                t[i * n + j] += s[i * n + k] * s[k * n + j];
            }
    for (int i = 0; i < n * n; i++) {
        sum = mix(sum, c[i]);
        single = mix(single, t[i]);
    }
    printf("product %016lx float %016lx corner %.12g\n", sum, single, c[n * n - 1]);

    /* In-place inversion; the diagonal dominates, so no pivoting is needed. */
    for (int p = 0; p < n; p++) {
        double d = a[p * n + p];
        a[p * n + p] = 1;
        for (int j = 0; j < n; j++)
            a[p * n + j] /= d;
        for (int i = 0; i < n; i++) {
            if (i == p)
                continue;
            double f = a[i * n + p];
            a[i * n + p] = 0;
            for (int j = 0; j < n; j++)
                a[i * n + j] -= f * a[p * n + j];
        }
    }
    sum = 0;
    for (int i = 0; i < n * n; i++)
        sum = mix(sum, a[i]);
    printf("inverse %016lx corner %.12g\n", sum, a[n * n - 1]);

    static double complex x[1024];
    for (int i = 0; i < 1024; i++)
        x[i] = sin(i * 0.3) + (i % 17) / 17.0;
    fft(x, 1024, 1);
    sum = 0;
    for (int i = 0; i < 1024; i++)
        sum = mix(mix(sum, creal(x[i])), cimag(x[i]));
    printf("transform %016lx first %.12g\n", sum, creal(x[0]));
    fft(x, 1024, -1);
    double worst = 0;
    for (int i = 0; i < 1024; i++) {
        double error = fabs(creal(x[i]) / 1024 - (sin(i * 0.3) + (i % 17) / 17.0));
        worst = error > worst ? error : worst;
    }
    printf("back within 1e-12: %d\n", worst < 1e-12);
    return 0;
}
