/*
 * insnint: every integer operate instruction of the base architecture, used
 * directly: byte extract, insert, mask and zap, scaled add and subtract,
 * compare bytes, conditional moves, longword forms, umulh, load-address and
 * unaligned quadword loads and stores.  The compiler emits some of these
 * rarely; here each is applied to pairs of boundary values and the result
 * printed in hex.
 */
#include <stdint.h>
#include <stdio.h>

static const uint64_t left[] = {
    0, 0x0123456789abcdef, 0xfedcba9876543210, 0x80000000ffffffff,
    0x7f80ff0001007f81, 0xffffffffffffffff,
};
static const uint64_t right[] = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 0x55, 0xaa, 0x3f, 0x7fffffff,
    0x80000000, 0x0123456789abcdef, 0x8000000000000000, 0xffffffffffffffff,
};

#define OP(name)                                                        \
    do {                                                                \
        uint64_t r;                                                     \
        __asm__ volatile(#name " %1,%2,%0" : "=r"(r) : "r"(a), "r"(b)); \
        printf(" " #name "=%lx", r);                                    \
    } while (0)
/* The literal form zero-extends eight bits. */
#define LITERAL(name, n)                                                \
    do {                                                                \
        uint64_t r;                                                     \
        __asm__ volatile(#name " %1,%2,%0" : "=r"(r) : "r"(a), "I"(n)); \
        printf(" " #name "/%d=%lx", n, r);                              \
    } while (0)
#define MOVE(name)                                                      \
    do {                                                                \
        uint64_t r = 0x1111;                                            \
        __asm__ volatile(#name " %1,%2,%0" : "+r"(r) : "r"(a), "r"(b)); \
        printf(" " #name "=%lx", r);                                    \
    } while (0)

static void pair(uint64_t a, uint64_t b)
{
    printf("%lx,%lx:", a, b);
    OP(addl); OP(addq); OP(subl); OP(subq); OP(mull); OP(mulq); OP(umulh);
    OP(s4addl); OP(s8addl); OP(s4addq); OP(s8addq);
    OP(s4subl); OP(s8subl); OP(s4subq); OP(s8subq);
    OP(cmpeq); OP(cmplt); OP(cmple); OP(cmpult); OP(cmpule); OP(cmpbge);
    OP(and); OP(bic); OP(bis); OP(ornot); OP(xor); OP(eqv);
    OP(sll); OP(srl); OP(sra); OP(zap); OP(zapnot);
    OP(extbl); OP(extwl); OP(extll); OP(extql); OP(extwh); OP(extlh); OP(extqh);
    OP(insbl); OP(inswl); OP(insll); OP(insql); OP(inswh); OP(inslh); OP(insqh);
    OP(mskbl); OP(mskwl); OP(mskll); OP(mskql); OP(mskwh); OP(msklh); OP(mskqh);
    MOVE(cmoveq); MOVE(cmovne); MOVE(cmovlt); MOVE(cmovle);
    MOVE(cmovgt); MOVE(cmovge); MOVE(cmovlbs); MOVE(cmovlbc);
    printf("\n");
}

static void literals(uint64_t a)
{
    printf("%lx literal:", a);
    LITERAL(addl, 255); LITERAL(subq, 200); LITERAL(mulq, 129); LITERAL(cmplt, 255);
    LITERAL(bic, 255); LITERAL(zapnot, 165); LITERAL(cmpbge, 128); LITERAL(sra, 63);
    LITERAL(extqh, 3); LITERAL(insqh, 8); LITERAL(mskql, 5); LITERAL(umulh, 250);
    printf("\n");
}

int main(void)
{
    for (unsigned i = 0; i < sizeof left / sizeof left[0]; i++) {
        literals(left[i]);
        for (unsigned j = 0; j < sizeof right / sizeof right[0]; j++)
            pair(left[i], right[j]);
    }
    /* ldq_u and stq_u drop the low three bits of the address. */
    static uint64_t memory[4] __attribute__((aligned(32))) = { 1, 2, 3, 4 };
    for (int i = 0; i < 16; i++) {
        uint64_t r, base = (uint64_t)memory;
        __asm__ volatile("ldq_u %0,7(%1)" : "=r"(r) : "r"(base + i) : "memory");
        __asm__ volatile("stq_u %1,1(%0)" : : "r"(base + i), "r"(r + i) : "memory");
        printf("ldq_u %d=%lx memory=%lx,%lx,%lx,%lx\n", i, r,
               memory[0], memory[1], memory[2], memory[3]);
    }
    uint64_t r;
    __asm__("lda %0,-32768(%1)" : "=r"(r) : "r"(5L));
    printf("lda=%lx\n", r);
    __asm__("ldah %0,-32768(%1)" : "=r"(r) : "r"(5L));
    printf("ldah=%lx\n", r);
    __asm__("ldah %0,32767(%1)" : "=r"(r) : "r"(0x7fffffffL));
    printf("ldah=%lx\n", r);
    return 0;
}
