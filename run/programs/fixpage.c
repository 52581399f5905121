/*
 * fixpage: a SIGSEGV handler that repairs the cause and continues.  Touches
 * pages without access, read-only pages and unmapped pages in turn; the
 * handler reads si_addr and opens or maps the page, and the faulting
 * instruction is run again.  Prints the offset of each fault and the sums of
 * what was written, so a store that is lost or done twice shows.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PAGES 8
#define PAGE 8192UL

static unsigned char *area;
static volatile int faults;
static long where[64];
static int code[64], remap;

static void handler(int number, siginfo_t *info, void *context)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    (void)number;
    (void)context;
    where[faults] = (long)(address - (uintptr_t)area);
    code[faults++] = info->si_code;
    void *page = (void *)(address & -PAGE);
    if (remap)
        mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    else
        mprotect(page, PAGE, PROT_READ | PROT_WRITE);
}

static void report(const char *label)
{
    unsigned long sum = 0;
    int n = faults;
    for (unsigned long i = 0; i < PAGES * PAGE; i++)
        sum = sum * 31 + area[i];
    printf("%s: faults %d sum %016lx:", label, n, sum);
    /* A fault is reported by its page: the address of a byte store may be
       given as that of the quadword that holds it. */
    for (int i = 0; i < n; i++)
        printf(" %ld+%ld/%d", where[i] / (long)PAGE, where[i] % (long)PAGE & -8L, code[i]);
    printf("\n");
    faults = 0;
}

int main(void)
{
    struct sigaction a;
    memset(&a, 0, sizeof a);
    a.sa_sigaction = handler;
    a.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &a, NULL);

    area = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return 2;
    for (unsigned long i = 0; i < PAGES * PAGE; i += 1024)
        *(volatile long *)(area + i) += i;
    report("no access");

    mprotect(area, PAGES * PAGE, PROT_READ);
    for (unsigned long i = 4; i < PAGES * PAGE; i += 3000)
        (*(volatile int *)(area + (i & -4UL)))++;
    report("read only");

    mprotect(area, PAGES * PAGE, PROT_READ);
    for (unsigned long i = 100; i < PAGES * PAGE; i += 5001)
        area[i] = i;
    report("bytes");

    munmap(area, PAGES * PAGE);
    remap = 1;
    double total = 0;
    for (unsigned long i = 16; i < PAGES * PAGE; i += 4096) {
        volatile double *d = (volatile double *)(area + i);
        total += *d;
        *d = i * 0.5;
        total += *d;
    }
    printf("total %g\n", total);
    report("unmapped");
    return 0;
}
