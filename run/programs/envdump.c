/*
 * envdump [PREFIX]: prints the environment sorted by name, only the variables
 * starting with PREFIX when given; then sets, changes and removes variables
 * and prints these.  Exercises envp, environ and the setenv family.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void dump(const char *prefix)
{
    char *sorted[256];
    int n = 0;
    for (char **e = environ; *e && n < 256; e++)
        if (strncmp(*e, prefix, strlen(prefix)) == 0)
            sorted[n++] = *e;
    qsort(sorted, n, sizeof *sorted, by_text);
    for (int i = 0; i < n; i++)
        puts(sorted[i]);
    printf("%d variables\n", n);
}

int main(int argc, char **argv)
{
    dump(argc > 1 ? argv[1] : "");
    setenv("TESTVAR_B", "two", 1);
    setenv("TESTVAR_A", "one", 1);
    setenv("TESTVAR_A", "not changed", 0);
    setenv("TESTVAR_C", "gone", 1);
    unsetenv("TESTVAR_C");
    putenv("TESTVAR_D=put");
    dump("TESTVAR_");
    return 0;
}
