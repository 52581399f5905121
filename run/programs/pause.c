/*
 * pause [SECONDS]: writes "ready" and waits for ever, or for the given number
 * of seconds.  For tests that end a waiting program by a signal; SIGTERM keeps
 * its default action, SIGINT is caught and ends the program with status 42,
 * SIGUSR1 and SIGCONT write a line and it goes on waiting: "continued" is said
 * by a program that has its terminal again.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void say(const char *text, size_t length)
{
    if (write(1, text, length) < 0)
        _exit(1);
}

static void handler(int number)
{
    if (number == SIGINT) {
        say("interrupted\n", 12);
        _exit(42);
    }
    if (number == SIGCONT)
        say("continued\n", 10);
    else
        say("signal\n", 7);
}

int main(int argc, char **argv)
{
    signal(SIGINT, handler);
    signal(SIGUSR1, handler);
    signal(SIGCONT, handler);
    say("ready\n", 6);
    if (argc > 1) {
        unsigned left = atoi(argv[1]);
        while (left)
            left = sleep(left);
        say("done\n", 5);
        return 0;
    }
    for (;;)
        pause();
}
