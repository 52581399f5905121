/*
 * insnfp: floating-point instructions used directly: the copy-sign family,
 * conditional moves, conversions between quadword, longword and the IEEE
 * formats in the chopped and minus-infinity rounding forms, comparisons with
 * their result of 2.0, and single format loads and stores.  Only exact or
 * in-range operands, so that no form needs a trap handler.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t bits64(double d) { uint64_t b; memcpy(&b, &d, 8); return b; }

#define OP(name)                                                        \
    do {                                                                \
        double r;                                                       \
        __asm__ volatile(#name " %1,%2,%0" : "=&f"(r) : "f"(a), "f"(b)); \
        printf(" " #name "=%lx", bits64(r));                            \
    } while (0)
#define ONE(name)                                                       \
    do {                                                                \
        double r;                                                       \
        __asm__ volatile(#name " %1,%0" : "=&f"(r) : "f"(a));           \
        printf(" " #name "=%lx", bits64(r));                            \
    } while (0)
#define MOVE(name)                                                      \
    do {                                                                \
        double r = 1e10;                                                \
        __asm__ volatile(#name " %1,%2,%0" : "+f"(r) : "f"(a), "f"(b)); \
        printf(" " #name "=%lx", bits64(r));                            \
    } while (0)
#define BRANCH(name)                                                    \
    do {                                                                \
        int taken = 1;                                                  \
        __asm__ volatile(#name " %1,1f\n\tmov 0,%0\n1:"                 \
                         : "+&r"(taken) : "f"(a));                      \
        printf(" " #name "=%d", taken);                                 \
    } while (0)

int main(void)
{
    static const double values[] = {
        0.0, -0.0, 1.0, -1.5, 2.5, 1e9, -123456.75, 0x1p-100, 0x1.8p60,
    };
    static const int64_t integers[] = {
        0, 1, -1, 0x7fffffff, -0x80000000L, 0x123456789abcdefL, -2, 0x40000000,
    };

    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
        double a = values[i];
        printf("%a:", a);
        ONE(cvttq/c); ONE(cvttq); ONE(cvttq/m); ONE(fneg); ONE(fabs);
        BRANCH(fbeq); BRANCH(fbne); BRANCH(fblt); BRANCH(fble);
        BRANCH(fbgt); BRANCH(fbge);
        printf("\n");
        for (unsigned j = 0; j < sizeof values / sizeof values[0]; j++) {
            double b = values[j];
            printf("%a,%a:", a, b);
            OP(cpys); OP(cpysn); OP(cpyse);
            OP(cmpteq); OP(cmptlt); OP(cmptle); OP(cmptun);
            OP(addt); OP(addt/c); OP(addt/m); OP(subt); OP(subt/m); OP(subt/c);
            OP(mult); OP(mult/c); OP(mult/m);
            if (b != 0) {
                OP(divt); OP(divt/c); OP(divt/m);
            }
            MOVE(fcmoveq); MOVE(fcmovne); MOVE(fcmovlt);
            MOVE(fcmovle); MOVE(fcmovgt); MOVE(fcmovge);
            printf("\n");
        }
    }
    for (unsigned i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        double a;
        memcpy(&a, &integers[i], 8);
        printf("%lx:", integers[i]);
        ONE(cvtqt); ONE(cvtqt/c); ONE(cvtqt/m); ONE(cvtqs); ONE(cvtqs/c);
        ONE(cvtql); ONE(cvtlq);
        uint64_t r;
        __asm__ volatile("cvtql %1,$f10\n\tcvtlq $f10,$f11\n\tstt $f11,%0"
                         : "=m"(r) : "f"(a) : "$f10", "$f11");
        printf(" both=%lx", r);
        uint32_t w;
        __asm__ volatile("cvtql %1,$f10\n\tsts $f10,%0" : "=m"(w) : "f"(a) : "$f10");
        printf(" sts=%x", w);
        printf("\n");
    }
    static const uint32_t singles[] = {
        0, 0x80000000, 1, 0x007fffff, 0x3f800000, 0x7f7fffff, 0x7f800000,
        0xffc00000, 0x7fbfffff,
    };
    for (unsigned i = 0; i < sizeof singles / sizeof singles[0]; i++) {
        /* Loads and stores move any pattern, signalling NaN included. */
        uint64_t r;
        uint32_t w;
        __asm__ volatile("lds $f10,%2\n\tstt $f10,%0\n\tsts $f10,%1"
                         : "=m"(r), "=m"(w) : "m"(singles[i]) : "$f10");
        printf("lds %x=%lx sts=%x\n", singles[i], r, w);
    }
    double control;
    __asm__ volatile("excb\n\tmf_fpcr %0\n\texcb" : "=f"(control));
    printf("rounding=%lu\n", bits64(control) >> 58 & 3);
    return 0;
}
