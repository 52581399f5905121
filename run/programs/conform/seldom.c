/* Calls that few programs make. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w -pthread
 */
#define _GNU_SOURCE
#include "check.h"
#include <dirent.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <sys/timex.h>

struct linux_dirent {
    unsigned long ino, off;
    unsigned short length;
    char name[];
};

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

static void entries(void) {
    MUST(mkdir("folder", 0755));
    close(make("folder/file", ""));
    close(make("folder/a longer name", ""));
    MUST(mkdir("folder/inner", 0755));
    MUST(symlink("file", "folder/link"));
    int folder = open("folder", O_RDONLY | O_DIRECTORY), file = open("folder/file", O_RDONLY);
    char buffer[2000], names[10][60];
    R("getdents.small", syscall(SYS_getdents, folder, buffer, 10));
    R("getdents.fault", syscall(SYS_getdents, folder, (void *) 8, 1000));
    R("getdents.file", syscall(SYS_getdents, file, buffer, 1000));
    R("getdents.bad", syscall(SYS_getdents, -1, buffer, 1000));
    lseek(folder, 0, SEEK_SET);
    long bytes, count = 0, good = 1;
    while ((bytes = syscall(SYS_getdents, folder, buffer, 100)) > 0)
        for (long at = 0; at < bytes; count++) {
            struct linux_dirent *entry = (struct linux_dirent *) (buffer + at);
            char kind = buffer[at + entry->length - 1];
            sprintf(names[count], "%s:%s", entry->name, kind == DT_DIR ? "folder" : kind == DT_REG ? "file" : kind == DT_LNK ? "link" : "other");
            struct stat status;
            if (fstatat(folder, entry->name, &status, AT_SYMLINK_NOFOLLOW) || strcmp(entry->name, "..") && status.st_ino != entry->ino) good = 0;
            at += entry->length;
        }
    R("getdents.end", bytes);
    R("getdents.count", count);
    T("getdents.inodes", good);
    qsort(names, count, sizeof names[0], by_text);
    say("getdents.names", "%s %s %s %s %s %s", names[0], names[1], names[2], names[3], names[4], names[5]);
}

static void capabilities(void) {
    struct __user_cap_header_struct header = {0x12345, 0};
    struct __user_cap_data_struct data[2], none[2] = {{0}};
    R("capget.version", syscall(SYS_capget, &header, data));
    T("capget.version.told", header.version == _LINUX_CAPABILITY_VERSION_3);
    header.version = 1;
    R("capget.query", syscall(SYS_capget, &header, NULL));
    R("capget", syscall(SYS_capget, &header, data));
    T("capget.sane", (data[0].effective & ~data[0].permitted) == 0 && (data[1].effective & ~data[1].permitted) == 0);
    header.pid = -1;
    R("capget.negative", syscall(SYS_capget, &header, data));
    header.pid = 999999;
    R("capget.missing", syscall(SYS_capget, &header, data));
    header.pid = 0;
    R("capget.fault", syscall(SYS_capget, (void *) 8, data));
    R("capget.data.fault", syscall(SYS_capget, &header, (void *) 8));
    R("capset.same", syscall(SYS_capset, &header, data));
    R("capset.fault", syscall(SYS_capset, &header, (void *) 8));
    none[0].effective = 1;
    R("capset.effective", syscall(SYS_capset, &header, none));
    data[1].permitted |= 0x80000000;
    R("capset.more", syscall(SYS_capset, &header, data));
    header.pid = 999999;
    R("capset.other", syscall(SYS_capset, &header, data));
    R("setfsuid", setfsuid(getuid()) == getuid());
    R("setfsuid.again", setfsuid(-1) == getuid());
    R("setfsgid", setfsgid(getgid()) == getgid());
}

struct attributes {
    unsigned size, policy;
    unsigned long flags;
    int nice;
    unsigned priority;
    unsigned long more[4];
};

/* How a thread wants to be scheduled is told as it was set, and inherited; a host may forbid it. */
static void policies(void) {
    struct sched_param parameter = {.sched_priority = 7}, own = {0};
    int may = sched_setscheduler(0, SCHED_FIFO, &parameter) == 0;
    T("fifo", !may || sched_getscheduler(0) == SCHED_FIFO && sched_getparam(0, &own) == 0 && own.sched_priority == 7);
    parameter.sched_priority = 99;
    T("setparam", !may || sched_setparam(0, &parameter) == 0 && sched_getparam(0, &own) == 0 && own.sched_priority == 99);
    parameter.sched_priority = 100;
    R("setparam.high", sched_setparam(0, &parameter));
    pid_t child = fork();
    if (child == 0)
        _exit(sched_getscheduler(0));
    int status = 0;
    waitpid(child, &status, 0);
    T("fifo.child", !may || WEXITSTATUS(status) == SCHED_FIFO);
    parameter.sched_priority = 3;
    may = sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameter) == 0;
    T("reset", !may || sched_getscheduler(0) == (SCHED_RR | SCHED_RESET_ON_FORK));
    child = fork();
    if (child == 0)
        _exit(sched_getscheduler(0));
    waitpid(child, &status, 0);
    T("reset.child", !may || WEXITSTATUS(status) == SCHED_OTHER);
    parameter.sched_priority = 0;
    R("rr.none", sched_setscheduler(0, SCHED_RR, &parameter));
    R("batch", sched_setscheduler(0, SCHED_BATCH, &parameter));
    T("batch.reset", sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &parameter) == 0);
    child = fork();
    if (child == 0)
        _exit(sched_getscheduler(0));
    waitpid(child, &status, 0);
    T("batch.child", WEXITSTATUS(status) == SCHED_BATCH);
    T("batch.policy", (sched_getscheduler(0) & ~SCHED_RESET_ON_FORK) == SCHED_BATCH);
    R("deadline.simple", sched_setscheduler(0, SCHED_DEADLINE, &parameter));
    R("policy.wrong", sched_setscheduler(0, 77, &parameter));
    R("policy.negative", sched_setscheduler(0, -1, &parameter));
    R("policy.null", syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, NULL));
    R("param.null", syscall(SYS_sched_getparam, 0, NULL));
    R("other", sched_setscheduler(0, SCHED_OTHER, &parameter));
    T("other.policy", (sched_getscheduler(0) & ~SCHED_RESET_ON_FORK) == SCHED_OTHER);
}

