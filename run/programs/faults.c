/*
 * faults: what a program is told about its faults.  Raises each kind of fault
 * under a SA_SIGINFO handler and prints the signal, si_code, whether si_addr
 * is the address expected, and how far the program counter of the saved
 * context is from the faulting instruction; then skips that instruction by
 * changing the saved context.  Also changes a register through the context.
 *
 * Build flags: -mieee -Wno-infinite-recursion
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static volatile int caught, number, code, changed;
static volatile uintptr_t address, pc, resume;

static void handler(int n, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    caught++;
    number = n;
    code = info->si_code;
    address = (uintptr_t)info->si_addr;
    pc = u->uc_mcontext.sc_pc;
    u->uc_mcontext.sc_pc = resume;
    if (changed)
        u->uc_mcontext.sc_regs[1] = 4711;
}

static void report(const char *what, uintptr_t fault, uintptr_t at)
{
    if (!caught) {
        printf("%s: no fault\n", what);
        return;
    }
    printf("%s: caught %d signal %d code %d address ", what, caught, number, code);
    if (address == fault)
        printf("expected");
    else if (address == at)
        printf("of the instruction");
    else if (address - at < 64)
        printf("instruction+%ld", (long)(address - at));
    else if (address == 0)
        printf("null");
    else
        printf("other");
    printf(" pc+%ld\n", (long)(pc - at));
    caught = 0;
}

/* Runs one instruction between two labels; the handler goes on at the second.
   The input is in register 16 as well, for the calls that take it there. */
#define FAULT(what, fault, instruction, input)                          \
    do {                                                                \
        uintptr_t at, after;                                            \
        __asm__ volatile("br %0,1f\n"                                   \
                         "1:\tlda %1,3f-1b(%0)\n"                       \
                         "\tlda %0,2f-1b(%0)\n"                         \
                         "\tstq %1,%3\n"                                \
                         "\tbis %4,%4,$16\n"                           \
                         "2:\t" instruction "\n"                        \
                         "3:\n"                                         \
                         : "=&r"(at), "=&r"(after), "=m"(scratch), "=m"(resume) \
                         : "r"(input)                                   \
                         : "$0", "$16", "$f10", "$f11", "memory");      \
        report(what, fault, at);                                        \
    } while (0)

static long scratch;

int main(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_sigaction = handler;
    a.sa_flags = SA_SIGINFO;
    for (int i = 0; i < 5; i++)
        sigaction(signals[i], &a, NULL);
    char *closed = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *readonly = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    FAULT("load from page 0", 16, "ldq $0,0(%4)", 16L);
    FAULT("store to page 0", 24, "stl $31,4(%4)", 20L);
    FAULT("load from a closed page", (uintptr_t)closed + 8, "ldt $f10,0(%4)", closed + 8);
    FAULT("store to a read-only page", (uintptr_t)readonly + 8, "stq $31,0(%4)", readonly + 8);
    FAULT("ldq_u is aligned down", (uintptr_t)closed + 8, "ldq_u $0,5(%4)", closed + 8);
    FAULT("prefetch does not fault", 0, "ldl $31,0(%4)", closed);
    FAULT("reserved opcode", 0, ".long 0x04000000", 0L);
    FAULT("breakpoint", 0, "call_pal 0x80", 0L);
    FAULT("bugcheck", 0, "call_pal 0x81", 0L);
    FAULT("gentrap integer divide", 0, "call_pal 0xaa", -2L);
    FAULT("gentrap range", 0, "call_pal 0xaa", -8L);
    FAULT("gentrap other", 0, "call_pal 0xaa", 5L);
    FAULT("integer overflow", 0, "addq/v %4,%4,$0", 1L << 62);
    FAULT("locked load not aligned", (uintptr_t)readonly + 2, "ldq_l $0,0(%4)", readonly + 2);

    changed = 1;
    register long one __asm__("$1") = 1;
    uintptr_t at, after;
    __asm__ volatile("br %0,1f\n1:\tlda %1,3f-1b(%0)\n\tstq %1,%3\n"
                     "2:\tldq $31,0($31)\n\tldq %0,0($31)\n3:\n"
                     : "=&r"(at), "=&r"(after), "+r"(one), "=m"(resume) : : "memory");
    printf("register set by the handler: %ld\n", one);
    return 0;
}
