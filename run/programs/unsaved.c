/*
 * unsaved FILE: what bundles/policies/checkpoint refuses to write to a file, and
 * that the process goes on unharmed afterwards.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECKPOINT 20030
#define RESTART 20031

static const char *file;

static void try(const char *what)
{
    long answer = syscall(CHECKPOINT, file);
    printf("%s: %s\n", what, answer == 0 ? "saved" : answer == 1 ? "restarted" : strerror(errno));
    fflush(stdout);
}

static void *wait_for_ever(void *argument)
{
    for (;;)
        pause();
    return argument;
}

int main(int argc, char **argv)
{
    int pipes[2];
    pthread_t thread;

    if (argc != 2)
        return 2;
    file = argv[1];
    try("nothing special");
    if (pipe(pipes) != 0)
        return 1;
    try("a pipe");
    close(pipes[0]);
    close(pipes[1]);
    void *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    try("shared memory");
    munmap(memory, 8192);
    pid_t child = fork();
    if (child == 0)
        wait_for_ever(NULL);
    try("a child");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    try("no child any more");
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
        return 1;
    try("a thread");
    syscall(RESTART, "/nonexistent");
    printf("restart from nothing: %s\n", strerror(errno));
    fflush(stdout);
    _exit(0);
}
