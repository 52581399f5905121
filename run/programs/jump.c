/*
 * jump: non-local jumps.  Returns through several frames with longjmp, keeps
 * callee-saved integer and floating-point registers, passes values (0 becomes
 * 1), jumps out of a signal handler with siglongjmp with and without the
 * saved mask, and builds a small exception mechanism with nested handlers.
 *
 * Build flags: -Wno-infinite-recursion
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

struct handler {
    struct handler *outer;
    jmp_buf target;
};
static struct handler *top;

__attribute__((noreturn)) static void throw(int code) { longjmp(top->target, code); }

static int dive(volatile int depth, int code)
{
    if (depth == 0)
        throw(code);
    return dive(depth - 1, code) + depth;
}

static int attempt(int code)
{
    struct handler h = { .outer = top };
    volatile int tries = 0;
    top = &h;
    int caught = setjmp(h.target);
    if (caught == 0) {
        tries++;
        if (code)
            dive(10 * code, code);
    } else if (caught == 3 && tries < 3) {
        tries++;
        dive(5, 3);
    }
    top = h.outer;
    if (caught == 2 && top)
        throw(20);
    return caught * 100 + tries;
}

static sigjmp_buf out;
static void on_signal(int number) { siglongjmp(out, number); }

static int blocked(int number)
{
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    return sigismember(&set, number);
}

int main(void)
{
    jmp_buf j;
    volatile int laps = 0;
    double f = 1.5;
    long k = 77;

    int value = setjmp(j);
    printf("lap %d value %d f %g k %ld\n", laps, value, f, k);
    if (laps++ < 4)
        longjmp(j, laps == 1 ? 0 : laps * 10);

    for (volatile int code = 0; code < 4; code++) {
        struct handler outer = { .outer = NULL };
        top = &outer;
        int late = setjmp(outer.target);
        if (late)
            printf("outer caught %d\n", late);
        else
            printf("attempt %d gives %d\n", code, attempt(code));
    }

    signal(SIGUSR1, on_signal);
    for (volatile int save = 1; save >= 0; save--) {
        int got = sigsetjmp(out, save);
        if (got == 0)
            raise(SIGUSR1);
        printf("save %d caught USR1 %d, blocked %d\n", save, got == SIGUSR1, blocked(SIGUSR1));
    }
    return 0;
}
