/*
 * tls: thread-local storage of the main thread.  Initialised and zero
 * variables, alignment, structures, errno, and addresses that differ from
 * those of plain variables.  Exercises the PALcode calls rduniq and wruniq
 * and the TLS segment of the executable.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static __thread int initialised = 1234;
static __thread long zero;
static __thread char text[32] = "thread-local text";
static __thread struct { double d; char c; } pair = { 2.5, 'x' };
static __thread long aligned __attribute__((aligned(64))) = 64;
static int plain = 99;

__attribute__((noinline)) static long bump(void)
{
    return ++zero * 100 + ++initialised;
}

int main(void)
{
    printf("%d %ld \"%s\" %g %c %ld\n", initialised, zero, text, pair.d, pair.c, aligned);
    for (int i = 0; i < 3; i++)
        printf("%ld\n", bump());
    printf("aligned %d\n", ((uintptr_t)&aligned & 63) == 0);

    uintptr_t thread = (uintptr_t)__builtin_thread_pointer();
    uintptr_t a = (uintptr_t)&initialised, b = (uintptr_t)&plain;
    printf("near the thread pointer: variable %d plain %d\n",
           a - thread < 4096, b - thread < 4096);

    /* A value set through the PALcode must come back. */
    register uintptr_t unique __asm__("$0");
    __asm__ volatile("call_pal 0x9e" : "=r"(unique) : : "memory");
    printf("rduniq is the thread pointer %d\n", unique == thread);

    errno = 0;
    close(-1);
    printf("errno is EBADF %d\n", errno == EBADF);
    return 0;
}
