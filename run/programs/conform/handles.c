/* Things reached by a descriptor that once had only names or numbers: processes (pidfd), files in memory, programs to
   execute; and the later ways to open, read and write. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

static int pidfd(pid_t process, int flags) {
    return syscall(SYS_pidfd_open, process, flags);
}

static void processes(void) {
    int gate[2], status;
    MUST(pipe(gate));
    pid_t child = fork();
    if (child == 0) {
        char c;
        close(gate[1]);
        read(gate[0], &c, 1);
        _exit(7);
    }
    close(gate[0]);
    int file = pidfd(child, 0);
    T("open", file >= 0);
    T("open.cloexec", fcntl(file, F_GETFD) == FD_CLOEXEC);
    R("open.nobody", pidfd(4194000, 0));
    R("open.zero", pidfd(0, 0));
    R("open.flags", pidfd(child, 1));
    R("read", read(file, &status, 4));
    struct pollfd one = {file, POLLIN, 0};
    R("poll.runs", poll(&one, 1, 0));
    R("signal.none", syscall(SYS_pidfd_send_signal, file, 0, 0, 0));
    R("signal.wrong", syscall(SYS_pidfd_send_signal, file, 9999, 0, 0));
    R("signal.flags", syscall(SYS_pidfd_send_signal, file, 0, 0, 0x100));
    R("signal.nopidfd", syscall(SYS_pidfd_send_signal, gate[1], 0, 0, 0));
    R("getfd.wrong", syscall(SYS_pidfd_getfd, file, 999, 0));
    R("getfd.flags", syscall(SYS_pidfd_getfd, file, 0, 1));
    siginfo_t info;
    memset(&info, 0, sizeof info);
    R("waitid.runs", waitid(P_PIDFD, file, &info, WEXITED | WNOHANG));
    R("waitid.nobody", info.si_pid);
    write(gate[1], "x", 1);
    R("poll.ended", poll(&one, 1, -1));
    R("poll.events", one.revents);
    R("signal.zombie", syscall(SYS_pidfd_send_signal, file, SIGTERM, 0, 0));
    R("waitid", waitid(P_PIDFD, file, &info, WEXITED));
    T("waitid.who", info.si_pid == child);
    R("waitid.status", info.si_status);
    R("waitid.again", waitid(P_PIDFD, file, &info, WEXITED));
    R("signal.gone", syscall(SYS_pidfd_send_signal, file, SIGTERM, 0, 0));
    R("waitid.nopidfd", waitid(P_PIDFD, 0, &info, WEXITED));
    child = fork();
    if (child == 0) for (;;) pause();
    file = pidfd(child, 0);
    R("signal", syscall(SYS_pidfd_send_signal, file, SIGTERM, 0, 0));
    waitid(P_PIDFD, file, &info, WEXITED);
    say("signal.killed", "%s", signame(info.si_status));
}

static void files(void) {
    int file = memfd_create("name", MFD_CLOEXEC);
    T("memfd", file >= 0);
    T("memfd.cloexec", fcntl(file, F_GETFD) == FD_CLOEXEC);
    R("memfd.flags", memfd_create("name", 0x8000));
    R("memfd.fault", memfd_create((char *) 8, 0));
    char name[260];
    memset(name, 'n', 259);
    name[250] = 0;
    R("memfd.long", memfd_create(name, 0));
    R("memfd.write", write(file, "hello", 5));
    R("memfd.truncate", ftruncate(file, 10000));
    struct stat st;
    R("memfd.size", (fstat(file, &st), st.st_size));
    R("memfd.links", st.st_nlink);
    T("memfd.regular", S_ISREG(st.st_mode));
    char *map = mmap(0, 10000, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    T("memfd.map", map != MAP_FAILED && !memcmp(map, "hello", 6));
    memcpy(map + 9000, "mapped", 6);
    MUST(msync(map, 10000, MS_SYNC));
    char data[10];
    R("memfd.shared", pread(file, data, 6, 9000));
    say("memfd.seen", "%.6s", data);
    pid_t child = fork();
    if (child == 0) {
        memcpy(map, "child", 5);
        _exit(0);
    }
    waitpid(child, 0, 0);
    say("memfd.child", "%.5s", map);
}

static void opens(void) {
    struct { uint64_t flags, mode, resolve, more; } how = {O_RDWR | O_CREAT | O_EXCL, 0640, 0, 0};
    int file = syscall(SYS_openat2, AT_FDCWD, "made", &how, 24);
    T("openat2", file >= 0);
    struct stat st;
    fstat(file, &st);
    say("openat2.mode", "%o", st.st_mode & 0777);
    R("openat2.excl", syscall(SYS_openat2, AT_FDCWD, "made", &how, 24));
    R("openat2.small", syscall(SYS_openat2, AT_FDCWD, "made", &how, 23));
    how.more = 1;
    R("openat2.more", syscall(SYS_openat2, AT_FDCWD, "made", &how, 32));
    how.more = 0, how.flags = O_RDONLY;
    R("openat2.mode.alone", syscall(SYS_openat2, AT_FDCWD, "made", &how, 24));
    how.mode = 0;
    Z("openat2.longer", syscall(SYS_openat2, AT_FDCWD, "made", &how, 32));
    how.flags = 1ll << 40;
    R("openat2.flags", syscall(SYS_openat2, AT_FDCWD, "made", &how, 24));
    how.flags = 0, how.resolve = 1 << 20;
    R("openat2.resolve", syscall(SYS_openat2, AT_FDCWD, "made", &how, 24));
    how.resolve = 0;
    R("openat2.fault", syscall(SYS_openat2, AT_FDCWD, "made", (void *) 8, 24));
    R("openat2.missing", syscall(SYS_openat2, AT_FDCWD, "missing", &how, 24));
}

static void vectors(void) {
    int file = make("v", "0123456789");
    char data[20];
    struct iovec piece = {"ab", 2}, into = {data, 20};
    R("pwritev2", pwritev2(file, &piece, 1, 1, RWF_DSYNC));
    lseek(file, 3, SEEK_SET);
    R("pwritev2.current", pwritev2(file, &piece, 1, -1, 0));
    R("pwritev2.position", lseek(file, 0, SEEK_CUR));
    R("pwritev2.append", pwritev2(file, &piece, 1, 0, RWF_APPEND));
    R("pwritev2.stays", lseek(file, 0, SEEK_CUR));
    R("pwritev2.append.current", pwritev2(file, &piece, 1, -1, RWF_APPEND));
    R("pwritev2.moves", lseek(file, 0, SEEK_CUR));
    R("preadv2", preadv2(file, &into, 1, 0, RWF_HIPRI));
    say("preadv2.bytes", "%.14s", data);
    R("preadv2.negative", preadv2(file, &into, 1, -2, 0));
    R("pwritev2.unknown", pwritev2(file, &piece, 1, 0, 0x4000));
    R("syncfs", syncfs(file));
    R("syncfs.bad", syncfs(999));
    R("sync_file_range", sync_file_range(file, 0, 5, SYNC_FILE_RANGE_WRITE));
    R("sync_file_range.flags", sync_file_range(file, 0, 5, 8));
    R("readahead", readahead(file, 0, 100));
    R("readahead.wronly", readahead(open("v", O_WRONLY), 0, 100));
    int ends[2];
    MUST(pipe(ends));
    R("readahead.pipe", readahead(ends[0], 0, 100));
}

static void programs(void) {
    char *arguments[] = {"sh", 0}, *none[] = {0};
    char self[4096] = "";
    MUST(readlink("/proc/self/exe", self, sizeof self - 1));
    CHILD("execveat.missing", syscall(SYS_execveat, AT_FDCWD, "missing", arguments, none, 0); _exit(errno == ENOENT));
    CHILD("execveat.flags", syscall(SYS_execveat, AT_FDCWD, self, arguments, none, 1); _exit(errno == EINVAL));
    CHILD("execveat.empty", syscall(SYS_execveat, open(self, O_PATH), "", arguments, none, 0); _exit(errno == ENOENT));
    symlink(self, "link");
    CHILD("execveat.link", syscall(SYS_execveat, AT_FDCWD, "link", arguments, none, AT_SYMLINK_NOFOLLOW);
          _exit(errno == ELOOP));
    char *again[] = {"handles", "executed", 0};
    CHILD("execveat", syscall(SYS_execveat, AT_FDCWD, "link", again, none, 0); _exit(errno));
    CHILD("execveat.file", syscall(SYS_execveat, open(self, O_PATH), "", again, none, AT_EMPTY_PATH); _exit(errno));
    CHILD("fexecve", fexecve(open(self, O_RDONLY), again, none); _exit(errno));
    CHILD("mlock2", _exit(mlock2(self, 1, 0) == 0 ? 1 : 0));
    R("mlock2.flags", mlock2(self, 1, 99));
}

/* A program that is executed by a descriptor says so by its status. */
__attribute__((constructor)) static void executed(int count, char **arguments) {
    if (count == 2 && !strcmp(arguments[1], "executed")) _exit(42);
}

static void checks(void) {
    processes();
    files();
    opens();
    vectors();
    programs();
}
