/*
 * insnext: the instruction set extensions of the 21264A (EV67), used directly:
 * BWX (byte and word loads, stores and sign extension), CIX (bit counts), MVI
 * (multimedia minimum, maximum, pixel error, pack and unpack), FIX (moves
 * between the register files and square root), and what AMASK and IMPLVER
 * report.  Assembled for EV67 whatever processor the rest is compiled for.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

__asm__(".arch ev67");

static const uint64_t values[] = {
    0, 1, 0x80, 0x7f, 0x8000, 0xff80ff80, 0x0123456789abcdef,
    0xfedcba9876543210, 0x80007fff00ff7f80, 0x7fffffffffffffff,
    0x8000000000000000, 0xffffffffffffffff,
};
#define VALUES (sizeof values / sizeof values[0])

#define UNARY(name)                                             \
    do {                                                        \
        uint64_t r;                                             \
        __asm__ volatile(#name " %1,%0" : "=r"(r) : "r"(a));    \
        printf(" " #name "=%lx", r);                            \
    } while (0)
#define BINARY(name)                                                    \
    do {                                                                \
        uint64_t r;                                                     \
        __asm__ volatile(#name " %1,%2,%0" : "=r"(r) : "r"(a), "r"(b)); \
        printf(" " #name "=%lx", r);                                    \
    } while (0)

static void moves(uint64_t a)
{
    double t;
    uint64_t r, s;
    __asm__ volatile("itoft %1,%0" : "=f"(t) : "r"(a));
    __asm__ volatile("ftoit %1,%0" : "=r"(r) : "f"(t));
    __asm__ volatile("ftois %1,%0" : "=r"(s) : "f"(t));
    printf(" ftoit=%lx ftois=%lx", r, s);
    __asm__ volatile("itofs %1,%0" : "=f"(t) : "r"(a));
    memcpy(&r, &t, 8);
    printf(" itofs=%lx", r);
}

static void memory(uint64_t a)
{
    static uint8_t cell[16] __attribute__((aligned(16)));
    uint64_t b, w, q[2];
    memset(cell, 0x33, sizeof cell);
    __asm__ volatile("stb %1,3(%0)" : : "r"(cell), "r"(a) : "memory");
    __asm__ volatile("stw %1,10(%0)" : : "r"(cell), "r"(a) : "memory");
    __asm__ volatile("ldbu %0,3(%1)" : "=r"(b) : "r"(cell) : "memory");
    __asm__ volatile("ldwu %0,10(%1)" : "=r"(w) : "r"(cell) : "memory");
    memcpy(q, cell, 16);
    printf(" ldbu=%lx ldwu=%lx memory=%lx,%lx", b, w, q[0], q[1]);
}

int main(void)
{
    for (unsigned i = 0; i < VALUES; i++) {
        uint64_t a = values[i];
        printf("%lx:", a);
        UNARY(sextb); UNARY(sextw); UNARY(ctpop); UNARY(ctlz); UNARY(cttz);
        UNARY(pklb); UNARY(pkwb); UNARY(unpkbl); UNARY(unpkbw);
        moves(a);
        memory(a);
        printf("\n");
        for (unsigned j = 0; j < VALUES; j++) {
            uint64_t b = values[j];
            printf("%lx,%lx:", a, b);
            BINARY(minub8); BINARY(minsb8); BINARY(minuw4); BINARY(minsw4);
            BINARY(maxub8); BINARY(maxsb8); BINARY(maxuw4); BINARY(maxsw4);
            BINARY(perr);
            printf("\n");
        }
    }
    static const double squares[] = { 0.0, 2.0, 1e300, 0.1, 81.0 };
    for (unsigned i = 0; i < sizeof squares / sizeof squares[0]; i++) {
        double t;
        float s;
        uint64_t r;
        uint32_t f;
        __asm__ volatile("sqrtt %1,%0" : "=f"(t) : "f"(squares[i]));
        memcpy(&r, &t, 8);
        printf("sqrtt %g=%lx", squares[i], r);
        if (squares[i] < 1e30) {
            __asm__ volatile("sqrts %1,%0" : "=f"(s) : "f"((float)squares[i]));
            memcpy(&f, &s, 4);
            printf(" sqrts=%x", f);
        }
        printf("\n");
    }
    uint64_t missing, version;
    __asm__ volatile("amask %1,%0" : "=r"(missing) : "r"(0xffffL));
    __asm__ volatile("implver %0" : "=r"(version));
    printf("amask=%lx implver=%lx\n", missing, version);
    return 0;
}
