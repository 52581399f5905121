/*
 * words [FILE]: counts lines, words and bytes of a file or standard input and
 * prints the ten most frequent words with their counts, ties in alphabetical
 * order.  Exercises stdio input by character and an own growing hash table.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *word;
    long count;
};

static struct entry *table;
static size_t size, used;

static struct entry *find(struct entry *in, size_t n, const char *word)
{
    unsigned h = 5381;
    for (const char *p = word; *p; p++)
        h = h * 33 ^ (unsigned char)*p;
    size_t i = h % n;
    while (in[i].word && strcmp(in[i].word, word) != 0)
        i = (i + 1) % n;
    return &in[i];
}

static void count(const char *word)
{
    if (2 * used >= size) {
        size_t larger = size ? 2 * size + 1 : 31;
        struct entry *fresh = calloc(larger, sizeof *fresh);
        for (size_t i = 0; i < size; i++)
            if (table[i].word)
                *find(fresh, larger, table[i].word) = table[i];
        free(table);
        table = fresh;
        size = larger;
    }
    struct entry *e = find(table, size, word);
    if (!e->word) {
        e->word = strdup(word);
        used++;
    }
    e->count++;
}

static int by_count(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    if (!a->word || !b->word)
        return (b->word != NULL) - (a->word != NULL);
    return strcmp(a->word, b->word);
}

int main(int argc, char **argv)
{
    FILE *in = argc > 1 ? fopen(argv[1], "r") : stdin;
    long lines = 0, words = 0, bytes = 0;
    char word[64];
    int c, length = 0;

    if (!in) {
        perror(argv[1]);
        return 1;
    }
    do {
        c = getc(in);
        if (c != EOF)
            bytes++;
        if (c == '\n')
            lines++;
        if (c != EOF && isalnum(c)) {
            if (length < 63)
                word[length++] = tolower(c);
        } else if (length) {
            word[length] = '\0';
            count(word);
            words++;
            length = 0;
        }
    } while (c != EOF);
    printf("lines %ld words %ld bytes %ld different %zu\n", lines, words, bytes, used);
    if (table)
        qsort(table, size, sizeof *table, by_count);
    for (size_t i = 0; i < used && i < 10; i++)
        printf("%6ld %s\n", table[i].count, table[i].word);
    return 0;
}
