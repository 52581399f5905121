/*
 * json [FILE]: reads JSON texts from a file or standard input, one a line,
 * and prints each in a normal form with sorted keys, or the position of the
 * first error; a line that starts with "=" is evaluated as an arithmetic
 * expression instead.  Exercises recursive descent, string handling, linked
 * structures and number conversion.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    enum { WORD, NUMBER, STRING, ARRAY, OBJECT } kind;
    double number;
    char *text, *key;
    struct node *first, *next;
};

static const char *start, *at, *problem;

static void skip(void) { while (*at == ' ' || *at == '\t') at++; }

static void *fail(const char *what)
{
    if (!problem) {
        problem = what;
        printf("error at %d: %s\n", (int)(at - start), what);
    }
    return NULL;
}

static char *string(void)
{
    char *text = malloc(strlen(at) + 1), *p = text;
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\') {
            static const char from[] = "nt\"\\/b", to[] = "\n\t\"\\/\b";
            const char *f = *++at ? strchr(from, *at) : NULL;
            if (!f)
                return fail("bad escape");
            *p++ = to[f - from];
        } else {
            *p++ = *at;
        }
    }
    if (*at != '"')
        return fail("unterminated string");
    at++;
    *p = '\0';
    return text;
}

static struct node *value(void)
{
    struct node *n = calloc(1, sizeof *n);
    char *end;

    skip();
    if (*at == '"') {
        n->kind = STRING;
        n->text = string();
        return n->text ? n : NULL;
    }
    if (*at == '[' || *at == '{') {
        int object = *at++ == '{';
        char close = object ? '}' : ']';
        n->kind = object ? OBJECT : ARRAY;
        skip();
        if (*at == close)
            return at++, n;
        for (;;) {
            char *key = NULL;
            skip();
            if (object) {
                if (*at != '"')
                    return fail("key expected");
                if (!(key = string()))
                    return NULL;
                skip();
                if (*at++ != ':')
                    return at--, fail("colon expected");
            }
            struct node *child = value(), **place = &n->first;
            if (!child)
                return NULL;
            child->key = key;
            while (*place && (!object || strcmp((*place)->key, key) < 0))
                place = &(*place)->next;
            child->next = *place;
            *place = child;
            skip();
            if (*at == ',') {
                at++;
                continue;
            }
            if (*at != close)
                return fail("comma or end expected");
            return at++, n;
        }
    }
    if (isalpha((unsigned char)*at)) {
        static const char *const words[] = { "true", "false", "null" };
        for (int i = 0; i < 3; i++)
            if (strncmp(at, words[i], strlen(words[i])) == 0) {
                at += strlen(words[i]);
                n->text = strdup(words[i]);
                return n;
            }
        return fail("unknown word");
    }
    n->kind = NUMBER;
    n->number = strtod(at, &end);
    if (end == at)
        return fail("value expected");
    at = end;
    return n;
}

static void quote(const char *s)
{
    putchar('"');
    for (; *s; s++) {
        if (*s == '\n')
            printf("\\n");
        else if (*s == '"' || *s == '\\')
            printf("\\%c", *s);
        else
            putchar(*s);
    }
    putchar('"');
}

static void show(const struct node *n)
{
    switch (n->kind) {
    case WORD: printf("%s", n->text); break;
    case NUMBER: printf("%.15g", n->number); break;
    case STRING: quote(n->text); break;
    default:
        putchar(n->kind == ARRAY ? '[' : '{');
        for (const struct node *c = n->first; c; c = c->next) {
            if (c->key) {
                quote(c->key);
                putchar(':');
            }
            show(c);
            if (c->next)
                putchar(',');
        }
        putchar(n->kind == ARRAY ? ']' : '}');
    }
}

static double sum(void);
static double factor(void)
{
    char *end;
    double v;
    skip();
    if (*at == '-')
        return at++, -factor();
    if (*at == '(') {
        at++;
        v = sum();
        skip();
        if (*at == ')')
            at++;
        else
            fail("parenthesis expected");
        return v;
    }
    v = strtod(at, &end);
    if (end == at)
        fail("number expected");
    at = end;
    return v;
}

static double product(void)
{
    double v = factor();
    for (skip(); *at == '*' || *at == '/'; skip()) {
        char operation = *at++;
        double w = factor();
        if (operation == '/' && w == 0) {
            fail("division by zero");
            return 0;
        }
        v = operation == '*' ? v * w : v / w;
    }
    return v;
}

static double sum(void)
{
    double v = product();
    for (skip(); *at == '+' || *at == '-'; skip())
        v = *at++ == '+' ? v + product() : v - product();
    return v;
}

int main(int argc, char **argv)
{
    FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
    char *line = NULL;
    size_t size = 0;
    int errors = 0;

    if (!in) {
        perror(argv[1]);
        return 2;
    }
    while (getline(&line, &size, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        start = at = line;
        problem = NULL;
        if (*at == '=') {
            at++;
            double v = sum();
            if (*at)
                fail("end expected");
            if (!problem)
                printf("%.15g\n", v);
        } else {
            struct node *n = value();
            skip();
            if (n && *at)
                fail("end expected");
            if (!problem) {
                show(n);
                putchar('\n');
            }
        }
        errors += problem != NULL;
    }
    return errors != 0;
}
