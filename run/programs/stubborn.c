/*
 * stubborn: ignores SIGTERM, writes "ready" and waits for ever.  For tests of
 * what ends a program that does not want to.
 */
#include <signal.h>
#include <unistd.h>

int main(void)
{
    signal(SIGTERM, SIG_IGN);
    if (write(1, "ready\n", 6) != 6)
        return 1;
    for (;;)
        pause();
}
