/*
 * md5sum [FILE...]: prints the MD5 digest (RFC 1321) of the files, or of
 * standard input.  Exercises 32-bit unsigned arithmetic with wrap-around,
 * rotates, and byte order in memory.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t state[4], table[64];
static const int rotation[4][4] = {
    { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 },
};

static void block(const unsigned char *p)
{
    uint32_t word[16], a = state[0], b = state[1], c = state[2], d = state[3];

    for (int i = 0; i < 16; i++)
        word[i] = p[4 * i] | p[4 * i + 1] << 8 | p[4 * i + 2] << 16
                  | (uint32_t)p[4 * i + 3] << 24;
    for (int i = 0; i < 64; i++) {
        uint32_t f, g;
        switch (i / 16) {
        case 0: f = (b & c) | (~b & d); g = i; break;
        case 1: f = (d & b) | (~d & c); g = (5 * i + 1) % 16; break;
        case 2: f = b ^ c ^ d; g = (3 * i + 5) % 16; break;
        default: f = c ^ (b | ~d); g = (7 * i) % 16; break;
        }
        f += a + table[i] + word[g];
        int r = rotation[i / 16][i % 4];
        a = d;
        d = c;
        c = b;
        b += f << r | f >> (32 - r);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

static void digest(FILE *in, const char *name)
{
    static const uint32_t initial[4] = {
        0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
    };
    unsigned char data[128];
    uint64_t total = 0;
    size_t n;

    memcpy(state, initial, sizeof state);
    while ((n = fread(data, 1, 64, in)) == 64) {
        block(data);
        total += 64;
    }
    total += n;
    size_t end = n < 56 ? 64 : 128;
    memset(data + n, 0, end - n);
    data[n] = 0x80;
    for (int i = 0; i < 8; i++)
        data[end - 8 + i] = (total * 8) >> (8 * i);
    for (size_t at = 0; at < end; at += 64)
        block(data + at);
    for (int i = 0; i < 16; i++)
        printf("%02x", (state[i / 4] >> (8 * (i % 4))) & 0xff);
    printf("  %s\n", name);
}

int main(int argc, char **argv)
{
    int status = 0;

    for (int i = 0; i < 64; i++)
        table[i] = (uint32_t)(long)(fabs(sin(i + 1.0)) * 4294967296.0);
    if (argc == 1)
        digest(stdin, "-");
    for (int i = 1; i < argc; i++) {
        FILE *in = fopen(argv[i], "r");
        if (!in) {
            perror(argv[i]);
            status = 1;
            continue;
        }
        digest(in, argv[i]);
        fclose(in);
    }
    return status;
}
