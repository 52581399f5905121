/*
 * crash KIND [NUMBER]: raises one fault and, when it comes back from it, says
 * so and ends with status 0.  Without arguments prints the kinds.  Output is
 * written before the fault, so nothing depends on buffers.  The order of the
 * table below is that of the kinds printed.
 *
 * Build flags: -mieee -mfp-trap-mode=sui -Wno-infinite-recursion
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static long number;
static long data[64] = { 1, 2, 3 };
static volatile double zero = 0, one = 1, huge = 1e308;
static volatile long long_zero = 0, long_one = 1;
static volatile int int_zero = 0, int_one = 1;

static void null_read(void) { printf("read %d\n", *(volatile int *)number); }
static void null_write(void) { *(volatile int *)number = 1; }
static void high_read(void) { printf("read %ld\n", *(volatile long *)0x7ffffffffff00000); }
static void kernel_read(void) { printf("read %ld\n", *(volatile long *)0xfffffc0000310000); }
static void jump_to(void *p) { ((void (*)(void))p)(); }
static void wild_jump(void) { jump_to((void *)0x10000); }
static void null_jump(void) { jump_to((void *)number); }
static void data_jump(void)
{
    /* A return instruction, so that a page that can be run comes back. */
    data[0] = 0x6bfa8001;
    jump_to(data);
}
static void text_write(void) { *(volatile int *)(uintptr_t)null_read = 0; }
static void constant_write(void) { *(volatile char *)(uintptr_t)"constant" = 'C'; }
static void protected_read(void)
{
    char *p = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("read %d\n", *(volatile char *)p);
}
static void illegal(void) { __asm__ volatile(".long 0x04000000"); }
static void illegal_pal(void) { __asm__ volatile("call_pal 0x3f"); }
static void privileged(void) { __asm__ volatile("call_pal 0"); }
static void int_divide(void) { printf("%d\n", int_one / int_zero); }
static void long_remainder(void) { printf("%ld\n", long_one % long_zero); }
static void unsigned_divide(void) { printf("%lu\n", (unsigned long)long_one / (unsigned long)long_zero); }
static void add_overflow(void)
{
    long r;
    __asm__ volatile("addq/v %1,%1,%0\n\ttrapb" : "=r"(r) : "r"(1L << 62));
    printf("sum %lx\n", r);
}
static void multiply_overflow(void)
{
    long r;
    __asm__ volatile("mull/v %1,%1,%0\n\ttrapb" : "=r"(r) : "r"(1L << 20));
    printf("product %lx\n", r);
}
static void enable(int flags) { printf("enabled before %x\n", feenableexcept(flags)); fflush(stdout); }
static void fp_divide(void) { enable(FE_DIVBYZERO); one = one / zero; }
static void fp_invalid(void) { enable(FE_INVALID); one = zero / zero; }
static void fp_overflow(void) { enable(FE_OVERFLOW); one = huge * huge; }
static void fp_inexact(void) { enable(FE_INEXACT); one = one / 3; }
static void fp_masked(void) { one = one / zero; printf("quotient %g\n", one); }
/* Without the /su qualifiers the processor traps whatever the mask. */
static void fp_plain_divide(void)
{
    double r;
    __asm__ volatile("divt %1,%2,%0\n\ttrapb" : "=&f"(r) : "f"(1.0), "f"(0.0));
    printf("quotient %g\n", r);
}
static void fp_plain_nan(void)
{
    double r;
    __asm__ volatile("addt %1,%1,%0\n\ttrapb" : "=&f"(r) : "f"(__builtin_nan("")));
    printf("sum %g\n", r);
}
static void fp_plain_denormal(void)
{
    double r;
    __asm__ volatile("addt %1,%1,%0\n\ttrapb" : "=&f"(r) : "f"(0x1p-1074));
    printf("sum %g\n", r);
}

static char buffer[64] __attribute__((aligned(16)));
static void *odd(void)
{
    for (int i = 0; i < 64; i++)
        buffer[i] = i;
    return buffer + 3;
}
static void align_ldq(void) { printf("read %lx\n", *(volatile long *)odd()); }
static void align_ldl(void) { printf("read %x\n", *(volatile int *)odd()); }
static void align_stq(void) { *(volatile long *)odd() = -1; printf("stored %lx\n", *(long *)buffer); }
static void align_stl(void) { *(volatile int *)odd() = -1; printf("stored %lx\n", *(long *)buffer); }
static void align_ldt(void)
{
    union { double d; long q; } u = { .d = *(volatile double *)odd() };
    printf("read %lx\n", u.q);
}
static void align_ldq_l(void)
{
    long r;
    __asm__ volatile("ldq_l %0,0(%1)" : "=r"(r) : "r"(odd()));
    printf("read %lx\n", r);
}
static void align_ldl_l(void)
{
    long r;
    __asm__ volatile("ldl_l %0,0(%1)" : "=r"(r) : "r"(odd()));
    printf("read %lx\n", r);
}
static void align_stq_c(void)
{
    long r = 5;
    __asm__ volatile("stq_c %0,0(%1)" : "+r"(r) : "r"(odd()) : "memory");
    printf("stored %ld\n", r);
}
static void align_jump(void) { jump_to((char *)(uintptr_t)null_write + 2); }

