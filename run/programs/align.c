/*
 * align: loads and stores that are not aligned, of 16, 32 and 64 bits and of
 * float and double, at every offset of a buffer and across a page boundary,
 * by the plain instructions that expect alignment.  Linux/Alpha repairs these
 * in its trap handler, so the values must be right.  Prints every value.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static unsigned char buffer[32] __attribute__((aligned(16)));

static void fill(unsigned char *p, int n)
{
    for (int i = 0; i < n; i++)
        p[i] = 0x10 + 7 * i;
}

static unsigned long sum(const unsigned char *p, int n)
{
    unsigned long s = 0;
    for (int i = 0; i < n; i++)
        s = s * 31 + p[i];
    return s;
}

static void at(unsigned char *p, int size)
{
    long q, l;
    double t;
    float s;

    __asm__ volatile("ldq %0,0(%1)" : "=r"(q) : "r"(p) : "memory");
    __asm__ volatile("ldl %0,0(%1)" : "=r"(l) : "r"(p) : "memory");
    printf(" ldq %lx ldl %lx", q, l);
    __asm__ volatile("stq %1,0(%0)" : : "r"(p), "r"(0x1122334455667788) : "memory");
    printf(" stq %lx", sum(p - (size - 16), size));
    __asm__ volatile("stl %1,4(%0)" : : "r"(p), "r"(0xa1b2c3d4) : "memory");
    printf(" stl %lx", sum(p - (size - 16), size));
    __asm__ volatile("stt %1,0(%0)" : : "r"(p), "f"(1.25) : "memory");
    __asm__ volatile("ldt %0,0(%1)" : "=f"(t) : "r"(p) : "memory");
    __asm__ volatile("sts %1,0(%0)" : : "r"(p), "f"(-0.375f) : "memory");
    __asm__ volatile("lds %0,0(%1)" : "=f"(s) : "r"(p) : "memory");
    printf(" ldt %g lds %g %lx\n", t, s, sum(p - (size - 16), size));
}

int main(void)
{
    for (int i = 0; i < 16; i++) {
        fill(buffer, 32);
        printf("offset %d:", i);
        at(buffer + i, 16);
    }
    __asm__(".arch ev67");
    fill(buffer, 32);
    for (int i = 0; i < 8; i++) {
        unsigned long w;
        __asm__ volatile("ldwu %0,0(%1)" : "=r"(w) : "r"(buffer + i) : "memory");
        __asm__ volatile("stw %1,9(%0)" : : "r"(buffer + i), "r"(w + i) : "memory");
        printf("word %d: %lx %lx\n", i, w, sum(buffer, 32));
    }
    unsigned char *pages = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 1; i < 8; i++) {
        fill(pages + 8192 - 16, 32);
        printf("across pages %d:", i);
        at(pages + 8192 - i, 16);
    }
    return 0;
}
