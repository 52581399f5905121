/*
 * exits KIND [STATUS]: the ways to end a program: "return" from main, "exit"
 * with functions registered by atexit, "_exit" that skips these and loses
 * buffered output, "quick" for quick_exit, "handler" for exit inside an atexit
 * function, "destructor" for what runs after main, "big" for a status that is
 * cut to eight bits.  Prints the order of what ran.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int status;

static void say(const char *text)
{
    printf("%s\n", text);
}
static void first(void) { say("registered first"); }
static void second(void) { say("registered second"); }
static void late(void) { say("registered late"); }
static void third(void) { say("registered third"); atexit(late); }
static void quick(void) { say("at quick exit"); fflush(stdout); }
static void leave(void) { say("exit in a handler"); exit(status + 1); }

__attribute__((constructor)) static void before(void) { say("constructor"); }
__attribute__((destructor)) static void after(void) { say("destructor"); }

int main(int argc, char **argv)
{
    const char *kind = argc > 1 ? argv[1] : "return";

    status = argc > 2 ? atoi(argv[2]) : 0;
    atexit(first);
    atexit(second);
    atexit(third);
    say("main");
    if (strcmp(kind, "exit") == 0)
        exit(status);
    if (strcmp(kind, "_exit") == 0) {
        fflush(stdout);
        printf("this text is lost");
        _exit(status);
    }
    if (strcmp(kind, "quick") == 0) {
        at_quick_exit(quick);
        quick_exit(status);
    }
    if (strcmp(kind, "handler") == 0) {
        atexit(leave);
        exit(status);
    }
    if (strcmp(kind, "big") == 0)
        return 256 + status;
    return status;
}
