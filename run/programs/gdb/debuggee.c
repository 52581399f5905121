/*
 * debuggee: what a debugger is tried on: a loop, three threads, a signal to
 * itself, a child, and status 7.  With an argument it waits for ever at the end;
 * if that is "again" it executes itself without one instead, at the beginning.
 *
 * Build flags: -g -O0 -pthread
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int total;
static volatile int handled;
static char text[] = "before";
static pthread_barrier_t barrier;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int add(int number)
{
    total += number;
    return total;
}

static void handler(int signal)
{
    handled = signal;
}

static void *work(void *argument)
{
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&lock);
    add((int)(long)argument);
    pthread_mutex_unlock(&lock);
    pthread_barrier_wait(&barrier);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[2];
    int status;

    if (argc > 1 && strcmp(argv[1], "again") == 0)
        execl(argv[0], argv[0], NULL);
    for (int i = 1; i <= 3; i++)
        add(i);
    printf("total %d, text %s\n", total, text);
    fflush(stdout);
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    pthread_barrier_init(&barrier, NULL, 3);
    for (long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, work, (void *)(10 + i));
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    if (fork() == 0)
        _exit(add(100) == 127 ? 5 : 6);
    wait(&status);
    printf("total %d, handled %d, child %d\n", total, handled == SIGUSR1, WEXITSTATUS(status));
    fflush(stdout);
    while (argc > 1)
        total++;
    return 7;
}
