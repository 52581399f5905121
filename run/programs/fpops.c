/*
 * fpops: floating-point conformance of values.  Applies add, subtract,
 * multiply, divide, square root, comparison and every conversion to all pairs
 * of a table with zeros, denormals, the largest numbers, infinities and a
 * quiet NaN, in float and double, and prints the bits of the results.
 * Compiled for full IEEE behaviour, because without it Alpha traps on most of
 * these operands.
 *
 * Build flags: -mieee
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEEP __attribute__((noinline, noclone, noipa)) static

static const uint64_t doubles[] = {
    0x0000000000000000, 0x8000000000000000, 0x0000000000000001,
    0x800fffffffffffff, 0x0010000000000000, 0x3ff0000000000000,
    0xbff8000000000000, 0x400921fb54442d18, 0x3fb999999999999a,
    0x41dfffffffe00000, 0xc1e0000000200000, 0x43e0000000000000,
    0xc3e0000000000001, 0x47f0000000000000, 0x38100000f0000000,
    0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000,
    0x7ff8000000000000,
};
static const uint32_t floats[] = {
    0x00000000, 0x80000000, 0x00000001, 0x807fffff, 0x00800000, 0x3f800000,
    0xbfc00000, 0x40490fdb, 0x3dcccccd, 0x4f000000, 0xdf000000, 0x7f7fffff,
    0x7f800000, 0xff800000, 0x7fc00000,
};
static const uint64_t integers[] = {
    0, 1, 0xffffffffffffffff, 0x7fffffff, 0x80000000, 0xffffffff80000000,
    0x1000001, 0x20000000000001, 0x20000000000003, 0x7fffffffffffffff,
    0x8000000000000000, 0x8000000000000400, 0x8000000000000401,
};
#define COUNT(table) (sizeof table / sizeof table[0])

static double as_double(uint64_t bits) { double d; memcpy(&d, &bits, 8); return d; }
static float as_float(uint32_t bits) { float f; memcpy(&f, &bits, 4); return f; }
static uint64_t bits64(double d) { uint64_t b; memcpy(&b, &d, 8); return b; }
static uint32_t bits32(float f) { uint32_t b; memcpy(&b, &f, 4); return b; }

#define BINARY(type, suffix)                                            \
    KEEP type add##suffix(type a, type b) { return a + b; }             \
    KEEP type sub##suffix(type a, type b) { return a - b; }             \
    KEEP type mul##suffix(type a, type b) { return a * b; }             \
    KEEP type div##suffix(type a, type b) { return a / b; }             \
    KEEP int rel##suffix(type a, type b)                                \
    {                                                                   \
        return (a < b) | (a <= b) << 1 | (a == b) << 2 | (a != b) << 3  \
               | (a > b) << 4 | (a >= b) << 5                           \
               | (__builtin_isunordered(a, b) ? 64 : 0);                \
    }
BINARY(double, 64)
BINARY(float, 32)
KEEP double sqrt64(double a) { return sqrt(a); }
KEEP float sqrt32(float a) { return sqrtf(a); }
KEEP float narrow(double a) { return (float)a; }
KEEP double widen(float a) { return a; }
KEEP int64_t to_long(double a) { return (int64_t)a; }
KEEP int32_t to_int(double a) { return (int32_t)a; }
KEEP int64_t float_to_long(float a) { return (int64_t)a; }
KEEP double from_long(int64_t a) { return (double)a; }
KEEP double from_ulong(uint64_t a) { return (double)a; }
KEEP float float_from_long(int64_t a) { return (float)a; }
KEEP double from_int(int32_t a) { return a; }

int main(void)
{
    for (size_t i = 0; i < COUNT(doubles); i++) {
        double a = as_double(doubles[i]);
        printf("double %016lx sqrt=%lx narrow=%x long=%lx int=%x neg=%lx abs=%lx"
               " floor=%lx ceil=%lx trunc=%lx rint=%lx\n",
               doubles[i], bits64(sqrt64(a)), bits32(narrow(a)), to_long(a),
               to_int(a), bits64(-a), bits64(fabs(a)), bits64(floor(a)),
               bits64(ceil(a)), bits64(trunc(a)), bits64(rint(a)));
        for (size_t j = 0; j < COUNT(doubles); j++) {
            double b = as_double(doubles[j]);
            printf("%lx,%lx: %lx %lx %lx %lx %x %lx\n", doubles[i], doubles[j],
                   bits64(add64(a, b)), bits64(sub64(a, b)), bits64(mul64(a, b)),
                   bits64(div64(a, b)), rel64(a, b), bits64(copysign(a, b)));
        }
    }
    for (size_t i = 0; i < COUNT(floats); i++) {
        float a = as_float(floats[i]);
        printf("float %08x sqrt=%x widen=%lx long=%lx\n", floats[i],
               bits32(sqrt32(a)), bits64(widen(a)), float_to_long(a));
        for (size_t j = 0; j < COUNT(floats); j++) {
            float b = as_float(floats[j]);
            printf("%x,%x: %x %x %x %x %x\n", floats[i], floats[j],
                   bits32(add32(a, b)), bits32(sub32(a, b)),
                   bits32(mul32(a, b)), bits32(div32(a, b)), rel32(a, b));
        }
    }
    for (size_t i = 0; i < COUNT(integers); i++) {
        uint64_t a = integers[i];
        printf("integer %lx signed=%lx unsigned=%lx float=%x int=%lx\n", a,
               bits64(from_long(a)), bits64(from_ulong(a)),
               bits32(float_from_long(a)), bits64(from_int((int)a)));
    }
    return 0;
}
