/* Calls of OSF/1 about files that Linux/Alpha has kept: each tells what the call of today tells. Only the Alpha has them; elsewhere
   it is said that they do. */
#define _GNU_SOURCE
#include "check.h"
#include <dirent.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

#ifdef __alpha__
struct osf_stat {
    int dev, pad1;
    unsigned mode;
    unsigned short links, pad2;
    unsigned user, group;
    int rdev, ldev;
    long size;
    int pad3, uatime, pad4, umtime, pad5, uctime, pad6, pad7;
    unsigned flags, generation;
    long spare[4];
    unsigned inode;
    int pad8, atime, pad9, mtime, pad10, ctime, pad11;
    long blksize, blocks;
};

struct osf_statfs {
    short type, flags;
    int fsize, bsize, blocks, bfree, bavail, files, ffree, id[2];
};

struct osf_statfs64 {
    short type, flags;
    int pad[7], id[2];
    unsigned short longest, reserved;
    int spare[8];
    char more[180];
    long info[10], flags2, spare2[14], fsize, bsize, blocks, bfree, bavail, files, ffree;
};

struct osf_rusage {
    int user[2], system[2];
    long rest[14];
};

struct osf_dirent {
    unsigned inode;
    unsigned short length, name_length;
    char name[];
};

static int same(const struct osf_stat *a, const struct stat *b) {
    return a->mode == b->st_mode && a->size == b->st_size && a->inode == (unsigned) b->st_ino && a->links == b->st_nlink
           && a->user == b->st_uid && a->mtime == b->st_mtime && a->ctime == b->st_ctime
           && a->umtime == b->st_mtim.tv_nsec / 1000;
}
#endif

static void checks(void) {
    int file = make("file", "hello");
    MUST(symlink("file", "link"));
    MUST(mkdir("folder", 0755));
    close(make("folder/one", ""));
    close(make("folder/a longer name", ""));
#ifdef __alpha__
    struct stat st;
    struct osf_stat osf;
    stat("file", &st);
    T("stat", syscall(224, "file", &osf) == 0 && same(&osf, &st));
    T("stat.link", syscall(224, "link", &osf) == 0 && same(&osf, &st));
    T("fstat", syscall(226, file, &osf) == 0 && same(&osf, &st));
    lstat("link", &st);
    T("lstat", syscall(225, "link", &osf) == 0 && same(&osf, &st));
    R("stat.missing", syscall(224, "missing", &osf));
    R("stat.fault", syscall(224, "file", 8));
    int times[4] = {1000, 5, 2000, 7};
    R("utimes", syscall(138, "file", times));
    stat("file", &st);
    T("utimes.set", st.st_atime == 1000 && st.st_mtime == 2000 && st.st_mtim.tv_nsec == 7000);
    times[1] = 1000000;
    R("utimes.wrong", syscall(138, "file", times));
    struct osf_statfs fs;
    struct statfs linux_fs;
    statfs(".", &linux_fs);
    T("statfs", syscall(160, ".", &fs, sizeof fs) == 0 && fs.bsize == linux_fs.f_bsize && fs.blocks > 0);
    T("fstatfs", syscall(161, file, &fs, sizeof fs) == 0 && fs.bsize == linux_fs.f_bsize);
    int folder = open("folder", O_RDONLY), found = 0, dots = 0;
    long base = -1;
    char entries[400];
    long n = syscall(159, folder, entries, sizeof entries, &base);
    for (long at = 0; at < n; at += ((struct osf_dirent *) (entries + at))->length) {
        struct osf_dirent *entry = (struct osf_dirent *) (entries + at);
        found += entry->name_length == strlen(entry->name) && (!strcmp(entry->name, "one") || !strcmp(entry->name, "a longer name"));
        dots += entry->name[0] == '.';
    }
    T("entries", found == 2 && dots == 2);
    R("entries.base", base);
    R("entries.end", syscall(159, folder, entries, sizeof entries, &base));
    R("entries.file", syscall(159, file, entries, sizeof entries, &base));
    struct osf_statfs64 wide;
    T("statfs64", syscall(227, ".", &wide, sizeof wide) == 0 && wide.bsize == linux_fs.f_bsize && wide.blocks > 0 && wide.ffree <= wide.files);
    T("fstatfs64", syscall(228, file, &wide, sizeof wide) == 0 && wide.bsize == linux_fs.f_bsize);
    R("statfs64.missing", syscall(227, "missing", &wide, sizeof wide));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(5);
    int status = 0;
    struct osf_rusage usage = {{-1, -1}, {-1, -1}};
    T("wait4", syscall(7, child, &status, 0, &usage) == child && WEXITSTATUS(status) == 5);
    T("wait4.usage", usage.user[0] == 0 && usage.user[1] >= 0 && usage.user[1] < 1000000 && usage.system[0] == 0);
    R("wait4.none", syscall(7, -1, &status, 0, NULL));
    int ends[2], little[2] = {0, 20000}, wrong[2] = {0, 1000000};
    MUST(pipe(ends));
    unsigned long reads = 1UL << ends[0];
    R("select.time", syscall(93, ends[0] + 1, &reads, NULL, NULL, little));
    R("select.none", reads);
    write(ends[1], "x", 1);
    reads = 1UL << ends[0];
    R("select", syscall(93, ends[0] + 1, &reads, NULL, NULL, NULL));
    T("select.ready", reads == 1UL << ends[0]);
    R("select.wrong", syscall(93, ends[0] + 1, &reads, NULL, NULL, wrong));
    R("select.fault", syscall(93, ends[0] + 1, &reads, NULL, NULL, 8));
    R("sethae", syscall(301, 0));
#else
    close(file);
    for (const char *name = "stat\0stat.link\0fstat\0lstat\0"; *name; name += strlen(name) + 1) T(name, 1);
    say("stat.missing", "ENOENT");
    say("stat.fault", "EFAULT");
    say("utimes", "0");
    T("utimes.set", 1);
    say("utimes.wrong", "EINVAL");
    T("statfs", 1);
    T("fstatfs", 1);
    T("entries", 1);
    say("entries.base", "0");
    say("entries.end", "0");
    say("entries.file", "ENOTDIR");
    T("statfs64", 1);
    T("fstatfs64", 1);
    say("statfs64.missing", "ENOENT");
    T("wait4", 1);
    T("wait4.usage", 1);
    say("wait4.none", "ECHILD");
    say("select.time", "0");
    say("select.none", "0");
    say("select", "1");
    T("select.ready", 1);
    say("select.wrong", "EINVAL");
    say("select.fault", "EFAULT");
    say("sethae", "0");
#endif
}
