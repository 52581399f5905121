/*
 * atomics: load-locked and store-conditional through the compiler's atomic
 * operations in 8, 16, 32 and 64 bits, and directly: a store-conditional
 * after a load-locked succeeds, a second one without a new load-locked fails.
 *
 * Build flags: -Wno-sync-nand
 */
#include <stdint.h>
#include <stdio.h>

#define EXERCISE(type, start)                                                   \
    do {                                                                        \
        static type v = (type)start;                                            \
        printf(#type ": add %ld", (long)__sync_fetch_and_add(&v, 5));           \
        printf(" sub %ld", (long)__sync_sub_and_fetch(&v, 7));                  \
        printf(" or %ld", (long)__sync_fetch_and_or(&v, 0x30));                 \
        printf(" and %ld", (long)__sync_and_and_fetch(&v, 0x7c));               \
        printf(" xor %ld", (long)__sync_xor_and_fetch(&v, 0x55));               \
        printf(" nand %ld", (long)__sync_fetch_and_nand(&v, 0x11));             \
        type seen = v;                                                          \
        printf(" cas %d", __sync_bool_compare_and_swap(&v, seen, 42));          \
        printf(" %d", __sync_bool_compare_and_swap(&v, seen, 43));              \
        printf(" %ld", (long)__sync_val_compare_and_swap(&v, 42, 44));          \
        printf(" swap %ld", (long)__atomic_exchange_n(&v, 7, __ATOMIC_SEQ_CST)); \
        printf(" final %ld\n", (long)__atomic_load_n(&v, __ATOMIC_ACQUIRE));    \
    } while (0)

static long cell = 10;

int main(void)
{
    EXERCISE(int8_t, 100);
    EXERCISE(uint8_t, 250);
    EXERCISE(int16_t, 32767);
    EXERCISE(uint16_t, 65533);
    EXERCISE(int32_t, 2147483647);
    EXERCISE(uint32_t, 4294967290);
    EXERCISE(int64_t, 9223372036854775807);

    /* Bytes around the one that is changed must stay. */
    static uint8_t row[8] __attribute__((aligned(8))) = { 1, 2, 3, 4, 5, 6, 7, 8 };
    for (int i = 0; i < 8; i++)
        __sync_fetch_and_add(&row[i], 255 - i);
    for (int i = 0; i < 8; i++)
        printf("%d ", row[i]);
    printf("\n");

    long value, first, again;
    __asm__ volatile("ldq_l %0,%3\n\taddq %0,1,%1\n\tstq_c %1,%3\n\t"
                     "addq %0,2,%2\n\tstq_c %2,%3"
                     : "=&r"(value), "=&r"(first), "=&r"(again), "+m"(cell));
    printf("loaded %ld stored %ld again %ld cell %ld\n", value, first, again, cell);
    static int word = -5;
    __asm__ volatile("ldl_l %0,%3\n\taddl %0,1,%1\n\tstl_c %1,%3\n\t"
                     "addl %0,2,%2\n\tstl_c %2,%3"
                     : "=&r"(value), "=&r"(first), "=&r"(again), "+m"(word));
    printf("loaded %ld stored %ld again %ld cell %d\n", value, first, again, word);
    __asm__ volatile("mb\n\twmb\n\ttrapb\n\texcb" : : : "memory");

    long total = 0;
    for (long i = 0; i < 20000; i++)
        __sync_fetch_and_add(&total, i);
    printf("total %ld\n", total);
    return 0;
}
