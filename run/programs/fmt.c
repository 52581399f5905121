/*
 * fmt: number formatting and parsing of the C library.  Prints integers,
 * strings and doubles (with %a %e %f %g and long double) in many widths and
 * precisions, and checks that strtod reads back what was printed.  Exercises
 * multi-precision arithmetic, varargs, and the software quad-precision long
 * double of Alpha.
 *
 * Build flags: -mieee -Wno-format-truncation
 */
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double numbers[] = {
    0.0, 1.0, -1.0, 0.1, 1.0 / 3, 2.5, 123456789.125, 1e15, 1e16, 1e21, 1e-5,
    3.14159265358979, 6.02214076e23, 1.7976931348623157e308,
    2.2250738585072014e-308, 0.5, 1.5, 9.995, 99999.95, 1e100,
};
static const char *const formats[] = {
    "%a", "%.3a", "%e", "%.0e", "%.17g", "%g", "%#g", "%f", "%.1f", "%+12.3f",
    "%-14.2f|", "%014.4f", "% .8G", "%.15g",
};

int main(void)
{
    char text[512];

    printf("%d %i %5d|%-5d|%05d|%+d|% d\n", 42, -42, 7, 7, 7, 7, 7);
    printf("%u %x %X %#x %#o %o\n", UINT_MAX, 0xbeefu, 0xbeefu, 255u, 8u, 511u);
    printf("%ld %lu %lld %llx\n", LONG_MIN, ULONG_MAX, LLONG_MAX, 0xfeedfacecafebeefULL);
    printf("%hd %hhd %hu %hhu\n", (short)0x8001, (signed char)200, (unsigned short)65535, (unsigned char)255);
    printf("%zu %td %jd\n", (size_t)12345, (ptrdiff_t)-5, (long)LONG_MAX);
    printf("[%s] [%10s] [%-10s] [%.2s] [%*.*s] %c %%\n", "abc", "abc", "abc", "abc", 6, 1, "xyz", 'Q');
    printf("%2$s %1$d\n", 5, "positional");
    printf("length %d, cut to [%s]\n", snprintf(text, 6, "%d%s", 1234, "56789"), text);

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        for (size_t j = 0; j < sizeof formats / sizeof formats[0]; j++) {
            if (numbers[i] > 1e30 && strchr(formats[j], 'f'))
                continue;
            printf(formats[j], numbers[i]);
            putchar(' ');
        }
        snprintf(text, sizeof text, "%.17g", numbers[i]);
        int decimal = strtod(text, NULL) == numbers[i];
        snprintf(text, sizeof text, "%a", numbers[i]);
        int hex = strtod(text, NULL) == numbers[i];
        printf("%s %s\n", decimal ? "same" : "DIFFERS", hex ? "same" : "DIFFERS");
    }
    printf("%.30Lg %.10Lf %Le\n", 1.0L / 3, 2.0L / 7 * 1e6L, 1e-300L * 1e-300L);

    static const char *const inputs[] = {
        "  12abc", "-0x1f", "077", "99999999999999999999", "-99999999999999999999",
        "1e400", "0x1.8p1", "nan", "inf", "-1e-3xyz", ".5", "",
    };
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        char *end_long, *end_double;
        long l = strtol(inputs[i], &end_long, 0);
        double d = strtod(inputs[i], &end_double);
        printf("\"%s\": %ld rest \"%s\", %g rest \"%s\"\n", inputs[i], l, end_long, d, end_double);
    }

    int a, n;
    char word[16];
    double d;
    n = sscanf("17 apples at 2.50 each", "%d %15s at %lf", &a, word, &d);
    printf("%d fields: %d %s %g\n", n, a, word, d);
    /* Uniform doubles: every one must survive the round trip. */
    unsigned long seed = 1, bad = 0;
    for (int i = 0; i < 500; i++) {
        seed = seed * 6364136223846793005UL + 1442695040888963407UL;
        double value = (double)(long)seed * 1e-9;
        snprintf(text, sizeof text, "%.17g", value);
        bad += strtod(text, NULL) != value;
    }
    printf("round trips that failed: %lu\n", bad);
    return 0;
}
