/* bytes [N]: N rounds (default 20) of byte loops over 64 KB: copy, reverse, count, search, fold to upper case, translate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 65536 };

static unsigned char text[SIZE + 8], other[SIZE + 8], map[256];

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 20;
    unsigned seed = 3;
    long total = 0, found = 0;
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1664525u + 1013904223u;
        text[i] = (unsigned char) ("abc defg,hij kl.\n"[(seed >> 16) % 17]);
    }
    for (int i = 0; i < 256; i++)
        map[i] = (unsigned char) (i * 7 + 3);
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < SIZE; i++)
            other[i] = text[SIZE - 1 - i];
        for (int i = 0; i < SIZE; i++) {
            unsigned char c = other[i];
            total += c == ' ' || c == '\n';
            other[i] = c >= 'a' && c <= 'z' ? (unsigned char) (c - 32) : c;
        }
        for (unsigned char *p = other; (p = memchr(p, 'G', (size_t) (other + SIZE - p))) != NULL; p++)
            found++;
        memmove(other + 3, other, SIZE - 3);
        for (int i = 0; i < SIZE; i++)
            total += map[other[i]];
        found += memcmp(other, text, SIZE) > 0;
        found += (long) strlen((char *) text);
    }
    printf("%d rounds: %ld, %ld\n", rounds, total, found);
    return 0;
}
