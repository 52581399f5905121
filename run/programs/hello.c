/*
 * hello: the first program to try.  Prints a greeting, every argument after
 * the first, the variables NAME and GREETING of the environment, one line on
 * standard error, and returns the first argument as exit status.  Exercises
 * the initial stack layout (argc, argv, envp), both output streams and exit.
 */
#include <stdio.h>
#include <stdlib.h>

static void show(const char *variable)
{
    const char *value = getenv(variable);
    printf("%s=%s\n", variable, value ? value : "(unset)");
}

int main(int argc, char **argv)
{
    printf("Hello from Alpha\n");
    printf("argc=%d\n", argc);
    for (int i = 1; i < argc; i++)
        printf("argv[%d]=\"%s\"\n", i, argv[i]);
    printf("argv end is %s\n", argv[argc] == NULL ? "null" : "not null");
    show("NAME");
    show("GREETING");
    fflush(stdout);
    fprintf(stderr, "hello: a line on standard error\n");
    return argc > 1 ? atoi(argv[1]) : 0;
}
