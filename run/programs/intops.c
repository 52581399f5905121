/*
 * intops: integer conformance.  Applies every integer operation of C to all
 * pairs of a table of boundary values, in 64, 32, 16 and 8 bits, signed and
 * unsigned, and prints the results in hex: add, subtract, multiply (low and
 * high half), divide and remainder of all sign combinations, shifts,
 * comparisons, sign and zero extension, and wrap-around.  The operations are
 * in functions that are not inlined so that the processor does the work.
 */
#include <stdint.h>
#include <stdio.h>

#define KEEP __attribute__((noinline, noclone, noipa)) static

static const uint64_t values[] = {
    0, 1, 2, 7, 0xff, 0x100, 0x7fff, 0x8000, 0xfffffffeu, 0x7fffffff,
    0x80000000u, 0xffffffffu, 0x123456789abcdef0, 0x7fffffffffffffff,
    0x8000000000000000, 0xfffffffffffffff9, 0xffffffffffffffff,
};
#define VALUES ((int)(sizeof values / sizeof values[0]))

#define BINARY(name, type, expression) \
    KEEP type name(type a, type b) { return (type)(expression); }
BINARY(add64, uint64_t, a + b)
BINARY(sub64, uint64_t, a - b)
BINARY(mul64, uint64_t, a *b)
BINARY(umulh, uint64_t, (unsigned __int128)a *b >> 64)
BINARY(mulh, int64_t, (__int128)a *b >> 64)
BINARY(add32, uint32_t, a + b)
BINARY(sub32, uint32_t, a - b)
BINARY(mul32, uint32_t, a *b)
BINARY(shl64, uint64_t, a << (b & 63))
BINARY(shr64, uint64_t, a >> (b & 63))
BINARY(sar64, int64_t, a >> (b & 63))
BINARY(shl32, uint32_t, a << (b & 31))
BINARY(shr32, uint32_t, a >> (b & 31))
BINARY(sar32, int32_t, a >> (b & 31))
BINARY(rol64, uint64_t, a << (b & 63) | a >> (-b & 63))
BINARY(bic64, uint64_t, a & ~b)
BINARY(orn64, uint64_t, a | ~b)
BINARY(eqv64, uint64_t, a ^ ~b)
BINARY(compare, int64_t, (a < b) | (a <= b) << 1 | (a == b) << 2
       | ((uint64_t)a < (uint64_t)b) << 3 | ((uint64_t)a <= (uint64_t)b) << 4
       | ((int32_t)a < (int32_t)b) << 5 | ((uint32_t)a < (uint32_t)b) << 6)
BINARY(least, int64_t, a < b ? a : b)
BINARY(scaled, uint64_t, (4 * a + b) ^ (8 * a + b) ^ (4 * a - b) ^ (8 * a - b))
BINARY(scaled32, uint32_t, (4 * a + b) ^ (8 * a + b) ^ (4 * a - b) ^ (8 * a - b))
BINARY(udiv64, uint64_t, a / b)
BINARY(urem64, uint64_t, a % b)
BINARY(sdiv64, int64_t, a / b)
BINARY(srem64, int64_t, a % b)
BINARY(udiv32, uint32_t, a / b)
BINARY(urem32, uint32_t, a % b)
BINARY(sdiv32, int32_t, a / b)
BINARY(srem32, int32_t, a % b)
BINARY(add16, int16_t, a + b)
BINARY(mul16, uint16_t, (unsigned)a *b)
BINARY(add8, int8_t, a + b)
BINARY(sub8, uint8_t, a - b)

KEEP uint64_t bytes(uint64_t a)
{
    volatile union { uint64_t q; uint32_t l[2]; uint16_t w[4]; uint8_t b[8]; } u;
    u.q = a;
    u.b[3]++;
    u.w[2] ^= 0x5a5a;
    u.b[7] = (int8_t)u.b[0] >> 1;
    u.l[0] += u.w[3];
    return u.q;
}

KEEP int64_t extend(uint64_t a)
{
    return (int8_t)a + 3 * (int64_t)(int16_t)a + 5 * (int64_t)(int32_t)a
           + 7 * (int64_t)(uint8_t)a + 11 * (int64_t)(uint16_t)a
           + 13 * (int64_t)(uint32_t)a;
}

#define SHOW(name) printf(" " #name "=%lx", (unsigned long)name(a, b))

int main(void)
{
    for (int i = 0; i < VALUES; i++) {
        uint64_t a = values[i];
        printf("value %016lx bytes=%lx extend=%lx swap=%lx popcount=%d",
               a, bytes(a), extend(a), __builtin_bswap64(a),
               __builtin_popcountl(a));
        if (a)
            printf(" clz=%d ctz=%d", __builtin_clzl(a), __builtin_ctzl(a));
        printf("\n");
        for (int j = 0; j < VALUES; j++) {
            uint64_t b = values[j];
            printf("%lx,%lx:", a, b);
            SHOW(add64); SHOW(sub64); SHOW(mul64); SHOW(umulh); SHOW(mulh);
            SHOW(add32); SHOW(sub32); SHOW(mul32); SHOW(shl64); SHOW(shr64);
            SHOW(sar64); SHOW(shl32); SHOW(shr32); SHOW(sar32); SHOW(rol64);
            SHOW(bic64); SHOW(orn64); SHOW(eqv64); SHOW(compare); SHOW(least);
            SHOW(scaled); SHOW(scaled32); SHOW(add16); SHOW(mul16);
            SHOW(add8); SHOW(sub8);
            if (b) {
                SHOW(udiv64);
                SHOW(urem64);
            }
            /* The most negative number divided by -1 has no result in C. */
            if (b && !(a == 1UL << 63 && b == ~0UL)) {
                SHOW(sdiv64);
                SHOW(srem64);
            }
            if ((uint32_t)b) {
                SHOW(udiv32);
                SHOW(urem32);
                if (!((uint32_t)a == 1U << 31 && (uint32_t)b == ~0U)) {
                    SHOW(sdiv32);
                    SHOW(srem32);
                }
            }
            printf("\n");
        }
    }
    return 0;
}
