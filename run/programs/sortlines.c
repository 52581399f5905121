/*
 * sortlines: sorts the lines of standard input, or of the named files, in
 * byte order.  -n compares by leading number, -r reverses, -u drops lines
 * that compare equal to the one before.  Ties are broken by input position,
 * so that the result is fully determined.  Exercises getline, realloc growth,
 * qsort, strcmp and strtod.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct line {
    char *text;
    double number;
    size_t position;
};

static struct line *lines;
static size_t count, capacity;
static int numeric, reverse, unique;

static int key_order(const struct line *a, const struct line *b)
{
    int c;
    if (numeric)
        c = (a->number > b->number) - (a->number < b->number);
    else
        c = strcmp(a->text, b->text);
    return reverse ? -c : c;
}

static int order(const void *pa, const void *pb)
{
    const struct line *a = pa, *b = pb;
    int c = key_order(a, b);
    return c ? c : (a->position > b->position) - (a->position < b->position);
}

static void load(FILE *in)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length;

    while ((length = getline(&text, &size, in)) > 0) {
        if (text[length - 1] == '\n')
            text[length - 1] = '\0';
        if (count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            lines = realloc(lines, capacity * sizeof *lines);
        }
        lines[count].text = strdup(text);
        lines[count].number = strtod(text, NULL);
        lines[count].position = count;
        count++;
    }
    free(text);
}

int main(int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "nru")) != -1) {
        switch (option) {
        case 'n': numeric = 1; break;
        case 'r': reverse = 1; break;
        case 'u': unique = 1; break;
        default: return 2;
        }
    }
    if (optind == argc)
        load(stdin);
    for (int i = optind; i < argc; i++) {
        FILE *in = fopen(argv[i], "r");
        if (!in) {
            perror(argv[i]);
            return 1;
        }
        load(in);
        fclose(in);
    }
    qsort(lines, count, sizeof *lines, order);
    for (size_t i = 0; i < count; i++)
        if (!unique || i == 0 || key_order(&lines[i - 1], &lines[i]) != 0)
            puts(lines[i].text);
    return 0;
}
