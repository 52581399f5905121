/*
 * strops: string and memory functions at all alignments.  Calls the library's
 * memcpy, memmove, memset, memcmp, memchr, strlen, strcmp, strncmp, strchr,
 * strrchr, strcpy, strcat and strstr with every pair of offsets within a
 * quadword and many lengths, compares with byte-by-byte versions, and prints
 * checksums.  Exercises the unaligned load, extract, insert and mask idioms
 * of the Alpha library.
 *
 * Build flags: -fno-builtin
 */
#include <stdio.h>
#include <string.h>

static unsigned char source[160], target[160], expected[160];
static unsigned long sum;
static int failures;

static void note(const char *what, int a, int b, int n)
{
    if (failures++ < 10)
        printf("%s differs: offsets %d %d length %d\n", what, a, b, n);
}

static void add(const unsigned char *p, int n)
{
    while (n-- > 0)
        sum = sum * 131 + *p++;
}

static void reset(void)
{
    for (int i = 0; i < 160; i++) {
        source[i] = 1 + (i * 37 + 11) % 251;
        target[i] = expected[i] = 0xee;
    }
}

static int sign(int x) { return (x > 0) - (x < 0); }

static void copies(int a, int b, int n)
{
    reset();
    memcpy(target + b, source + a, n);
    for (int i = 0; i < n; i++)
        expected[b + i] = source[a + i];
    if (memcmp(target, expected, 160))
        note("memcpy", a, b, n);
    add(target, 160);

    memmove(target + b + 3, target + b, n);
    for (int i = n - 1; i >= 0; i--)
        expected[b + 3 + i] = expected[b + i];
    memmove(target + b, target + b + 5, n);
    for (int i = 0; i < n; i++)
        expected[b + i] = expected[b + 5 + i];
    for (int i = 0; i < 160; i++)
        if (target[i] != expected[i])
            note("memmove", a, b, n);

    memset(target + b, a * 16 + n, n);
    for (int i = 0; i < n; i++)
        expected[b + i] = a * 16 + n;
    for (int i = 0; i < 160; i++)
        if (target[i] != expected[i])
            note("memset", a, b, n);
}

static void strings(int a, int b, int n)
{
    char *s = (char *)source + a, *t = (char *)target + b;

    reset();
    s[n] = '\0';
    if ((int)strlen(s) != n)
        note("strlen", a, b, n);
    if (strcpy(t, s) != t || strcmp(t, s) != 0 || t[n + 1] != (char)0xee)
        note("strcpy", a, b, n);
    if (n) {
        t[n - 1] ^= 1;
        int wanted = (unsigned char)t[n - 1] < (unsigned char)s[n - 1] ? -1 : 1;
        if (sign(strcmp(t, s)) != wanted || sign(memcmp(t, s, n)) != wanted
            || strncmp(t, s, n - 1) != 0)
            note("strcmp", a, b, n);
        if (strrchr(s, s[n - 1]) != s + n - 1 || memchr(s, s[n - 1], n) == NULL)
            note("strrchr", a, b, n);
    }
    if (strchr(s, 0) != s + n || strchr(s, 255) != NULL)
        note("strchr", a, b, n);
    strcat(t, "needle");
    char *found = strstr(t, "needle");
    if (found != t + n)
        note("strstr", a, b, n);
    strncpy(t, s, n + 4);
    if (t[n + 3] != 0)
        note("strncpy", a, b, n);
    add(target, 160);
}

int main(void)
{
    for (int a = 0; a < 8; a++)
        for (int b = 0; b < 8; b++)
            for (int n = 0; n < 70; n += n < 20 ? 1 : 7) {
                copies(a, b, n);
                strings(a, b, n);
            }
    char words[] = "one,two;;three, four";
    for (char *w = strtok(words, ",; "); w; w = strtok(NULL, ",; "))
        printf("<%s>", w);
    printf("\nspan %zu %zu\n", strspn("aabbcd", "ab"), strcspn("hello world", " "));
    printf("failures=%d sum=%016lx\n", failures, sum);
    return failures != 0;
}
