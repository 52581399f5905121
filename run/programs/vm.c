/*
 * vm [N]: a small stack machine that interprets a program computing Collatz
 * sequence lengths up to N (default 2000), the greatest common divisor of
 * pairs, and factorials.  Exercises dense switches (jump tables), indirect
 * calls through function pointers and byte-code fetches.
 */
#include <stdio.h>
#include <stdlib.h>

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, DIV, MOD, LESS, EQUAL, JUMP, ZERO, CALL, RETURN, PRINT, HALT };

static long variable[8], stack[256], steps;

static long run(const short *code)
{
    long *sp = stack;
    const short *pc = code, *calls[16];
    int depth = 0;

    for (;; steps++) {
        switch (*pc++) {
        case PUSH: *sp++ = *pc++; break;
        case LOAD: *sp++ = variable[*pc++]; break;
        case STORE: variable[*pc++] = *--sp; break;
        case ADD: sp--; sp[-1] += sp[0]; break;
        case SUB: sp--; sp[-1] -= sp[0]; break;
        case MUL: sp--; sp[-1] *= sp[0]; break;
        case DIV: sp--; sp[-1] /= sp[0]; break;
        case MOD: sp--; sp[-1] %= sp[0]; break;
        case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
        case EQUAL: sp--; sp[-1] = sp[-1] == sp[0]; break;
        case JUMP: pc = code + *pc; break;
        case ZERO: pc = *--sp ? pc + 1 : code + *pc; break;
        case CALL: calls[depth++] = pc + 1; pc = code + *pc; break;
        case RETURN: pc = calls[--depth]; break;
        case PRINT: printf("%ld\n", *--sp); break;
        case HALT: return sp > stack ? sp[-1] : 0;
        default: abort();
        }
    }
}

/* Steps of the Collatz sequence from variable 0, counted in variable 1. */
static const short collatz[] = {
    PUSH, 0, STORE, 1,
    /* 4 */ LOAD, 0, PUSH, 1, EQUAL, ZERO, 14, LOAD, 1, HALT,
    /* 14 */ LOAD, 0, PUSH, 2, MOD, ZERO, 31,
    LOAD, 0, PUSH, 3, MUL, PUSH, 1, ADD, JUMP, 36,
    /* 31 */ LOAD, 0, PUSH, 2, DIV,
    /* 36 */ STORE, 0, LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, 4,
};
/* Greatest common divisor of variables 0 and 1, as a subroutine. */
static const short gcd[] = {
    CALL, 4, PRINT, HALT,
    /* 4 */ LOAD, 1, ZERO, 21, LOAD, 1, LOAD, 0, LOAD, 1, MOD, STORE, 1,
    STORE, 0, JUMP, 4,
    /* 21 */ LOAD, 0, RETURN,
};
/* Factorials 1! to 20!. */
static const short factorial[] = {
    PUSH, 1, STORE, 0, PUSH, 1, STORE, 1,
    /* 8 */ LOAD, 1, LOAD, 0, MUL, STORE, 1, LOAD, 1, PRINT,
    LOAD, 0, PUSH, 1, ADD, STORE, 0,
    LOAD, 0, PUSH, 21, LESS, ZERO, 34, JUMP, 8,
    /* 34 */ HALT,
};

int main(int argc, char **argv)
{
    long n = argc > 1 ? atol(argv[1]) : 2000, longest = 0, start = 0, sum = 0;

    for (long i = 1; i <= n; i++) {
        variable[0] = i;
        long length = run(collatz);
        sum += length;
        if (length > longest) {
            longest = length;
            start = i;
        }
    }
    printf("n=%ld longest=%ld from=%ld sum=%ld\n", n, longest, start, sum);
    variable[0] = 1071;
    variable[1] = 462;
    run(gcd);
    variable[0] = 1L << 40;
    variable[1] = 6L << 37;
    run(gcd);
    run(factorial);
    printf("steps=%ld\n", steps);
    return 0;
}
