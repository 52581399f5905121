/* Opening, reading, writing, seeking; descriptors. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

static void opens(void) {
    R("open.missing", open("missing", O_RDONLY));
    R("open.empty", open("", O_RDONLY));
    R("open.null", open((char *) 1, O_RDONLY));
    close(make("a", "hello"));
    R("open.excl", open("a", O_RDWR | O_CREAT | O_EXCL, 0600));
    R("open.notdir", open("a/b", O_RDONLY));
    R("open.slash", open("a/", O_RDONLY));
    R("open.create.slash", open("new/", O_WRONLY | O_CREAT, 0600));
    R("open.directory", open("a", O_RDONLY | O_DIRECTORY));
    R("open.dir.write", open(".", O_WRONLY));
    R("open.dir.create", open(".", O_RDONLY | O_CREAT, 0600));
    Z("open.dir", open(".", O_RDONLY));
    char name[300];
    memset(name, 'x', sizeof name);
    name[256] = 0;
    R("open.longname", open(name, O_RDONLY | O_CREAT, 0600));
    name[255] = 0;
    Z("open.longest", open(name, O_RDONLY | O_CREAT, 0600));
    char path[5000];
    for (int i = 0; i < 5000; i++) path[i] = i % 2 ? '/' : '.';
    path[4096] = 0;
    R("open.longpath", open(path, O_RDONLY));
    path[4094] = 0;
    Z("open.longestpath", open(path, O_RDONLY));
    int file = open("a", O_WRONLY | O_TRUNC);
    struct stat stat;
    fstat(file, &stat);
    say("open.trunc", "%ld", (long) stat.st_size);
    char byte;
    R("open.wronly.read", read(file, &byte, 1));
    file = open("a", O_RDONLY);
    R("open.rdonly.write", write(file, "x", 1));
    R("open.path.read", read(open("a", O_PATH), &byte, 1));
    R("open.path.fstat", fstat(open("a", O_PATH), &stat));
    Z("open.tmpfile", open(".", O_TMPFILE | O_RDWR, 0600));
    file = open("mode", O_RDWR | O_CREAT, 0400);
    R("open.mode.write", write(file, "x", 1));
    fstat(file, &stat);
    say("open.mode", "%o", stat.st_mode & 07777);
    close(file);
    R("openat.bad", openat(999, "a", O_RDONLY));
    R("openat.file", openat(open("a", O_RDONLY), "a", O_RDONLY));
    Z("openat.absolute", openat(999, "/", O_RDONLY));
    R("creat.dir", creat(".", 0600));
}

static void reads(void) {
    char buffer[64];
    int file = make("r", "0123456789");
    R("read.end", read(file, buffer, 10));
    lseek(file, 0, SEEK_SET);
    R("read.part", read(file, buffer, 4));
    R("read.rest", read(file, buffer, 60));
    R("read.zero", read(file, buffer, 0));
    R("read.bad", read(999, buffer, 1));
    R("read.negative", read(-1, buffer, 1));
    lseek(file, 0, SEEK_SET);
    R("read.fault", read(file, (void *) 8, 4));
    R("read.dir", read(open(".", O_RDONLY), buffer, 4));
    R("pread", pread(file, buffer, 4, 8));
    R("pread.beyond", pread(file, buffer, 4, 80));
    R("pread.negative", pread(file, buffer, 4, -1));
    say("pread.position", "%ld", (long) lseek(file, 0, SEEK_CUR));
    R("pwrite", pwrite(file, "AB", 2, 3));
    R("pwrite.fault", pwrite(file, (void *) 8, 2, 3));
    int ends[2];
    MUST(pipe(ends));
    R("pread.pipe", pread(ends[0], buffer, 1, 0));
    R("pwrite.pipe", pwrite(ends[1], buffer, 1, 0));
    struct iovec pieces[] = {{buffer, 3}, {buffer + 10, 0}, {buffer + 20, 5}};
    lseek(file, 1, SEEK_SET);
    R("readv", readv(file, pieces, 3));
    say("readv.data", "%.3s %.5s", buffer, buffer + 20);
    R("readv.none", readv(file, pieces, 0));
    R("readv.many", readv(file, pieces, 1025));
    R("readv.negative", readv(file, pieces, -1));
    R("preadv", preadv(file, pieces, 3, 7));
    R("preadv.negative", preadv(file, pieces, 3, -1));
    R("pwritev", pwritev(file, pieces, 3, 20));
    R("preadv2", preadv2(file, pieces, 3, 7, 0));
    R("preadv2.current", preadv2(file, pieces, 1, -1, 0));
    R("preadv2.flags", preadv2(file, pieces, 1, 0, 0x40000000));
    R("pwritev2.append", pwritev2(file, pieces, 1, 0, RWF_APPEND));
    pieces[1].iov_len = -1;
    R("readv.length", readv(file, pieces, 3));
}

static void seeks(void) {
    int file = make("s", "0123456789");
    R("seek.set", lseek(file, 3, SEEK_SET));
    R("seek.cur", lseek(file, 3, SEEK_CUR));
    R("seek.end", lseek(file, -1, SEEK_END));
    R("seek.beyond", lseek(file, 100, SEEK_END));
    R("seek.negative", lseek(file, -200, SEEK_CUR));
    R("seek.whence", lseek(file, 0, 99));
    R("seek.bad", lseek(999, 0, SEEK_SET));
    R("seek.data", lseek(file, 2, SEEK_DATA));
    R("seek.hole", lseek(file, 2, SEEK_HOLE));
    R("seek.data.beyond", lseek(file, 20, SEEK_DATA));
    int ends[2];
    MUST(pipe(ends));
    R("seek.pipe", lseek(ends[0], 0, SEEK_SET));
    lseek(file, 100000, SEEK_SET);
    R("sparse.write", write(file, "x", 1));
    struct stat stat;
    fstat(file, &stat);
    say("sparse.size", "%ld", (long) stat.st_size);
    char byte = 1;
    R("sparse.read", pread(file, &byte, 1, 50000));
    say("sparse.byte", "%d", byte);
    R("truncate.shrink", ftruncate(file, 5));
    R("truncate.grow", ftruncate(file, 15));
    char text[16] = {0};
    R("truncate.read", pread(file, text, 15, 0));
    T("truncate.zeros", !memcmp(text, "01234\0\0\0\0\0\0\0\0\0\0", 15));
    R("truncate.negative", ftruncate(file, -1));
    R("truncate.readonly", ftruncate(open("s", O_RDONLY), 1));
    R("truncate.pipe", ftruncate(ends[1], 1));
    R("truncate.dir", truncate(".", 1));
    R("truncate.missing", truncate("missing", 1));
    R("truncate.path", truncate("s", 3));
    R("truncate.path.negative", truncate("s", -3));
    R("fallocate", fallocate(file, 0, 0, 1000));
    fstat(file, &stat);
    say("fallocate.size", "%ld", (long) stat.st_size);
    R("fallocate.keep", fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 100000));
    fstat(file, &stat);
    say("fallocate.keep.size", "%ld", (long) stat.st_size);
    R("fallocate.zero", fallocate(file, 0, 0, 0));
    R("fallocate.negative", fallocate(file, 0, -1, 10));
    R("fallocate.pipe", fallocate(ends[1], 0, 0, 10));
    R("fallocate.readonly", fallocate(open("s", O_RDONLY), 0, 0, 10));
    pwrite(file, "data", 4, 100);
    R("fallocate.punch", fallocate(file, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 1000));
    R("fallocate.punched", pread(file, &byte, 1, 100));
    say("fallocate.punched.byte", "%d", byte);
    R("fsync", fsync(file));
    R("fdatasync", fdatasync(file));
    R("fsync.pipe", fsync(ends[0]));
    R("fsync.bad", fsync(999));
    R("fadvise", posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL));
    say("fadvise.advice", "%s", error(posix_fadvise(file, 0, 0, 99)));
    say("fadvise.pipe", "%s", error(posix_fadvise(ends[0], 0, 0, POSIX_FADV_NORMAL)));
    int append = open("s", O_WRONLY | O_APPEND);
    lseek(append, 0, SEEK_SET);
    R("append", write(append, "end", 3));
    say("append.position", "%ld", (long) lseek(append, 0, SEEK_CUR));
}

static void descriptors(void) {
    int file = make("d", "descriptor");
    int copy = dup(file);
    lseek(file, 4, SEEK_SET);
    say("dup.position", "%ld", (long) lseek(copy, 0, SEEK_CUR));
    T("dup.lowest", copy == file + 1);
    R("dup.bad", dup(999));
    R("dup2.same", dup2(file, file) == file);
    R("dup2.bad", dup2(999, 50));
    R("dup2.same.bad", dup2(999, 999));
    R("dup2.range", dup2(file, -1));
    R("dup2.huge", dup2(file, 1 << 30));
    R("dup2", dup2(file, 60));
    R("dup3.same", dup3(file, file, 0));
    R("dup3.flags", dup3(file, 61, O_APPEND));
    R("dup3", dup3(file, 61, O_CLOEXEC));
    R("dup3.cloexec", fcntl(61, F_GETFD));
    R("dup2.cloexec", fcntl(60, F_GETFD));
    R("fcntl.dupfd", fcntl(file, F_DUPFD, 70));
    R("fcntl.dupfd.next", fcntl(file, F_DUPFD_CLOEXEC, 70));
    R("fcntl.dupfd.cloexec", fcntl(71, F_GETFD));
    R("fcntl.dupfd.negative", fcntl(file, F_DUPFD, -1));
    R("fcntl.setfd", fcntl(file, F_SETFD, FD_CLOEXEC));
    R("fcntl.getfd", fcntl(file, F_GETFD));
    R("fcntl.command", fcntl(file, 9999));
    R("fcntl.bad", fcntl(999, F_GETFD));
    R("fcntl.setfl", fcntl(file, F_SETFL, O_APPEND | O_NONBLOCK));
    say("fcntl.getfl", "%s%s%s", fcntl(file, F_GETFL) & O_APPEND ? "a" : "", fcntl(file, F_GETFL) & O_NONBLOCK ? "n" : "",
            (fcntl(file, F_GETFL) & O_ACCMODE) == O_RDWR ? "rw" : "");
    R("fcntl.setfl.access", fcntl(file, F_SETFL, O_WRONLY));
    T("fcntl.access.stays", (fcntl(file, F_GETFL) & O_ACCMODE) == O_RDWR);
    R("close", close(60));
    R("close.again", close(60));
    R("close.negative", close(-1));
    R("close_range", close_range(70, 80, 0));
    R("close_range.closed", fcntl(71, F_GETFD));
    R("close_range.order", close_range(5, 4, 0));
    R("close_range.flags", close_range(70, 80, 128));
    R("ioctl.notty", ioctl(file, 0x5401, 0));
    R("ioctl.bad", ioctl(999, FIONREAD, &copy));
    int count = -1;
    R("ioctl.fionread", ioctl(file, FIONREAD, &count));
    say("ioctl.fionread.count", "%d", count);
    R("ioctl.fioclex", ioctl(file, FIOCLEX));
    int on = 1;
    R("ioctl.fionbio", ioctl(file, FIONBIO, &on));
    struct rlimit few = {20, 20}, old;
    getrlimit(RLIMIT_NOFILE, &old);
    few.rlim_max = old.rlim_max;
    R("limit.set", setrlimit(RLIMIT_NOFILE, &few));
    int last = 0, at;
    while ((at = dup(file)) >= 0) last = at;
    say("limit.error", "%s", error(errno));
    say("limit.last", "%d", last);
    R("limit.dup2", dup2(file, 20));
    R("limit.dupfd", fcntl(file, F_DUPFD, 20));
    int ends[2];
    R("limit.pipe", pipe(ends));
    R("limit.open", open("d", O_RDONLY));
    setrlimit(RLIMIT_NOFILE, &old);
    close_range(4, 30, 0);
}

static void copies(void) {
    int from = make("from", "0123456789"), to = make("to", "");
    off_t at = 2;
    R("sendfile", sendfile(to, from, &at, 5));
    say("sendfile.offset", "%ld", (long) at);
    lseek(from, 8, SEEK_SET);
    R("sendfile.current", sendfile(to, from, 0, 50));
    at = -1;
    R("sendfile.negative", sendfile(to, from, &at, 5));
    R("sendfile.readonly", sendfile(open("to", O_RDONLY), from, 0, 5));
    R("sendfile.bad", sendfile(999, from, 0, 5));
    off_t source = 1, target = 20;
    R("copy_file_range", copy_file_range(from, &source, to, &target, 6, 0));
    say("copy_file_range.offsets", "%ld %ld", (long) source, (long) target);
    lseek(from, 9, SEEK_SET);
    R("copy_file_range.current", copy_file_range(from, 0, to, 0, 100, 0));
    R("copy_file_range.end", copy_file_range(from, 0, to, 0, 100, 0));
    R("copy_file_range.flags", copy_file_range(from, 0, to, 0, 1, 1));
    source = 1, target = 2;
    R("copy_file_range.overlap", copy_file_range(from, &source, from, &target, 6, 0));
    R("copy_file_range.readonly", copy_file_range(from, 0, open("to", O_RDONLY), 0, 1, 0));
    R("copy_file_range.append", copy_file_range(from, 0, open("to", O_WRONLY | O_APPEND), 0, 1, 0));
    int ends[2];
    MUST(pipe(ends));
    R("copy_file_range.pipe", copy_file_range(from, 0, ends[1], 0, 1, 0));
    R("copy_file_range.dir", copy_file_range(open(".", O_RDONLY), 0, to, 0, 1, 0));
    char data[40];
    say("copied", "%.*s", (int) pread(to, data, 8, 0), data);
    /* The limit holds for the output of these checks too, so it is lifted before they are told. */
    struct rlimit small = {100, RLIM_INFINITY}, any = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &small);
    signal(SIGXFSZ, SIG_IGN);
    long part = pwrite(to, data, 40, 80), beyond = pwrite(to, data, 40, 100);
    int wrong = errno;
    long size = ftruncate(to, 101);
    int wrong_size = errno;
    setrlimit(RLIMIT_FSIZE, &any);
    say("fsize.part", "%ld", part);
    say("fsize.error", "%s", beyond == -1 ? error(wrong) : "ok");
    say("fsize.truncate", "%s", size == -1 ? error(wrong_size) : "ok");
    CHILD("fsize.signal", signal(SIGXFSZ, SIG_DFL); setrlimit(RLIMIT_FSIZE, &small); pwrite(to, data, 1, 200));
}

static void checks(void) {
    opens();
    reads();
    seeks();
    descriptors();
    copies();
}
