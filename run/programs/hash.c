/*
 * hash [BYTES]: CRC-32 (table and bit by bit), Adler-32, FNV-1a and SHA-256
 * of a generated buffer (default 100000 bytes) and of known short texts.
 * Exercises byte loads, 32-bit rotates, shifts and table look-up.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t crc_table[256], k[64], start[8];

static uint32_t crc_bits(uint32_t c)
{
    for (int i = 0; i < 8; i++)
        c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
    return c;
}

static uint32_t crc32(const uint8_t *p, size_t n)
{
    uint32_t c = ~0U;
    while (n--)
        c = crc_table[(c ^ *p++) & 255] ^ c >> 8;
    return ~c;
}

/* The first 32 bits of the fraction of the square or cube root of a prime. */
static uint32_t fraction(unsigned prime, int cube)
{
    unsigned __int128 wanted = prime;
    uint64_t low = 0, high = 1UL << 38;

    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        /* The root is scaled by 2^32, so the power is by 2^64 or 2^96. */
        unsigned __int128 square = (unsigned __int128)middle * middle;
        int above = cube ? square * middle > wanted << 96 : square > wanted << 64;
        if (above)
            high = middle;
        else
            low = middle;
    }
    return (uint32_t)low;
}

static void prepare(void)
{
    int count = 0;
    for (int i = 0; i < 256; i++)
        crc_table[i] = crc_bits(i);
    for (unsigned p = 2; count < 64; p++) {
        int prime = 1;
        for (unsigned d = 2; d * d <= p; d++)
            prime &= p % d != 0;
        if (!prime)
            continue;
        k[count] = fraction(p, 1);
        if (count < 8)
            start[count] = fraction(p, 0);
        count++;
    }
}

static uint32_t ror(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t *h, const uint8_t *p)
{
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7]
             + (ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3)
             + (ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, h, 32);
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = s[7] + (ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25))
                    + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
        uint32_t t2 = (ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22))
                    + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 28);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        h[i] += s[i];
}

static void report(const char *name, const uint8_t *p, size_t n)
{
    uint32_t a = 1, b = 0, slow = ~0U, h[8];
    uint64_t fnv = 0xcbf29ce484222325;
    uint8_t tail[128] = { 0 };
    size_t i, rest = n % 64, padded = rest < 56 ? 64 : 128;

    for (i = 0; i < n; i++) {
        a = (a + p[i]) % 65521;
        b = (b + a) % 65521;
        fnv = (fnv ^ p[i]) * 0x100000001b3;
        slow = crc_bits((slow ^ p[i]) & 255) ^ slow >> 8;
    }
    memcpy(h, start, sizeof h);
    for (i = 0; i + 64 <= n; i += 64)
        block(h, p + i);
    memcpy(tail, p + i, rest);
    tail[rest] = 0x80;
    for (i = 0; i < 8; i++)
        tail[padded - 1 - i] = (uint64_t)n * 8 >> 8 * i;
    for (i = 0; i < padded; i += 64)
        block(h, tail + i);
    printf("%s: crc=%08x same=%d adler=%08x fnv=%016lx sha256=", name,
           crc32(p, n), crc32(p, n) == ~slow, b << 16 | a, fnv);
    for (i = 0; i < 8; i++)
        printf("%08x", h[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 0) : 100000;
    uint8_t *data = malloc(n + 1);

    prepare();
    for (size_t i = 0; i < n; i++)
        data[i] = i * i >> 3 ^ i;
    report("empty", data, 0);
    report("abc", (const uint8_t *)"abc", 3);
    report("digits", (const uint8_t *)"123456789", 9);
    report("buffer", data, n);
    return 0;
}
