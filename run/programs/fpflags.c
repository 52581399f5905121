/*
 * fpflags: rounding modes and exception flags.  For each of the four rounding
 * modes does arithmetic whose result depends on the mode, conversions
 * included, and prints result bits and the flags raised: invalid, divide by
 * zero, overflow, underflow, inexact.  Also saves, holds and restores the
 * environment, and raises flags by hand.  Compiled so that the rounding mode
 * is taken from the control register and inexact is reported.
 *
 * Build flags: -mieee-with-inexact -mfp-rounding-mode=d -frounding-math -ftrapping-math
 */
#define _GNU_SOURCE
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEEP __attribute__((noinline, noclone, noipa)) static

KEEP double add(double a, double b) { return a + b; }
KEEP double subtract(double a, double b) { return a - b; }
KEEP double multiply(double a, double b) { return a * b; }
KEEP double divide(double a, double b) { return a / b; }
KEEP double root(double a, double b) { return sqrt(a) + 0 * b; }
KEEP double single_add(double a, double b) { return (float)a + (float)b; }
KEEP double single_divide(double a, double b) { return (float)a / (float)b; }
KEEP double narrow(double a, double b) { return (float)a + 0 * b; }
KEEP double nearest(double a, double b) { return rint(a) + 0 * b; }
KEEP double from_long(double a, double b) { return (double)((long)a * 4 + 1) + 0 * b; }
KEEP double less(double a, double b) { return a < b; }
KEEP double equal(double a, double b) { return a == b; }
KEEP double to_long(double a, double b) { return (double)(long)a + 0 * b; }

static const struct {
    const char *name;
    double (*operation)(double, double);
    double a, b;
} tests[] = {
    { "1+1", add, 1, 1 },
    { "1+tiny", add, 1, 0x1p-60 },
    { "-1-tiny", subtract, -1, 0x1p-60 },
    { "1-1", subtract, 1, 1 },
    { "max+max", add, 0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023 },
    { "inf-inf", subtract, INFINITY, INFINITY },
    { "inf+1", add, INFINITY, 1 },
    { "nan+1", add, NAN, 1 },
    { "min*half", multiply, 0x1p-1022, 0.5 },
    { "min*third", multiply, 0x1p-1022, 1.0 / 3 },
    { "least*half", multiply, 0x1p-1074, 0.5 },
    { "-least*half", multiply, -0x1p-1074, 0.5 },
    { "huge*huge", multiply, 1e300, -1e300 },
    { "0*inf", multiply, 0, INFINITY },
    { "0.1*0.1", multiply, 0.1, 0.1 },
    { "1/3", divide, 1, 3 },
    { "-1/3", divide, -1, 3 },
    { "1/0", divide, 1, 0 },
    { "-1/0", divide, -1, 0 },
    { "0/0", divide, 0, 0 },
    { "inf/inf", divide, INFINITY, INFINITY },
    { "least/3", divide, 0x1p-1074, 3 },
    { "sqrt 2", root, 2, 0 },
    { "sqrt -1", root, -1, 0 },
    { "sqrt 4", root, 4, 0 },
    { "float 1+tiny", single_add, 1, 0x1p-40 },
    { "float 1/3", single_divide, 1, 3 },
    { "float max+max", single_add, 0x1.fffffep127, 0x1.fffffep127 },
    { "narrow 0.1", narrow, 0.1, 0 },
    { "narrow -0.1", narrow, -0.1, 0 },
    { "narrow huge", narrow, 1e200, 0 },
    { "narrow -small", narrow, -1e-42, 0 },
    { "rint 2.5", nearest, 2.5, 0 },
    { "rint -2.5", nearest, -2.5, 0 },
    { "rint 0.3", nearest, 0.3, 0 },
    { "from long", from_long, 0x1p60, 0 },
    { "less 1 2", less, 1, 2 },
    { "less nan 1", less, NAN, 1 },
    { "equal nan 1", equal, NAN, 1 },
    { "long 1.5", to_long, 1.5, 0 },
    { "long -1.5", to_long, -1.5, 0 },
    { "long 7", to_long, 7, 0 },
    { "long 2^62", to_long, 0x1p62, 0 },
    { "long -2^63", to_long, -0x1p63, 0 },
    { "long inf", to_long, INFINITY, 0 },
    { "long nan", to_long, NAN, 0 },
    { "signalling nan+1", add, __builtin_nans(""), 1 },
    { "1*signalling nan", multiply, 1, __builtin_nans("") },
    { "equal signalling nan", equal, __builtin_nans(""), 1 },
};

static void flags(void)
{
    int f = fetestexcept(FE_ALL_EXCEPT);
    printf(" [%s%s%s%s%s ]\n", f & FE_INVALID ? " invalid" : "",
           f & FE_DIVBYZERO ? " divzero" : "", f & FE_OVERFLOW ? " overflow" : "",
           f & FE_UNDERFLOW ? " underflow" : "", f & FE_INEXACT ? " inexact" : "");
}

int main(void)
{
    static const struct { const char *name; int mode; } modes[] = {
        { "nearest", FE_TONEAREST }, { "zero", FE_TOWARDZERO },
        { "down", FE_DOWNWARD }, { "up", FE_UPWARD },
    };

    for (int m = 0; m < 4; m++) {
        for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
            int set = fesetround(modes[m].mode), got = fegetround();
            feclearexcept(FE_ALL_EXCEPT);
            double r = tests[i].operation(tests[i].a, tests[i].b);
            int raised = fetestexcept(FE_ALL_EXCEPT);
            fesetround(FE_TONEAREST);
            uint64_t bits;
            memcpy(&bits, &r, 8);
            printf("%s %d %d %s = %016lx", modes[m].name, set,
                   got == modes[m].mode, tests[i].name, bits);
            feclearexcept(FE_ALL_EXCEPT);
            feraiseexcept(raised & ~FE_INEXACT);
            /* Overflow and underflow may raise inexact with them. */
            feclearexcept(FE_INEXACT);
            if (raised & FE_INEXACT)
                feraiseexcept(FE_INEXACT);
            flags();
        }
    }

    fenv_t saved;
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept(FE_DIVBYZERO);
    printf("raised"); flags();
    printf("hold %d", feholdexcept(&saved)); flags();
    volatile double zero = 0, one = 1;
    one = one / 3 + zero;
    printf("held"); flags();
    feupdateenv(&saved);
    printf("updated"); flags();
    fesetenv(FE_DFL_ENV);
    printf("default"); flags();
    printf("round=%d enabled=%x\n", fegetround() == FE_TONEAREST, fegetexcept());
    return 0;
}