/* How nice a thread is is its own affair. */
static void *nicer(void *before) {
    *(int *) before = getpriority(0, 0);
    setpriority(0, 0, 11);
    return NULL;
}

static void scheduling(void) {
    struct attributes attributes = {0};
    R("getattr", syscall(SYS_sched_getattr, 0, &attributes, 48, 0));
    say("getattr.values", "%u %u %lu %d %u", attributes.size, attributes.policy, attributes.flags, attributes.nice, attributes.priority);
    R("getattr.small", syscall(SYS_sched_getattr, 0, &attributes, 47, 0));
    R("getattr.flags", syscall(SYS_sched_getattr, 0, &attributes, 48, 1));
    R("getattr.null", syscall(SYS_sched_getattr, 0, NULL, 48, 0));
    R("getattr.fault", syscall(SYS_sched_getattr, 0, (void *) 8, 48, 0));
    R("getattr.missing", syscall(SYS_sched_getattr, 999999, &attributes, 48, 0));
    R("getattr.negative", syscall(SYS_sched_getattr, -1, &attributes, 48, 0));
    attributes.nice = 3;
    R("setattr", syscall(SYS_sched_setattr, 0, &attributes, 0));
    R("setattr.nice", getpriority(0, 0));
    R("setattr.flags", syscall(SYS_sched_setattr, 0, &attributes, 1));
    R("setattr.null", syscall(SYS_sched_setattr, 0, NULL, 0));
    R("setattr.missing", syscall(SYS_sched_setattr, 999999, &attributes, 0));
    attributes.flags = 8; /* the policy stays */
    attributes.policy = 77;
    attributes.nice = 4;
    R("setattr.keep.policy", syscall(SYS_sched_setattr, 0, &attributes, 0));
    R("setattr.keep.policy.nice", getpriority(0, 0));
    R("setattr.keep.policy.told", sched_getscheduler(0));
    attributes.flags = 16; /* the rest stays */
    attributes.policy = SCHED_BATCH;
    attributes.nice = 9;
    R("setattr.keep.rest", syscall(SYS_sched_setattr, 0, &attributes, 0));
    R("setattr.keep.rest.nice", getpriority(0, 0));
    R("setattr.keep.rest.told", sched_getscheduler(0));
    attributes.flags = 0x80;
    R("setattr.flag", syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.flags = 0;
    attributes.policy = 77;
    R("setattr.policy", syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.policy = 0;
    attributes.priority = 5;
    R("setattr.priority", syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.size = 20;
    R("setattr.small", syscall(SYS_sched_setattr, 0, &attributes, 0));
    T("setattr.told", attributes.size >= 48);
    struct attributes deadline = {.size = 48, .policy = 6, .more = {1000000, 100000000, 100000000}};
    if (syscall(SYS_sched_setattr, 0, &deadline, 0) == 0) { /* a host may forbid it */
        T("deadline.fork", fork() == -1 && errno == EAGAIN);
        deadline.policy = 0;
        deadline.nice = 4;
        T("deadline.back", syscall(SYS_sched_setattr, 0, &deadline, 0) == 0);
    } else {
        T("deadline.fork", 1);
        T("deadline.back", 1);
    }
    pthread_t thread;
    int before = 0;
    pthread_create(&thread, NULL, nicer, &before);
    pthread_join(thread, NULL);
    R("nice.thread.before", before);
    R("nice.thread", getpriority(0, 0));
}

static void checks(void) {
    entries();
    capabilities();
    policies();
    scheduling();
    struct timex timex = {0};
    T("adjtimex", adjtimex(&timex) >= 0);
    T("adjtimex.tick", timex.tick >= 9000 && timex.tick <= 11000);
    T("adjtimex.time", labs(timex.time.tv_sec - time(NULL)) < 5);
    R("adjtimex.fault", syscall(SYS_adjtimex, (void *) 8));
    T("clock_adjtime", clock_adjtime(CLOCK_REALTIME, &timex) >= 0);
    R("clock_adjtime.monotonic", clock_adjtime(CLOCK_MONOTONIC, &timex));
    R("restart", syscall(SYS_restart_syscall));
    R("unshare.nothing", unshare(0));
    R("unshare.wrong", unshare(0x1));
    R("unshare.files", unshare(CLONE_FILES | CLONE_FS));
}
