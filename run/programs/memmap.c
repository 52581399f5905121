/*
 * memmap DIRECTORY: memory mappings.  Anonymous zero pages, private and shared
 * mappings of a file (a store to the shared one is seen by read, to the
 * private one it is not), mprotect, partial unmapping, MAP_FIXED over an old
 * mapping, mremap growth and move, EFAULT from system calls on pages
 * without access, and calls that must fail.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 8192L

static int pipe_ends[2];

/* Whether the kernel can read a byte there: mapped and not PROT_NONE. */
static int readable(const char *p)
{
    char byte;
    if (write(pipe_ends[1], p, 1) == 1)
        return read(pipe_ends[0], &byte, 1) == 1;
    return errno == EFAULT ? 0 : -1;
}

static void failing(const char *what, void *result)
{
    printf("%s: %s\n", what, result == MAP_FAILED ? strerror(errno) : "mapped");
}

int main(int argc, char **argv)
{
    char text[32];

    if (argc != 2 || chdir(argv[1]) < 0 || pipe(pipe_ends) < 0)
        return 2;
    char *a = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int zero = 1;
    for (long i = 0; i < 4 * PAGE; i++)
        zero &= a[i] == 0;
    printf("anonymous: zero %d aligned %d\n", zero, ((unsigned long)a & (PAGE - 1)) == 0);
    memset(a, 'a', 4 * PAGE);
    printf("unmap one: %d\n", munmap(a + PAGE, PAGE));
    printf("readable %d %d %d %d\n", readable(a), readable(a + PAGE), readable(a + 2 * PAGE), readable(a + 3 * PAGE));
    printf("protect none: %d\n", mprotect(a + 2 * PAGE, PAGE, PROT_NONE));
    printf("readable %d %d\n", readable(a + 2 * PAGE), readable(a + 3 * PAGE));
    mprotect(a + 2 * PAGE, PAGE, PROT_READ);
    printf("kept %c, protect a hole: %d %s\n", a[2 * PAGE], mprotect(a, 4 * PAGE, PROT_READ | PROT_WRITE), strerror(errno));
    char *b = mmap(a + PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    printf("fixed: same place %d, new %d, old page %c\n", b == a + PAGE, b[0] + b[2 * PAGE - 1], a[3 * PAGE]);

    int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < 2000; i++)
        if (write(fd, "0123456789", 10) != 10)
            return 2;
    char *private = mmap(NULL, 20000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *shared = mmap(NULL, 20000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *second = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE);
    printf("file: %.10s %.10s, past the end %d\n", private + 9990, second, private[20001]);
    memcpy(private + 5, "PRIVATE", 7);
    memcpy(shared + 15, "SHARED", 6);
    msync(shared, 20000, MS_SYNC);
    pread(fd, text, 30, 0);
    printf("read back %.30s\n", text);
    printf("private   %.12s\n", private);
    printf("unmap %d %d %d\n", munmap(private, 20000), munmap(shared, 20000), munmap(second, PAGE));

    char *m = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(m, "moves with the mapping");
    strcpy(m + PAGE, "second page");
    m = mremap(m, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
    printf("mremap: %s, %s, new %d\n", m, m + PAGE, m[63 * PAGE]);
    m = mremap(m, 64 * PAGE, PAGE, MREMAP_MAYMOVE);
    printf("shrunk: %s, rest readable %d\n", m, readable(m + PAGE));

    failing("length 0", mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    failing("bad descriptor", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 77, 0));
    failing("odd offset", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100));
    printf("odd munmap: %d\n", munmap(m + 8, PAGE));
    void *volatile nowhere = (void *)16;
    lseek(fd, 0, SEEK_SET); /* at the end of the file Linux does not look at the buffer */
    printf("EFAULT: read %d", (int)read(fd, nowhere, 4));
    printf(" %s\n", strerror(errno));

    char *low = sbrk(0);
    char *grown = sbrk(5 * PAGE);
    memset(grown, 'b', 5 * PAGE);
    printf("sbrk: from the old break %d, by %ld\n", grown == low, (long)((char *)sbrk(0) - low));
    sbrk(-5 * PAGE);
    printf("sbrk back %d\n", sbrk(0) == low);
    printf("page size %ld %d\n", sysconf(_SC_PAGESIZE), getpagesize());
    close(fd);
    unlink("mapped");
    return 0;
}
