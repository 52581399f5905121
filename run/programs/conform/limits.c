/* Resource limits and what happens at them. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/socket.h>

static void limit(int which, long soft, long hard) {
    struct rlimit limits = {soft, hard};
    MUST(setrlimit(which, &limits));
}

static volatile int signalled;
static void note(int number) { signalled = number; }
static char bytes[20000];

static void asked(void) {
    struct rlimit old, now;
    R("get", getrlimit(RLIMIT_NOFILE, &old));
    R("get.wrong", getrlimit(99, &old));
    R("get.negative", getrlimit(-1, &old));
    R("get.fault", syscall(SYS_getrlimit, RLIMIT_NOFILE, (void *) 8));
    struct rlimit wrong = {20, 10};
    R("set.order", setrlimit(RLIMIT_CORE, &wrong));
    R("set.which", setrlimit(99, &wrong));
    CHILD("set.lower", {
        /* Whoever runs this may have lowered it already. */
        getrlimit(RLIMIT_CORE, &now);
        rlim_t most = now.rlim_max < 4096 ? now.rlim_max : 4096;
        limit(RLIMIT_CORE, 0, most);
        getrlimit(RLIMIT_CORE, &now);
        _exit(now.rlim_cur == 0 && now.rlim_max == most ? 1 : 2);
    });
    CHILD("inherited", {
        limit(RLIMIT_NOFILE, 33, 44);
        if (fork() == 0) { getrlimit(RLIMIT_NOFILE, &now); _exit(now.rlim_cur); }
        int status;
        wait(&status);
        _exit(WEXITSTATUS(status));
    });
    R("prlimit", prlimit(0, RLIMIT_NOFILE, NULL, &now));
    T("prlimit.same", now.rlim_cur == old.rlim_cur);
    R("prlimit.nobody", prlimit(4194000, RLIMIT_NOFILE, NULL, &now));
    R("prlimit.wrong", prlimit(0, 99, NULL, &now));
    CHILD("prlimit.child", {
        int p[2];
        pipe(p);
        pid_t child = fork();
        if (child == 0) { read(p[0], bytes, 1); getrlimit(RLIMIT_NOFILE, &now); _exit(now.rlim_cur); }
        struct rlimit some = {21, 21};
        prlimit(child, RLIMIT_NOFILE, &some, NULL);
        write(p[1], "x", 1);
        int status;
        wait(&status);
        _exit(WEXITSTATUS(status));
    });
}

static void files(void) {
    CHILD("nofile", {
        limit(RLIMIT_NOFILE, 10, 10);
        int last = -1;
        int file;
        while ((file = open("/dev/null", O_RDONLY)) >= 0) last = file;
        _exit(errno == EMFILE ? last : 0);
    });
    CHILD("nofile.dup", {
        limit(RLIMIT_NOFILE, 5, 5);
        R("nofile.dup2", dup2(0, 5));
        R("nofile.dupfd", fcntl(0, F_DUPFD, 5));
        R("nofile.dup2.below", dup2(0, 4));
        R("nofile.dupfd.below", fcntl(0, F_DUPFD, 3));
        R("nofile.dup.full", dup(0));
        int p[2];
        R("nofile.pipe", pipe(p));
        R("nofile.socket", socket(AF_UNIX, SOCK_STREAM, 0));
        R("nofile.pair", socketpair(AF_UNIX, SOCK_STREAM, 0, p));
    });
    CHILD("nofile.above", {
        int high = dup2(0, 100);
        limit(RLIMIT_NOFILE, 10, 10);
        _exit(fcntl(high, F_GETFD) == 0 ? 1 : 2);
    });
    int file = open("size", O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHILD("fsize", {
        signal(SIGXFSZ, note);
        limit(RLIMIT_FSIZE, 10000, 10000);
        R("fsize.part", write(file, bytes, 20000));
        R("fsize.part.signal", signalled);
        R("fsize.full", write(file, bytes, 1));
        say("fsize.full.signal", "%s", signame(signalled));
        signalled = 0;
        R("fsize.pwrite", pwrite(file, bytes, 100, 9950));
        R("fsize.pwrite.beyond", pwrite(file, bytes, 100, 10000));
        say("fsize.pwrite.signal", "%s", signame(signalled));
        R("fsize.within", pwrite(file, bytes, 100, 100));
        signalled = 0;
        R("fsize.ftruncate", ftruncate(file, 10001));
        say("fsize.ftruncate.signal", "%s", signame(signalled));
        R("fsize.truncate", truncate("size", 20000));
        R("fsize.ftruncate.within", ftruncate(file, 5000));
        signal(SIGXFSZ, SIG_IGN);
        lseek(file, 10000, SEEK_SET);
        R("fsize.ignored", write(file, bytes, 1));
        int p[2];
        pipe(p);
        R("fsize.pipe", write(p[1], bytes, 12000));
    });
    CHILD("fsize.default", {
        limit(RLIMIT_FSIZE, 10, 10);
        lseek(file, 0, SEEK_SET);
        write(file, bytes, 10);
        write(file, bytes, 10);
    });
    close(file);
}

static void processors(void) {
    CHILD("cpu.soft", {
        limit(RLIMIT_CPU, 1, 5);
        for (volatile long i = 0; i < 1000000000000; i++) {}
    });
    CHILD("cpu.handled", {
        signal(SIGXCPU, note);
        limit(RLIMIT_CPU, 1, 20);
        for (volatile long i = 0; !signalled && i < 1000000000000; i++) {}
        _exit(signalled == SIGXCPU ? 1 : 2);
    });
    CHILD("cpu.hard", {
        signal(SIGXCPU, SIG_IGN);
        limit(RLIMIT_CPU, 1, 1);
        for (volatile long i = 0; i < 1000000000000; i++) {}
    });
}

static void processes(void) {
    /* Users that are not the superuser, natively. */
    CHILD("nproc", {
        limit(RLIMIT_NPROC, 0, 0);
        if (getuid() == 0) { setgid(65534); setuid(65534); }
        pid_t child = fork();
        if (child == 0) _exit(0);
        _exit(child == -1 && errno == EAGAIN ? 1 : 2);
    });
    CHILD("nproc.high", {
        limit(RLIMIT_NPROC, 4000, 4000);
        pid_t child = fork();
        if (child == 0) _exit(0);
        _exit(child == -1 ? 2 : 1);
    });
}

static void usages(void) {
    struct rusage usage;
    R("rusage", getrusage(RUSAGE_SELF, &usage));
    T("rusage.memory", usage.ru_maxrss > 0);
    R("rusage.thread", getrusage(RUSAGE_THREAD, &usage));
    R("rusage.wrong", getrusage(99, &usage));
    R("setpriority", setpriority(PRIO_PROCESS, 0, 17));
    R("priority", getpriority(PRIO_PROCESS, 0));
    CHILD("priority.inherited", _exit(getpriority(PRIO_PROCESS, 0)));
    R("setpriority.high", setpriority(PRIO_PROCESS, 0, 99));
    R("priority.highest", getpriority(PRIO_PROCESS, 0));
    struct rlimit limits;
    getrlimit(RLIMIT_STACK, &limits);
    T("stack", limits.rlim_cur >= 8 << 20);
    int resources[] = {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CORE, RLIMIT_RSS, RLIMIT_NPROC,
        RLIMIT_NOFILE, RLIMIT_MEMLOCK, RLIMIT_AS};
    for (int i = 0; i < 10; i++) {
        char name[20];
        sprintf(name, "resource.%d", i);
        R(name, getrlimit(resources[i], &limits));
    }
}

static void checks(void) {
    asked();
    files();
    processors();
    processes();
    usages();
}
