/*
 * cat: copies files to standard output with read(2) and write(2).  Without
 * arguments, or for the argument "-", copies standard input.  A file that
 * cannot be opened or read is reported on standard error, the others are
 * still copied, and the exit status is 1.  Exercises open, read, write with
 * partial transfers, close and the errno values of failing calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char buffer[65536];

static int copy(int fd, const char *name)
{
    for (;;) {
        ssize_t n = read(fd, buffer, sizeof buffer);
        if (n == 0)
            return 0;
        if (n < 0) {
            fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
            return 1;
        }
        /* A pipe may take less than asked for. */
        for (ssize_t done = 0; done < n;) {
            ssize_t w = write(1, buffer + done, n - done);
            if (w < 0) {
                fprintf(stderr, "cat: write: %s\n", strerror(errno));
                return 1;
            }
            done += w;
        }
    }
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc == 1)
        return copy(0, "-");
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-") == 0) {
            status |= copy(0, "-");
            continue;
        }
        int fd = open(argv[i], O_RDONLY);
        if (fd < 0) {
            fprintf(stderr, "cat: %s: %s\n", argv[i], strerror(errno));
            status = 1;
            continue;
        }
        status |= copy(fd, argv[i]);
        close(fd);
    }
    return status;
}
