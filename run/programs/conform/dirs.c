/* Directories, links, names, times, status. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/syscall.h>
#include <dirent.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>

static void directories(void) {
    int home = open(".", O_RDONLY);
    R("mkdir", mkdir("d", 0777));
    R("mkdir.exists", mkdir("d", 0777));
    R("mkdir.parent", mkdir("x/y", 0777));
    R("mkdir.slash", mkdir("e/", 0777));
    R("mkdir.dot", mkdir("e/.", 0777));
    R("mkdir.empty", mkdir("", 0777));
    close(make("f", "file"));
    R("mkdir.file", mkdir("f/x", 0777));
    R("mkdir.over", mkdir("f", 0777));
    R("mkdirat.bad", mkdirat(999, "q", 0777));
    R("rmdir.file", rmdir("f"));
    R("rmdir.missing", rmdir("missing"));
    R("rmdir.dot", rmdir("d/."));
    R("rmdir.dotdot", rmdir("d/.."));
    close(make("d/in", "x"));
    R("rmdir.full", rmdir("d"));
    R("rmdir", rmdir("e"));
    R("unlink.dir", unlink("d"));
    R("unlink.missing", unlink("missing"));
    R("unlink.slash", unlink("f/"));
    R("unlink.empty", unlink(""));
    R("unlinkat.flags", unlinkat(AT_FDCWD, "f", 0x4000));
    R("unlinkat.rmdir", unlinkat(AT_FDCWD, "f", AT_REMOVEDIR));
    int open_file = open("d/in", O_RDWR);
    R("unlink", unlink("d/in"));
    char byte = 0;
    R("unlink.open.read", read(open_file, &byte, 1));
    struct stat st;
    fstat(open_file, &st);
    say("unlink.open.links", "%ld", (long) st.st_nlink);
    R("chdir.missing", chdir("missing"));
    R("chdir.file", chdir("f"));
    R("chdir", chdir("d"));
    char name[4096];
    T("getcwd", getcwd(name, sizeof name) && !strcmp(strrchr(name, '/'), "/d"));
    errno = 0;
    say("getcwd.small", "%s", getcwd(name, 2) ? "ok" : error(errno));
    MUST(rmdir("../d"));
    errno = 0;
    say("getcwd.removed", "%s", getcwd(name, sizeof name) ? "ok" : error(errno));
    R("open.removed", open("x", O_CREAT | O_RDWR, 0600));
    R("chdir.up", chdir(".."));
    MUST(fchdir(home));
    R("fchdir.file", fchdir(open("f", O_RDONLY)));
    R("fchdir.bad", fchdir(999));
    R("fchdir", fchdir(open(".", O_RDONLY)));
}

static int compare(const void *a, const void *b) { return strcmp(*(char **) a, *(char **) b); }

static void lists(void) {
    mkdir("list", 0755);
    mkdir("list/sub", 0755);
    close(make("list/one", ""));
    close(make("list/two", ""));
    symlink("one", "list/link");
    mkfifo("list/fifo", 0600);
    DIR *directory = opendir("list");
    char *names[20];
    int count = 0;
    struct dirent *entry;
    while ((entry = readdir(directory))) {
        asprintf(&names[count++], "%s:%d", entry->d_name, entry->d_type);
    }
    qsort(names, count, sizeof *names, compare);
    char all[500] = "";
    for (int i = 0; i < count; i++) strcat(strcat(all, i ? " " : ""), names[i]);
    say("list", "%s", all);
    rewinddir(directory);
    int again = 0;
    while (readdir(directory)) again++;
    say("list.again", "%d", again);
    close(make("list/three", ""));
    rewinddir(directory);
    again = 0;
    while (readdir(directory)) again++;
    say("list.new", "%d", again);
    char buffer[1024];
    R("getdents.small", getdents64(dirfd(directory), buffer, 4));
    lseek(dirfd(directory), 0, SEEK_SET);
    R("getdents.small.start", getdents64(dirfd(directory), buffer, 4));
    R("getdents.file", getdents64(open("f", O_RDONLY), buffer, sizeof buffer));
    R("getdents.bad", getdents64(999, buffer, sizeof buffer));
    struct stat one, two;
    stat("list/one", &one);
    directory = opendir("list");
    int same = 0;
    while ((entry = readdir(directory))) if (!strcmp(entry->d_name, "one")) same = entry->d_ino == one.st_ino;
    T("list.inode", same);
    stat("list", &two);
    say("list.links", "%ld", (long) two.st_nlink);
}

static void links(void) {
    close(make("l", "linked"));
    R("link", link("l", "l2"));
    struct stat st, other;
    lstat("l", &st);
    say("link.count", "%ld", (long) st.st_nlink);
    lstat("l2", &other);
    T("link.same", st.st_ino == other.st_ino);
    R("link.exists", link("l", "l2"));
    R("link.missing", link("missing", "l3"));
    R("link.dir", link("list", "l3"));
    R("link.slash", link("l", "l3/"));
    R("linkat.flags", linkat(AT_FDCWD, "l", AT_FDCWD, "l3", 0x8000));
    R("symlink", symlink("l", "sym"));
    R("symlink.exists", symlink("l", "sym"));
    R("symlink.empty", symlink("", "sym2"));
    R("symlink.dangling", symlink("nowhere", "dangling"));
    lstat("sym", &st);
    say("symlink.size", "%ld", (long) st.st_size);
    T("symlink.type", S_ISLNK(st.st_mode));
    char buffer[20] = "..........";
    R("readlink", readlink("sym", buffer, sizeof buffer));
    R("readlink.short", readlink("dangling", buffer, 3));
    say("readlink.text", "%.5s", buffer);
    R("readlink.zero", readlink("sym", buffer, 0));
    R("readlink.file", readlink("l", buffer, sizeof buffer));
    R("readlink.missing", readlink("missing", buffer, sizeof buffer));
    R("open.dangling", open("dangling", O_RDONLY));
    R("open.dangling.excl", open("dangling", O_CREAT | O_EXCL | O_RDWR, 0600));
    R("open.nofollow", open("sym", O_RDONLY | O_NOFOLLOW));
    Z("open.dangling.create", open("dangling", O_CREAT | O_RDWR, 0600));
    T("open.dangling.made", !access("nowhere", F_OK));
    symlink("loop2", "loop1");
    symlink("loop1", "loop2");
    R("loop.open", open("loop1", O_RDONLY));
    R("loop.stat", stat("loop1", &st));
    R("loop.lstat", lstat("loop1", &st));
    R("loop.chdir", chdir("loop1"));
    R("link.symlink", link("sym", "hardsym"));
    lstat("hardsym", &st);
    T("link.symlink.type", S_ISLNK(st.st_mode));
    R("linkat.follow", linkat(AT_FDCWD, "sym", AT_FDCWD, "hardfile", AT_SYMLINK_FOLLOW));
    lstat("hardfile", &st);
    T("linkat.follow.type", S_ISREG(st.st_mode));
    R("unlink.symlink", unlink("sym"));
    T("unlink.target.stays", !access("l", F_OK));
}

static void renames(void) {
    close(make("r1", "one"));
    close(make("r2", "two two"));
    R("rename.over", rename("r1", "r2"));
    struct stat st;
    lstat("r2", &st);
    say("rename.size", "%ld", (long) st.st_size);
    R("rename.missing", rename("r1", "r3"));
    R("rename.self", rename("r2", "r2"));
    link("r2", "r4");
    R("rename.same", rename("r2", "r4"));
    T("rename.same.stays", !access("r2", F_OK));
    mkdir("rd", 0755);
    mkdir("rd/in", 0755);
    mkdir("empty", 0755);
    R("rename.dir.file", rename("rd", "r2"));
    R("rename.file.dir", rename("r2", "rd"));
    R("rename.dir.full", rename("empty", "rd"));
    R("rename.dir.empty", rename("rd", "empty"));
    R("rename.inside", rename("empty", "empty/in/x"));
    R("rename.parent", rename("r2", "nowhere/x"));
    R("rename.slash", rename("r2", "r9/"));
    R("rename.dot", rename("empty/.", "x"));
    R("rename.empty", rename("", "x"));
    R("renameat2.noreplace", renameat2(AT_FDCWD, "r2", AT_FDCWD, "r4", RENAME_NOREPLACE));
    R("renameat2.flags", renameat2(AT_FDCWD, "r2", AT_FDCWD, "r4", 64));
    R("renameat2.both", renameat2(AT_FDCWD, "r2", AT_FDCWD, "r4", RENAME_NOREPLACE | RENAME_EXCHANGE));
    close(make("x1", "first"));
    close(make("x2", "second one"));
    R("renameat2.exchange", renameat2(AT_FDCWD, "x1", AT_FDCWD, "x2", RENAME_EXCHANGE));
    lstat("x1", &st);
    say("renameat2.exchanged", "%ld", (long) st.st_size);
    R("renameat2.exchange.missing", renameat2(AT_FDCWD, "x1", AT_FDCWD, "missing", RENAME_EXCHANGE));
}

static void permissions(void) {
    struct stat st;
    R("umask", umask(077));
    R("umask.old", umask(0123));
    close(open("u1", O_CREAT | O_RDWR, 0777));
    lstat("u1", &st);
    say("umask.file", "%o", st.st_mode & 07777);
    mkdir("u2", 0777);
    lstat("u2", &st);
    say("umask.dir", "%o", st.st_mode & 07777);
    umask(022);
    R("chmod", chmod("u1", 0640));
    lstat("u1", &st);
    say("chmod.mode", "%o", st.st_mode & 07777);
    R("chmod.sticky", chmod("u1", 07755));
    lstat("u1", &st);
    say("chmod.sticky.mode", "%o", st.st_mode & 07777);
    R("chmod.missing", chmod("missing", 0640));
    R("fchmod.bad", fchmod(999, 0640));
    R("fchmod", fchmod(open("u1", O_RDONLY), 0600));
    R("fchmodat.flags", fchmodat(AT_FDCWD, "u1", 0600, 0x8000));
    R("access.exists", access("u1", F_OK));
    R("access.execute", access("u1", X_OK));
    R("access.read", access("u1", R_OK | W_OK));
    R("access.mode", access("u1", 99));
    R("access.missing", access("missing", F_OK));
    R("faccessat.flags", faccessat(AT_FDCWD, "u1", F_OK, 0x8000));
    R("chown.same", chown("u1", -1, -1));
    R("chown.own", chown("u1", getuid(), getgid()));
    R("fchown.bad", fchown(999, -1, -1));
    R("lchown.missing", lchown("missing", -1, -1));
    R("mknod.fifo", mknod("fifo1", S_IFIFO | 0600, 0));
    lstat("fifo1", &st);
    T("mknod.fifo.type", S_ISFIFO(st.st_mode));
    R("mknod.regular", mknod("reg1", S_IFREG | 0600, 0));
    R("mknod.exists", mknod("reg1", S_IFREG | 0600, 0));
    R("mknod.dir", mknod("reg2", S_IFDIR | 0600, 0));
    R("stat.fault", syscall(SYS_chdir, (char *) 8));
}

static void times(void) {
    close(make("t", "times"));
    struct timespec set[] = {{1000000000, 123456789}, {1100000000, 987654321}};
    struct stat st;
    R("utimensat", utimensat(AT_FDCWD, "t", set, 0));
    lstat("t", &st);
    say("utimensat.times", "%ld.%09ld %ld.%09ld", (long) st.st_atim.tv_sec, (long) st.st_atim.tv_nsec,
            (long) st.st_mtim.tv_sec, (long) st.st_mtim.tv_nsec);
    set[0].tv_nsec = UTIME_OMIT;
    set[1].tv_nsec = UTIME_NOW;
    R("utimensat.omit", utimensat(AT_FDCWD, "t", set, 0));
    lstat("t", &st);
    T("utimensat.now", st.st_atim.tv_sec == 1000000000 && st.st_mtim.tv_sec > 1600000000);
    set[0].tv_nsec = 1000000000;
    R("utimensat.range", utimensat(AT_FDCWD, "t", set, 0));
    R("utimensat.missing", utimensat(AT_FDCWD, "missing", 0, 0));
    R("utimensat.flags", utimensat(AT_FDCWD, "t", 0, 0x8000));
    R("futimens", futimens(open("t", O_RDONLY), 0));
    R("futimens.bad", futimens(999, 0));
    struct timeval micro[] = {{5, 6}, {7, 8}};
    R("utimes", utimes("t", micro));
    lstat("t", &st);
    say("utimes.times", "%ld.%09ld %ld", (long) st.st_atim.tv_sec, (long) st.st_atim.tv_nsec, (long) st.st_mtim.tv_sec);
    micro[0].tv_usec = 1000000;
    R("utimes.range", utimes("t", micro));
    symlink("t", "tl");
    set[0] = set[1] = (struct timespec) {42, 0};
    R("utimensat.link", utimensat(AT_FDCWD, "tl", set, AT_SYMLINK_NOFOLLOW));
    lstat("tl", &st);
    say("utimensat.link.time", "%ld", (long) st.st_mtim.tv_sec);
    write(open("t", O_WRONLY | O_APPEND), "more", 4);
    lstat("t", &st);
    T("write.mtime", st.st_mtim.tv_sec > 1600000000);
    struct statx x;
    R("statx", statx(AT_FDCWD, "t", 0, STATX_BASIC_STATS, &x));
    T("statx.mask", (x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    say("statx.size", "%ld", (long) x.stx_size);
    T("statx.inode", x.stx_ino == st.st_ino && makedev(x.stx_dev_major, x.stx_dev_minor) == st.st_dev);
    say("statx.mode", "%o", x.stx_mode);
    R("statx.missing", statx(AT_FDCWD, "missing", 0, STATX_BASIC_STATS, &x));
    R("statx.flags", statx(AT_FDCWD, "t", 0x80000, STATX_BASIC_STATS, &x));
    R("statx.reserved", statx(AT_FDCWD, "t", 0, 0x80000000u, &x));
    R("statx.empty", statx(open("t", O_RDONLY), "", AT_EMPTY_PATH, STATX_SIZE, &x));
    R("statx.noempty", statx(open("t", O_RDONLY), "", 0, STATX_SIZE, &x));
    R("fstatat.empty", fstatat(open("t", O_RDONLY), "", &st, AT_EMPTY_PATH));
    R("fstatat.flags", fstatat(AT_FDCWD, "t", &st, 0x80000));
    struct statfs fs;
    R("statfs", statfs(".", &fs));
    say("statfs.name", "%ld", (long) fs.f_namelen);
    R("statfs.missing", statfs("missing", &fs));
    R("fstatfs.bad", fstatfs(999, &fs));
    st.st_mode = 0;
    lstat("/dev/null", &st);
    T("null.type", S_ISCHR(st.st_mode));
    say("null.device", "%u %u", major(st.st_rdev), minor(st.st_rdev));
}

static void checks(void) {
    directories();
    lists();
    links();
    renames();
    permissions();
    times();
}