static long deeper(volatile long *outer)
{
    volatile long frame[512];
    frame[0] = outer[0] + 1;
    return deeper(frame) + frame[0];
}
static void stack(void) { volatile long bottom[1] = { 0 }; printf("%ld\n", deeper(bottom)); }
static void alt_handler(int n) { (void)n; if (write(1, "on the other stack\n", 19) == 19) _exit(7); }
static void stack_caught(void)
{
    static char other[65536];
    stack_t s = { .ss_sp = other, .ss_size = sizeof other };
    struct sigaction a = { .sa_handler = alt_handler, .sa_flags = SA_ONSTACK };
    sigaltstack(&s, NULL);
    sigaction(SIGSEGV, &a, NULL);
    stack();
}
static void breakpoint(void) { __asm__ volatile("call_pal 0x80"); }
static void bugcheck(void) { __asm__ volatile("call_pal 0x81"); }
static void gentrap(void)
{
    register long code __asm__("$16") = number;
    __asm__ volatile("call_pal 0xaa" : : "r"(code));
}
static void broken_pipe(void)
{
    int ends[2];
    if (pipe(ends) < 0)
        exit(2);
    close(ends[0]);
    printf("wrote %d\n", (int)write(ends[1], "x", 1));
}
static void unknown_call(void)
{
    long r = syscall(9999);
    printf("returned %ld errno %d %s\n", r, errno, strerror(errno));
    r = syscall(-5L);
    printf("returned %ld errno %d\n", r, errno);
}
static void raise_signal(void) { printf("raise %d\n", raise(number)); }
static void kill_signal(void) { printf("kill %d\n", kill(getpid(), number)); }
static void blocked_fault(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    null_read();
}
static void ignored_fault(void) { signal(SIGSEGV, SIG_IGN); null_read(); }
static void double_handler(int n) { (void)n; null_read(); }
static void double_fault(void) { signal(SIGSEGV, double_handler); null_read(); }
static void double_free(void)
{
    char *volatile p = malloc(20);
    char *volatile q = p;
    free(p);
    free(q);
}

static const struct { const char *name; void (*action)(void); } kinds[] = {
    { "null-read", null_read }, { "null-write", null_write },
    { "high-read", high_read }, { "kernel-read", kernel_read },
    { "wild-jump", wild_jump }, { "null-jump", null_jump },
    { "data-jump", data_jump }, { "text-write", text_write },
    { "constant-write", constant_write }, { "protected-read", protected_read },
    { "illegal", illegal }, { "illegal-pal", illegal_pal },
    { "privileged", privileged }, { "int-divide", int_divide },
    { "long-remainder", long_remainder }, { "unsigned-divide", unsigned_divide },
    { "add-overflow", add_overflow }, { "multiply-overflow", multiply_overflow },
    { "fp-divide", fp_divide }, { "fp-invalid", fp_invalid },
    { "fp-overflow", fp_overflow }, { "fp-inexact", fp_inexact },
    { "fp-masked", fp_masked }, { "fp-plain-divide", fp_plain_divide },
    { "fp-plain-nan", fp_plain_nan }, { "fp-plain-denormal", fp_plain_denormal },
    { "align-ldq", align_ldq }, { "align-ldl", align_ldl },
    { "align-stq", align_stq }, { "align-stl", align_stl },
    { "align-ldt", align_ldt }, { "align-ldq_l", align_ldq_l },
    { "align-ldl_l", align_ldl_l }, { "align-stq_c", align_stq_c },
    { "align-jump", align_jump }, { "stack", stack },
    { "stack-caught", stack_caught }, { "abort", abort },
    { "breakpoint", breakpoint }, { "bugcheck", bugcheck },
    { "gentrap", gentrap }, { "broken-pipe", broken_pipe },
    { "unknown-call", unknown_call }, { "raise", raise_signal },
    { "kill", kill_signal }, { "blocked-fault", blocked_fault },
    { "ignored-fault", ignored_fault }, { "double-fault", double_fault },
    { "double-free", double_free },
};

int main(int argc, char **argv)
{
    if (argc > 2)
        number = strtol(argv[2], NULL, 0);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (argc < 2) {
            printf("%s\n", kinds[i].name);
        } else if (strcmp(argv[1], kinds[i].name) == 0) {
            printf("before %s\n", kinds[i].name);
            fflush(stdout);
            kinds[i].action();
            printf("came back\n");
            return 0;
        }
    }
    if (argc < 2)
        return 0;
    fprintf(stderr, "crash: unknown kind %s\n", argv[1]);
    return 2;
}
