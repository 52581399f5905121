/*
 * parse [N]: writes a JSON text with N records into memory (default 300), parses it into a tree by recursive descent, adds up
 * what is in the tree, and frees it. Prints counts and sums.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { NUMBER, STRING, LIST, OBJECT, WORD };

struct node {
    enum kind kind;
    double number;
    char *name, *text;
    struct node *first, *next;
};

static const char *at;
static long nodes, letters;

static void blanks(void)
{
    while (*at == ' ' || *at == '\n' || *at == '\t')
        at++;
}

static void wrong(const char *what)
{
    fprintf(stderr, "parse: %s expected at \"%.10s\"\n", what, at);
    exit(1);
}

static char *string(void)
{
    const char *end = ++at;
    while (*end && *end != '"')
        end += *end == '\\' ? 2 : 1;
    char *copy = malloc((size_t) (end - at) + 1), *to = copy;
    while (at < end) {
        if (*at == '\\')
            at++;
        *to++ = *at++;
    }
    *to = 0;
    at++;
    return copy;
}

static double number(void)
{
    double value = 0, scale = 1;
    int minus = *at == '-';
    at += minus;
    while (*at >= '0' && *at <= '9')
        value = value * 10 + (*at++ - '0');
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++)
            value += (*at - '0') * (scale /= 10);
    return minus ? -value : value;
}

static struct node *value(void);

static void members(struct node *whole, int named, char close)
{
    struct node **last = &whole->first;
    at++;
    blanks();
    while (*at != close) {
        char *name = NULL;
        if (named) {
            if (*at != '"')
                wrong("a name");
            name = string();
            blanks();
            if (*at++ != ':')
                wrong("a colon");
        }
        struct node *one = value();
        one->name = name;
        *last = one;
        last = &one->next;
        blanks();
        if (*at == ',') {
            at++;
            blanks();
        } else if (*at != close) {
            wrong("an end");
        }
    }
    at++;
}

static struct node *value(void)
{
    struct node *one = calloc(1, sizeof *one);
    nodes++;
    blanks();
    switch (*at) {
    case '{':
        one->kind = OBJECT;
        members(one, 1, '}');
        break;
    case '[':
        one->kind = LIST;
        members(one, 0, ']');
        break;
    case '"':
        one->kind = STRING;
        one->text = string();
        break;
    case 't':
    case 'f':
    case 'n':
        one->kind = WORD;
        one->number = *at == 't';
        while (*at >= 'a' && *at <= 'z')
            at++;
        break;
    default:
        one->kind = NUMBER;
        one->number = number();
    }
    return one;
}

static double drop(struct node *one)
{
    double sum = one->kind == NUMBER || one->kind == WORD ? one->number : 0;
    letters += one->text ? (long) strlen(one->text) : 0;
    letters += one->name ? (long) strlen(one->name) : 0;
    for (struct node *part = one->first; part;) {
        struct node *next = part->next;
        sum += drop(part);
        part = next;
    }
    free(one->name);
    free(one->text);
    free(one);
    return sum;
}

int main(int argc, char **argv)
{
    int records = argc > 1 ? atoi(argv[1]) : 300;
    char *text = malloc((size_t) records * 160 + 16), *to = text;
    *to++ = '[';
    for (int i = 0; i < records; i++)
        to += sprintf(to, "%s{\"id\": %d, \"name\": \"page \\\"%d\\\"\", \"at\": [%d.25, -%d.5, %d],\n \"dirty\": %s, \"next\": null}",
            i ? ", " : "", i, i * 7 % 1000, i % 97, i % 89, i * 3, i % 3 ? "true" : "false");
    strcpy(to, "]");
    double sum = 0;
    for (int round = 0; round < 10; round++) {
        at = text;
        sum += drop(value());
    }
    printf("%ld values, %ld letters, sum %.3f\n", nodes, letters, sum);
    free(text);
    return 0;
}
