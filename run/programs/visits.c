/*
 * visits DIR: every 10 ms writes the number of the visit to DIR/kept, makes and
 * removes DIR/made, lists DIR, and says how each went, for tests that change
 * what a running program meets.  Never ends by itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *how(int result)
{
    return result < 0 ? strerror(errno) : "done";
}

static void list(void)
{
    char *names[100];
    int count = 0;
    DIR *directory = opendir(".");
    struct dirent *entry;

    while (directory && (entry = readdir(directory)) && count < 100)
        if (entry->d_name[0] != '.')
            names[count++] = strdup(entry->d_name);
    if (directory)
        closedir(directory);
    qsort(names, count, sizeof *names, by_name);
    for (int i = 0; i < count; i++) {
        printf(" %s", names[i]);
        free(names[i]);
    }
}

int main(int argc, char **argv)
{
    char text[20];

    if (argc != 2 || chdir(argv[1]) < 0) {
        fprintf(stderr, "usage: visits DIR\n");
        return 2;
    }
    for (int visit = 1; usleep(10000) == 0; visit++) {
        int fd = open("kept", O_WRONLY | O_CREAT | O_TRUNC, 0644);
        int length = snprintf(text, sizeof text, "%d\n", visit);

        printf("keep: %s", how(fd < 0 ? -1 : (int)write(fd, text, length)));
        close(fd);
        fd = open("made", O_WRONLY | O_CREAT, 0644);
        printf(", make: %s", how(fd));
        close(fd);
        printf(", remove: %s,", how(unlink("made")));
        list();
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
