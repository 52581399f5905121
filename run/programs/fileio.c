/*
 * fileio DIRECTORY: works in an empty directory: creates, writes, seeks,
 * reads, truncates, extends, renames, links and removes files and
 * directories, and prints results, sizes, types and errno of every call that
 * must fail.  Leaves the directory empty.  Exercises open, creat, lseek, read,
 * write, pread, pwrite, readv, writev, stat, fstat, lstat, access, chmod,
 * rename, unlink, mkdir, rmdir, readdir, chdir, getcwd, ftruncate, symlink,
 * readlink, dup, dup2, fcntl, umask and utimes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static void result(const char *call, long value)
{
    if (value < 0)
        printf("%s: %ld %s (%d)\n", call, value, strerror(errno), errno);
    else
        printf("%s: %ld\n", call, value);
}
#define TRY(call) result(#call, call)

static void describe(const char *name)
{
    struct stat s;
    if (lstat(name, &s) < 0) {
        printf("%s: %s\n", name, strerror(errno));
        return;
    }
    printf("%s: mode %06o links %lu", name, s.st_mode, (unsigned long)s.st_nlink);
    if (S_ISREG(s.st_mode))
        printf(" size %ld", (long)s.st_size);
    printf("\n");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *directory)
{
    char *names[64];
    int n = 0;
    DIR *d = opendir(directory);
    if (!d) {
        printf("opendir: %s\n", strerror(errno));
        return;
    }
    for (struct dirent *e; n < 64 && (e = readdir(d));)
        names[n++] = strdup(e->d_name);
    closedir(d);
    /* The order of a directory is up to the file system. */
    qsort(names, n, sizeof *names, by_name);
    printf("%s:", directory);
    for (int i = 0; i < n; i++)
        printf(" %s", names[i]);
    printf("\n");
}

static void contents(const char *name)
{
    char text[256];
    int fd = open(name, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text);
    printf("%s holds %zd:", name, n);
    for (ssize_t i = 0; i < n; i++)
        printf(text[i] >= ' ' ? "%c" : "\\%o", (unsigned char)text[i]);
    printf("\n");
    close(fd);
}

int main(int argc, char **argv)
{
    char text[64] = "", cwd[4096], *base;
    struct stat s;

    if (argc != 2 || chdir(argv[1]) < 0) {
        fprintf(stderr, "fileio: a directory is needed\n");
        return 2;
    }
    umask(022);
    TRY(mkdir("work", 0755));
    TRY(mkdir("work", 0755));
    TRY(chdir("work"));
    base = getcwd(cwd, sizeof cwd) ? strrchr(cwd, '/') : "?";
    printf("cwd ends in %s, parent is %s\n", base, strncmp(cwd, argv[1], strlen(argv[1])) == 0 ? "the argument" : "other");
    TRY(getcwd(text, 2) ? 0 : -1);

    int fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0640);
    result("open a", fd >= 0 ? 0 : -1);
    TRY(open("a", O_RDWR | O_CREAT | O_EXCL, 0640));
    TRY(open("missing", O_RDONLY));
    TRY(open("a/b", O_RDONLY));
    TRY(open(".", O_WRONLY));
    TRY(write(fd, "hello, world\n", 13));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(lseek(fd, 7, SEEK_SET));
    TRY(read(fd, text, 5));
    printf("read \"%.5s\"\n", text);
    TRY(lseek(fd, -3, SEEK_END));
    TRY(read(fd, text, 60));
    TRY(read(fd, text, 60));
    TRY(lseek(fd, -100, SEEK_SET));
    TRY(lseek(fd, 0, 99));
    TRY(pwrite(fd, "W", 1, 7));
    TRY(pread(fd, text, 5, 7));
    printf("pread \"%.5s\"\n", text);
    TRY(lseek(fd, 20, SEEK_SET));
    TRY(write(fd, "end", 3));
    contents("a");
    TRY(ftruncate(fd, 10));
    TRY(fstat(fd, &s));
    printf("size %ld\n", (long)s.st_size);
    TRY(ftruncate(fd, 16));
    contents("a");
    TRY(truncate("a", 5));
    describe("a");

    struct iovec parts[3] = { { "one ", 4 }, { "", 0 }, { "three", 5 } };
    TRY(lseek(fd, 0, SEEK_SET));
    TRY(writev(fd, parts, 3));
    char left[4], right[8];
    struct iovec into[2] = { { left, 4 }, { right, 8 } };
    TRY(lseek(fd, 0, SEEK_SET));
    TRY(readv(fd, into, 2));
    printf("readv \"%.4s\" \"%.5s\"\n", left, right);

    int copy = dup(fd);
    TRY(copy > fd ? 0 : -1);
    lseek(copy, 4, SEEK_SET);
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(dup2(copy, 50));
    TRY(fcntl(50, F_GETFD));
    TRY(fcntl(50, F_SETFD, FD_CLOEXEC));
    TRY(fcntl(50, F_GETFD));
    printf("access mode is read-write: %d\n", (fcntl(50, F_GETFL) & O_ACCMODE) == O_RDWR);
    TRY(fcntl(50, F_SETFL, O_APPEND));
    TRY(write(fd, "!", 1));
    contents("a");
    TRY(close(50));
    TRY(close(50));
    TRY(write(50, "x", 1));
    close(copy);
    close(fd);

    fd = creat("b", 0600);
    TRY(write(fd, "bbb", 3));
    TRY(read(fd, text, 1));
    close(fd);
    TRY(chmod("b", 0444));
    describe("b");
    TRY(access("b", R_OK));
    TRY(access("missing", F_OK));
    TRY(link("b", "c"));
    TRY(symlink("b", "s"));
    TRY(readlink("s", text, sizeof text));
    TRY(readlink("b", text, sizeof text));
    describe("b");
    describe("s");
    struct timeval times[2] = { { 1000000, 0 }, { 2000000, 0 } };
    TRY(utimes("b", times));
    TRY(stat("s", &s));
    printf("modified %ld size %ld\n", (long)s.st_mtime, (long)s.st_size);
    list(".");
    TRY(rename("c", "d"));
    TRY(rename("missing", "e"));
    TRY(mkdir("sub", 0700));
    TRY(rename("d", "sub/d"));
    list(".");
    list("sub");
    TRY(rmdir("sub"));
    TRY(unlink("sub/d"));
    TRY(rmdir("sub"));
    TRY(rmdir("a"));
    TRY(unlink("a"));
    TRY(unlink("a"));
    TRY(unlink("b"));
    describe("s");
    TRY(stat("s", &s));
    TRY(unlink("s"));
    list(".");
    TRY(chdir(".."));
    TRY(rmdir("work"));
    list(".");
    return 0;
}
