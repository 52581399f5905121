/*
 * upper: copies standard input to standard output in upper case, line by line
 * until the end of the input, each line written out at once as an interactive
 * program does; reports the number of lines on standard error.
 */
#include <ctype.h>
#include <stdio.h>

int main(void)
{
    char line[1024];
    int lines = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    while (fgets(line, sizeof line, stdin)) {
        for (char *p = line; *p; p++)
            *p = toupper((unsigned char)*p);
        fputs(line, stdout);
        lines++;
    }
    fprintf(stderr, "%d lines\n", lines);
    return 0;
}
