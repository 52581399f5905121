/*
 * regex [N]: a matcher of regular expressions by backtracking (. * + ? [..] ^ $ and | at the top), over N generated lines
 * (default 100). Prints how many lines match each expression.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const expressions[] = {"^[a-f]+[0-9]*$", "a.*b.*c", "[0-9][0-9][0-9]$", "x?y?z?q", "^k.*[aeiou]s|end$",
    "(", "[^a-m]*m", "b+a*d", ".*.*.*9"};

/* Whether a character is in the class that begins at p. */
static int member(const char *p, char c)
{
    if (*p == '.')
        return c != 0;
    if (*p != '[')
        return *p == c && c != 0;
    int negated = p[1] == '^', found = 0;
    for (p += 1 + negated; *p != ']'; p++) {
        if (p[1] == '-' && p[2] != ']') {
            found |= c >= p[0] && c <= p[2];
            p += 2;
        } else {
            found |= *p == c;
        }
    }
    return c != 0 && found != negated;
}

static const char *behind(const char *p)
{
    if (*p == '[')
        while (*p != ']')
            p++;
    return p + 1;
}

static int here(const char *p, const char *text)
{
    if (*p == 0 || *p == '|')
        return 1;
    if (*p == '$' && (p[1] == 0 || p[1] == '|'))
        return *text == 0;
    const char *rest = behind(p);
    switch (*rest) {
    case '?':
        return (member(p, *text) && here(rest + 1, text + 1)) || here(rest + 1, text);
    case '*':
    case '+': {
        long most = 0, least = *rest == '+';
        while (member(p, text[most]))
            most++;
        for (; most >= least; most--)
            if (here(rest + 1, text + most))
                return 1;
        return 0;
    }
    default:
        return member(p, *text) && here(rest, text + 1);
    }
}

static int matches(const char *expression, const char *text)
{
    const char *p = expression;
    while (p) {
        if (*p == '^') {
            if (here(p + 1, text))
                return 1;
        } else {
            const char *from = text;
            do {
                if (here(p, from))
                    return 1;
            } while (*from++);
        }
        p = strchr(p, '|');
        p = p ? p + 1 : NULL;
    }
    return 0;
}

int main(int argc, char **argv)
{
    int lines = argc > 1 ? atoi(argv[1]) : 100;
    enum { COUNT = sizeof expressions / sizeof *expressions };
    long found[COUNT] = {0};
    unsigned seed = 1;
    for (int i = 0; i < lines; i++) {
        char line[64];
        seed = seed * 1664525u + 1013904223u;
        unsigned length = 4 + (seed >> 26) % 50;
        for (unsigned k = 0; k < length; k++) {
            seed = seed * 1664525u + 1013904223u;
            line[k] = "abcdefkmxyzqeiousn0123456789"[(seed >> 16) % 28];
        }
        line[length] = 0;
        for (int e = 0; e < COUNT; e++)
            found[e] += matches(expressions[e], line);
    }
    for (int e = 0; e < COUNT; e++)
        printf("%-20s %ld\n", expressions[e], found[e]);
    return 0;
}
