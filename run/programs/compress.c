/*
 * compress [N]: a Lempel-Ziv compressor with hash chains and its inverse, on N KB of text made from a few words (default 64).
 * Prints the sizes and a checksum of what came back; exits with 1 if that is not what went in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 32768, HASH = 1 << 14, LEAST = 4, MOST = 255 + LEAST, TRIES = 16 };

static unsigned seed = 12345;

static unsigned next(unsigned limit)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % limit;
}

static size_t make(unsigned char *text, size_t size)
{
    static const char *const words[] = {"kernel ", "extension ", "handler ", "event, ", "page ", "strand ", "the ", "of ",
        "a ", "domain.\n", "protocol ", "binds ", "raises ", "quickly "};
    size_t n = 0;
    while (n < size) {
        const char *word = words[next(sizeof words / sizeof *words)];
        size_t length = strlen(word);
        if (length > size - n)
            length = size - n;
        memcpy(text + n, word, length);
        n += length;
        if (next(8) == 0 && n < size)
            text[n++] = (unsigned char) ('0' + next(10));
    }
    return n;
}

static unsigned hash(const unsigned char *p)
{
    unsigned four = p[0] | p[1] << 8 | p[2] << 16 | (unsigned) p[3] << 24;
    return four * 2654435761u >> 18;
}

/* A control byte has a bit for each of eight items: 1 for a match (distance of two bytes, length), 0 for a byte. */
static size_t pack(const unsigned char *in, size_t size, unsigned char *out)
{
    static int head[HASH], previous[WINDOW];
    size_t n = 0, at = 0, control = 0;
    int bit = 8;
    for (int i = 0; i < HASH; i++)
        head[i] = -1;
    while (at < size) {
        size_t best = 0, distance = 0;
        if (at + LEAST <= size) {
            unsigned h = hash(in + at);
            int candidate = head[h];
            for (int tries = 0; candidate >= 0 && at - (size_t) candidate < WINDOW && tries < TRIES; tries++) {
                size_t length = 0;
                while (length < MOST && at + length < size && in[(size_t) candidate + length] == in[at + length])
                    length++;
                if (length > best) {
                    best = length;
                    distance = at - (size_t) candidate;
                }
                candidate = previous[candidate % WINDOW];
            }
            previous[at % WINDOW] = head[h];
            head[h] = (int) at;
        }
        if (bit == 8) {
            control = n++;
            out[control] = 0;
            bit = 0;
        }
        if (best >= LEAST) {
            out[control] |= (unsigned char) (1 << bit);
            out[n++] = (unsigned char) distance;
            out[n++] = (unsigned char) (distance >> 8);
            out[n++] = (unsigned char) (best - LEAST);
            at += best;
        } else {
            out[n++] = in[at++];
        }
        bit++;
    }
    return n;
}

static size_t unpack(const unsigned char *in, size_t size, unsigned char *out)
{
    size_t at = 0, n = 0;
    while (at < size) {
        unsigned control = in[at++];
        for (int bit = 0; bit < 8 && at < size; bit++) {
            if (control >> bit & 1) {
                size_t distance = in[at] | (size_t) in[at + 1] << 8;
                size_t length = (size_t) in[at + 2] + LEAST;
                at += 3;
                for (size_t i = 0; i < length; i++, n++)
                    out[n] = out[n - distance];
            } else {
                out[n++] = in[at++];
            }
        }
    }
    return n;
}

int main(int argc, char **argv)
{
    size_t size = (size_t) (argc > 1 ? atoi(argv[1]) : 64) * 1024;
    unsigned char *text = malloc(size), *packed = malloc(size * 2 + 16), *again = malloc(size + MOST);
    if (!text || !packed || !again)
        return 2;
    make(text, size);
    size_t small = pack(text, size, packed);
    size_t back = unpack(packed, small, again);
    unsigned sum = 0;
    for (size_t i = 0; i < back; i++)
        sum = sum * 31 + again[i];
    printf("%zu bytes, packed %zu, back %zu, checksum %08x\n", size, small, back, sum);
    return back == size && memcmp(text, again, size) == 0 ? 0 : 1;
}
