/*
 * inputs FILE: shows all that comes into a program from outside: the bytes of AT_RANDOM, its arguments and environment, the time, its id,
 * random bytes, a file's contents read and mapped, standard input, what children send through a pipe, and how they end; threads that add
 * random numbers up under a lock.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;

static void bytes(const char *what, const unsigned char *from, int count)
{
    printf("%s:", what);
    for (int i = 0; i < count; i++)
        printf(" %02x", from[i]);
    printf("\n");
}

static void *draws(void *unused)
{
    (void) unused;
    for (int i = 0; i < 50; i++) {
        unsigned char drawn;
        if (getrandom(&drawn, 1, 0) != 1)
            return NULL;
        char *block = malloc(1000 + drawn);
        memset(block, 1, 1000);
        pthread_mutex_lock(&lock);
        total += drawn + block[drawn];
        pthread_mutex_unlock(&lock);
        free(block);
    }
    return NULL;
}

static void children(void)
{
    int ends[2], status;
    char text[64];
    if (pipe(ends) != 0)
        return;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        dprintf(ends[1], "child %d at %ld", getpid(), now.tv_nsec);
        dprintf(1, "child writes\n");
        _exit(now.tv_nsec % 100);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], text, sizeof text - 1);
    waitpid(child, &status, 0);
    printf("%.*s, status %d\n", (int) got, text, WEXITSTATUS(status));
    fflush(stdout);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    kill(child, SIGUSR1);
    waitpid(child, &status, 0);
    printf("killed by %d\n", WTERMSIG(status) == SIGUSR1);
}

int main(int argc, char **argv)
{
    struct timespec now;
    struct stat about;
    unsigned char random[8];
    char line[100];
    pthread_t threads[4];
    const char *given = getenv("GIVEN");
    bytes("AT_RANDOM", (unsigned char *) getauxval(AT_RANDOM), 16);
    clock_gettime(CLOCK_REALTIME, &now);
    printf("%d arguments, GIVEN is %s, %ld.%09ld, process %d, here %p\n", argc, given ? given : "not there", (long) now.tv_sec,
           now.tv_nsec, getpid(), (void *) line);
    getrandom(random, sizeof random, 0);
    bytes("random", random, sizeof random);
    int file = open(argv[1], O_RDONLY);
    if (file < 0 || fstat(file, &about) != 0) {
        perror(argv[1]);
        return 1;
    }
    printf("%ld bytes, inode %ld: ", (long) about.st_size, (long) about.st_ino);
    char *mapped = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    fwrite(mapped, 1, about.st_size, stdout);
    printf("stdin: %s", fgets(line, sizeof line, stdin) ? line : "nothing\n");
    children();
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, draws, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    printf("total %ld\n", total);
    return random[0] % 100;
}
