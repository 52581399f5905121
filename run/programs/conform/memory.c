/* mmap(2) and its family, brk(2), and the limits of memory. Sizes are in pages of the machine, so that values agree. */
#define _GNU_SOURCE
#include "check.h"

#include <setjmp.h>
#include <sys/mman.h>
#include <sys/resource.h>

static long page;
static sigjmp_buf back;

static void caught(int number) {
    siglongjmp(back, number);
}

/* Name of the signal that reading or writing a byte causes, or its value. */
static void touch(const char *name, volatile char *at, int writes) {
    signal(SIGSEGV, caught);
    signal(SIGBUS, caught);
    int number = sigsetjmp(back, 1);
    if (number) say(name, "%s", signame(number));
    else if (writes) {
        *at = 'w';
        say(name, "written");
    } else say(name, "%d", *at);
}

static char *anonymous(long pages) {
    return mmap(0, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* ok or the error of a call that answers an address. */
#define M(name, call) do { errno = 0; void *m_ = (void *) (call); say(name, "%s", m_ == MAP_FAILED ? error(errno) : "ok"); } while (0)

static void errors(void) {
    int file = make("file", "contents"), reads = open("file", O_RDONLY), writes = open("file", O_WRONLY), ends[2];
    MUST(pipe(ends));
    M("mmap.zero", mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    M("mmap.notype", mmap(0, page, PROT_READ, MAP_ANONYMOUS, -1, 0));
    M("mmap.descriptor", mmap(0, page, PROT_READ, MAP_PRIVATE, 999, 0));
    M("mmap.huge", mmap(0, 1L << 62, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    M("mmap.pipe", mmap(0, page, PROT_READ, MAP_PRIVATE, ends[0], 0));
    M("mmap.folder", mmap(0, page, PROT_READ, MAP_PRIVATE, open(".", O_RDONLY), 0));
    M("mmap.writeonly", mmap(0, page, PROT_READ, MAP_PRIVATE, writes, 0));
    M("mmap.readonly.shared", mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED, reads, 0));
    M("mmap.readonly.private", mmap(0, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, reads, 0));
    M("mmap.offset", mmap(0, page, PROT_READ, MAP_PRIVATE, file, 100));
    char *taken = anonymous(3);
    M("mmap.noreplace", mmap(taken + page, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    M("mmap.fixed.odd", mmap(taken + 100, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    R("munmap.zero", munmap(taken, 0));
    R("munmap.odd", munmap(taken + 100, page));
    R("munmap.middle", munmap(taken + page, page));
    R("munmap.again", munmap(taken + page, page));
    touch("munmap.before", taken, 1);
    touch("munmap.gone", taken + page, 0);
    touch("munmap.after", taken + 2 * page, 1);
    R("munmap.all", munmap(taken, 3 * page));
}

static void protections(void) {
    char *at = anonymous(4);
    touch("fresh", at, 0);
    R("mprotect.none", mprotect(at, page, PROT_NONE));
    touch("none.read", at, 0);
    touch("none.write", at, 1);
    R("mprotect.read", mprotect(at, page, PROT_READ));
    touch("read.read", at, 0);
    touch("read.write", at, 1);
    R("mprotect.write", mprotect(at, page, PROT_READ | PROT_WRITE));
    touch("write.write", at, 1);
    R("mprotect.odd", mprotect(at + 1, page, PROT_READ));
    R("mprotect.zero", mprotect(at, 0, PROT_READ));
    munmap(at + 2 * page, page);
    R("mprotect.hole", mprotect(at, 4 * page, PROT_READ));
    /* A guard page: what grows into it ends. */
    char *guarded = anonymous(3);
    R("guard", mprotect(guarded, page, PROT_NONE));
    touch("guard.above", guarded + page, 1);
    touch("guard.hit", guarded + page - 1, 1);
}

static void files(void) {
    int file = make("mapped", "0123456789");
    MUST(ftruncate(file, page + 10));
    char *shared = mmap(0, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *private = mmap(0, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    char text[4] = "";
    touch("file.read", shared + 3, 0);
    touch("file.rest", shared + page + 100, 0);
    touch("file.beyond", shared + 2 * page, 0);
    touch("file.beyond.write", shared + 2 * page, 1);
    memcpy(private, "abc", 3);
    pread(file, text, 3, 0);
    say("private.file", "%s", text);
    memcpy(shared + 4, "xyz", 3);
    R("msync", msync(shared, page, MS_SYNC));
    pread(file, text, 3, 4);
    say("shared.file", "%s", text);
    R("msync.flags", msync(shared, page, MS_SYNC | MS_ASYNC));
    R("msync.unknown", msync(shared, page, 64));
    R("msync.odd", msync(shared + 1, page, MS_SYNC));
    R("msync.async", msync(shared, page, MS_ASYNC));
    R("msync.zero", msync(shared, 0, MS_SYNC));
    munmap(private, page);
    R("msync.hole", msync(private, 2 * page, MS_SYNC));
    MUST(close(file));
    touch("closed", shared + 3, 0);
    fflush(stdout);
    char *both = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *own = anonymous(1);
    if (fork() == 0) {
        both[0] = 'c';
        own[0] = 'c';
        _exit(0);
    }
    wait(0);
    say("fork.shared", "%d", both[0]);
    say("fork.private", "%d", own[0]);
}

static void moves(void) {
    char *at = anonymous(4);
    strcpy(at, "text");
    munmap(at + 2 * page, 2 * page);
    R("mremap.odd", (long) mremap(at + 1, page, page, 0));
    M("mremap.zero", mremap(at, page, 0, 0));
    M("mremap.flags", mremap(at, page, page, 64));
    M("mremap.fixed.alone", mremap(at, page, page, MREMAP_FIXED, at + 8 * page));
    char *more = mremap(at, 2 * page, 64 * page, MREMAP_MAYMOVE);
    say("mremap.grown", "%s %d", more, more[63 * page]);
    T("mremap.shrunk", mremap(more, 64 * page, page, 0) == more);
    touch("mremap.cut", more + page, 0);
    touch("mremap.kept", more, 0);
    char *room = anonymous(4);
    T("mremap.fixed", mremap(more, page, 2 * page, MREMAP_MAYMOVE | MREMAP_FIXED, room + page) == room + page);
    say("mremap.fixed.text", "%s", room + page);
    touch("mremap.left", more, 0);
    M("mremap.overlap", mremap(room, 3 * page, 3 * page, MREMAP_MAYMOVE | MREMAP_FIXED, room + page));
    M("mremap.hole", mremap(more, page, page * 2, MREMAP_MAYMOVE));
}

static void advice(void) {
    unsigned char in[4];
    char *at = anonymous(4);
    memset(at, 'x', 4 * page);
    R("mincore", mincore(at, 4 * page, in));
    say("mincore.pages", "%d%d%d%d", in[0] & 1, in[1] & 1, in[2] & 1, in[3] & 1);
    R("mincore.odd", mincore(at + 1, page, in));
    R("mincore.address", mincore(at, page, (unsigned char *) 8));
    R("madvise.dontneed", madvise(at + page, page, MADV_DONTNEED));
    touch("dontneed.gone", at + page, 0);
    touch("dontneed.beside", at + 2 * page, 0);
    R("madvise.normal", madvise(at, page, MADV_NORMAL));
    R("madvise.willneed", madvise(at, page, MADV_WILLNEED));
    R("madvise.odd", madvise(at + 1, page, MADV_NORMAL));
    R("madvise.unknown", madvise(at, page, 12345));
    R("mlock", mlock(at, 2 * page));
    R("munlock", munlock(at, 2 * page));
    munmap(at + 3 * page, page);
    R("madvise.hole", madvise(at, 4 * page, MADV_NORMAL));
    R("mlock.hole", mlock(at, 4 * page));
    R("munlock.hole", munlock(at, 4 * page));
    R("mincore.hole", mincore(at, 4 * page, in));
}

static void limits(void) {
    struct rlimit limit = {0, 0};
    char *end = sbrk(0);
    T("sbrk", sbrk(3 * page) == end && (char *) sbrk(0) == end + 3 * page);
    touch("sbrk.fresh", end + 2 * page, 1);
    T("sbrk.back", sbrk(-3 * page) == end + 3 * page && sbrk(0) == end);
    R("brk.low", brk((void *) page));
    R("getrlimit", getrlimit(RLIMIT_AS, &limit));
    T("unlimited", limit.rlim_cur == RLIM_INFINITY);
    R("setrlimit.order", setrlimit(RLIMIT_AS, &(struct rlimit) {2, 1}));
    R("setrlimit.unknown", setrlimit(99, &limit));
    CHILD("as", {
        limit.rlim_cur = 256L << 20;
        R("as.set", setrlimit(RLIMIT_AS, &limit));
        M("as.less", mmap(0, 16L << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        M("as.more", mmap(0, 300L << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        char *small = anonymous(1);
        M("as.mremap", mremap(small, page, 300L << 20, MREMAP_MAYMOVE));
        T("as.sbrk", sbrk(300L << 20) == (void *) -1 && errno == ENOMEM);
        T("as.malloc", malloc(300L << 20) == 0 && errno == ENOMEM);
    });
    CHILD("data", {
        limit.rlim_cur = 64L << 20;
        R("data.set", setrlimit(RLIMIT_DATA, &limit));
        M("data.private", mmap(0, 100L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        M("data.readonly", mmap(0, 100L << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        M("data.shared", mmap(0, 100L << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
        T("data.sbrk", sbrk(100L << 20) == (void *) -1 && errno == ENOMEM);
    });
}

static void checks(void) {
    page = sysconf(_SC_PAGESIZE);
    errors();
    protections();
    files();
    moves();
    advice();
    limits();
}
