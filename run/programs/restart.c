/*
 * restart FILE: becomes the process that bundles/policies/checkpoint has
 * written to FILE.
 */
#include <stdio.h>
#include <unistd.h>

#define RESTART 20031

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "restart FILE\n");
        return 2;
    }
    syscall(RESTART, argv[1]);
    perror(argv[1]);
    return 1;
}
