/* What compilers and the C library make of numbers; run by ProgramTest under QEMU and under our processor. */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 88172645463325252ULL;

static uint64_t next(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static uint64_t sum;

static void mix(uint64_t x) {
    sum = (sum << 7 | sum >> 57) ^ x * 0x9E3779B97F4A7C15ULL;
}

static void mixd(double d) {
    uint64_t x;
    memcpy(&x, &d, 8);
    mix(x);
}

static void integers(void) {
    for (int i = 0; i < 3000; i++) {
        uint64_t a = next() >> (next() & 63), b = next() >> (next() & 63);
        if (b == 0) b = 3;
        int64_t sa = (int64_t) a, sb = (int64_t) b;
        mix(a / b), mix(a % b);
        if (!(sb == -1)) mix(sa / sb), mix(sa % sb);
        uint32_t c = (uint32_t) a, d = (uint32_t) b | 1;
        mix(c / d), mix(c % d);
        mix((uint64_t) ((unsigned __int128) a * b >> 64));
        mix(a << (b & 63)), mix((uint64_t) (sa >> (b & 63)));
    }
    printf("integers %016llx\n", (unsigned long long) sum);
}

static void floats(void) {
    for (int i = 0; i < 2000; i++) {
        double a = (int64_t) next() / 1e5, b = (int64_t) next() / 3e9;
        float f = (float) a, g = (float) b;
        mixd(a + b), mixd(a - b), mixd(a * b), mixd(a / b), mixd(sqrt(fabs(a)));
        mixd(f + g), mixd(f - g), mixd(f * g), mixd(f / g), mixd(sqrtf(fabsf(f)));
        mix((uint64_t) (int64_t) b), mix((uint64_t) fabs(b)), mix((uint64_t) (int) g);
        mixd((double) next()), mixd((float) (int64_t) next());
        mix(a < b), mix(f >= g);
        mixd(floor(b)), mixd(ceil(b)), mixd(rint(b));
        mixd(sin(b)), mixd(exp(fmod(b, 50))), mixd(log(fabs(a))), mixd(pow(fabs(b), 0.37)), mixd(atan2(a, b));
    }
    printf("floats %016llx\n", (unsigned long long) sum);
    printf("%g %.17g %a %e %.3f\n", 1.0 / 3, M_PI, 1e-300, 6.02214076e23, -2.5);
    printf("%.20Lg\n", (long double) 1 / 3);
    printf("%g %g\n", strtod("1.7976931348623157e308", NULL), strtod("2.2250738585072014e-308", NULL));
}

static void environment(void) {
#ifdef _IEEE_FP
    volatile double zero = 0, one = 1, big = 1e308, tiny = 1e-308, three = 3;
    int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    printf("%g %g %g %g\n", one / zero, -one / zero, zero / zero, sqrt(-one));
    printf("%g %g\n", big * 10, tiny / 1e10);
    feclearexcept(FE_ALL_EXCEPT);
    mixd(one / zero);
    printf("divide by zero %x\n", fetestexcept(FE_ALL_EXCEPT));
    feclearexcept(FE_ALL_EXCEPT);
    mixd(big * big);
    printf("overflow %x\n", fetestexcept(FE_ALL_EXCEPT));
    feclearexcept(FE_ALL_EXCEPT);
    mixd(tiny * tiny);
    printf("underflow %x\n", fetestexcept(FE_ALL_EXCEPT));
    feclearexcept(FE_ALL_EXCEPT);
    mixd(zero / zero);
    printf("invalid %x\n", fetestexcept(FE_ALL_EXCEPT));
    for (int i = 0; i < 4; i++) {
        fesetround(modes[i]);
        printf("mode %d: %.17g %.17g %.17g %ld\n", fegetround() == modes[i], one / three, -one / three, rint(2.5), lrint(-2.5));
    }
    fesetround(FE_TONEAREST);
#endif
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static void strings(void) {
    static char *words[300];
    for (int i = 0; i < 300; i++) {
        words[i] = malloc(32);
        sprintf(words[i] + (i & 7) % 3, "%lx", (long) (next() & 0xFFFFF));
        memmove(words[i], words[i] + (i & 7) % 3, strlen(words[i] + (i & 7) % 3) + 1);
    }
    qsort(words, 300, sizeof *words, compare);
    for (int i = 0; i < 300; i += 60) printf("%s ", words[i]);
    printf("%zu %d\n", strlen(words[7]), memcmp(words[1], words[2], 3) < 0);
}

static jmp_buf back;

int main(void) {
    integers();
    floats();
    environment();
    strings();
    if (setjmp(back) == 0) longjmp(back, 1);
    printf("end %016llx\n", (unsigned long long) sum);
    return 0;
}
