/* Processes: fork, exec, wait, groups, sessions, exit. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w
 */
#define _GNU_SOURCE
#include "check.h"
#include <sched.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/utsname.h>

extern char **environ;

static void waits(void) {
    int status = 0;
    siginfo_t info;
    R("wait.none", wait(NULL));
    R("waitpid.nobody", waitpid(4194000, NULL, 0));
    R("waitpid.options", waitpid(-1, NULL, 0x100));
    R("waitid.options", waitid(P_ALL, 0, &info, 0));
    R("waitid.type", waitid(77, 0, &info, WEXITED));
    R("waitid.pid", waitid(P_PID, 0, &info, WEXITED));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) _exit(300);
    R("waitpid", waitpid(child, &status, 0) == child);
    R("waitpid.status", WEXITSTATUS(status));
    R("waitpid.again", waitpid(child, &status, 0));
    child = fork();
    if (child == 0) { milliseconds(50); _exit(3); }
    R("waitpid.nohang", waitpid(child, &status, WNOHANG));
    memset(&info, 1, sizeof info);
    R("waitid.nowait", waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    say("waitid.info", "%s %d %d %d", signame(info.si_signo), info.si_code, info.si_status, info.si_pid == child);
    memset(&info, 1, sizeof info);
    R("waitid", waitid(P_ALL, 0, &info, WEXITED));
    memset(&info, 1, sizeof info);
    child = fork();
    if (child == 0) { pause(); _exit(1); }
    R("waitid.nohang", waitid(P_PID, child, &info, WEXITED | WNOHANG));
    R("waitid.nohang.pid", info.si_pid);
    kill(child, SIGSTOP);
    R("wait.stopped", waitpid(child, &status, WUNTRACED) == child);
    say("wait.stopsig", "%d %s", WIFSTOPPED(status), signame(WSTOPSIG(status)));
    R("wait.stopped.again", waitpid(child, &status, WUNTRACED | WNOHANG));
    kill(child, SIGCONT);
    R("wait.continued", waitpid(child, &status, WCONTINUED) == child);
    T("wait.continued.status", WIFCONTINUED(status));
    kill(child, SIGKILL);
    R("wait.killed", waitpid(child, &status, 0) == child);
    say("wait.killed.signal", "%d %s", WIFSIGNALED(status), signame(WTERMSIG(status)));
    struct rusage usage;
    child = fork();
    if (child == 0) { for (volatile long i = 0; i < 30000000; i++) {} _exit(0); }
    R("wait4", wait4(child, &status, 0, &usage) == child);
    T("wait4.usage", usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec > 0);
    struct tms times_now;
    times(&times_now);
    getrusage(RUSAGE_CHILDREN, &usage);
    T("rusage.children", usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec > 0);
    T("times.children", times_now.tms_cutime >= 0);
    R("rusage.wrong", getrusage(7, &usage));
    R("rusage.fault", getrusage(RUSAGE_SELF, (void *) 8));
}

static void programs(void) {
    char *args[] = {"x", NULL};
    R("exec.missing", execve("missing", args, NULL));
    R("exec.folder", execve(".", args, NULL));
    close(make("text", "not a program"));
    R("exec.mode", execve("text", args, NULL));
    chmod("text", 0755);
    R("exec.text", execve("text", args, NULL));
    close(make("empty", ""));
    chmod("empty", 0755);
    R("exec.empty", execve("empty", args, NULL));
    R("exec.under", execve("text/x", args, NULL));
    R("exec.noname", execve("", args, NULL));
    R("exec.fault", execve((char *) 8, args, NULL));
    R("exec.arguments", execve("text", (char **) 8, NULL));
    close(make("script", "#!no/such/interpreter\n"));
    chmod("script", 0755);
    R("exec.interpreter", execve("script", args, NULL));
    close(make("elf", "\177ELF"));
    chmod("elf", 0755);
    R("exec.short", execve("elf", args, NULL));
    pid_t child;
    T("spawn.missing", posix_spawn(&child, "missing", NULL, NULL, args, environ) == ENOENT);
}

static void groups(void) {
    T("getpgid", getpgid(0) == getpgrp());
    T("getsid", getsid(0) == getsid(getpid()));
    R("getpgid.nobody", getpgid(4194000));
    R("getsid.nobody", getsid(4194000));
    R("setpgid.nobody", setpgid(4194000, 0));
    R("setpgid.negative", setpgid(0, -1));
    fflush(stdout);
    int p[2], q[2];
    MUST(pipe(p));
    MUST(pipe(q));
    pid_t child = fork();
    if (child == 0) { char c; close(p[1]); read(p[0], &c, 1); _exit(0); }
    R("setpgid.child", setpgid(child, 0));
    T("setpgid.done", getpgid(child) == child);
    R("setpgid.back", setpgid(child, getpgrp()));
    R("setpgid.nogroup", setpgid(child, 4194000));
    close(p[1]);
    waitpid(child, NULL, 0);
    CHILD("setsid", {
        R("setsid.first", setsid() == getpid());
        T("setsid.group", getpgrp() == getpid());
        R("setsid.again", setsid());
        R("setpgid.leader", setpgid(0, 0));
        T("setsid.tty", open("/dev/tty", O_RDWR) == -1);
    });
    /* A child whose parent has ended is somebody else's. */
    MUST(pipe(p));
    child = fork();
    if (child == 0) {
        pid_t parent = getpid();
        if (fork() == 0) {
            for (int i = 0; i < 500 && getppid() == parent; i++) milliseconds(10);
            write(p[1], getppid() == parent ? "n" : "y", 1);
            _exit(0);
        }
        _exit(0);
    }
    waitpid(child, NULL, 0);
    char c = 0;
    read(p[0], &c, 1);
    T("orphan", c == 'y');
}

static int shared;
static int sharing(void *argument) { shared = *(int *) argument; _exit(5); }

static void clones(void) {
    static char stack[65536] __attribute__((aligned(16)));
    int number = 12, status;
    fflush(stdout);
    R("clone.flags", syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0));
    R("clone.thread", syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0));
    pid_t child = clone(sharing, stack + sizeof stack - 64, CLONE_VM | SIGCHLD, &number);
    T("clone.vm", child > 0 && waitpid(child, &status, 0) == child);
    R("clone.shared", shared);
    R("clone.status", WEXITSTATUS(status));
    child = vfork();
    if (child == 0) { shared = 33; _exit(4); }
    R("vfork.shared", shared);
    waitpid(child, &status, 0);
    R("vfork.status", WEXITSTATUS(status));
    child = clone(sharing, stack + sizeof stack - 64, CLONE_VM, &number);
    R("clone.nosignal", waitpid(child, &status, 0) == -1);
    R("clone.wclone", waitpid(child, &status, __WCLONE) == child);
    int position, file = make("shared", "0123456789");
    child = fork();
    if (child == 0) { lseek(file, 7, SEEK_SET); _exit(0); }
    waitpid(child, NULL, 0);
    R("fork.position", lseek(file, 0, SEEK_CUR));
    alarm(100);
    CHILD("fork.alarm", _exit(alarm(0)));
    T("alarm.kept", alarm(0) > 90);
}

static void names(void) {
    struct utsname name;
    R("uname", uname(&name));
    say("uname.system", "%s", name.sysname);
    R("uname.fault", uname((void *) 8));
    char title[17] = "";
    R("prctl.name", prctl(PR_SET_NAME, "a name that is too long"));
    prctl(PR_GET_NAME, title);
    say("prctl.got", "%s", title);
    R("prctl.wrong", prctl(9999, 0, 0, 0, 0));
    R("getpriority.who", getpriority(PRIO_PROCESS, 4194000));
    R("getpriority.which", getpriority(77, 0));
    R("sched.scheduler", sched_getscheduler(0));
    R("sched.nobody", sched_getscheduler(4194000));
    R("sched.max", sched_get_priority_max(SCHED_FIFO));
    R("sched.wrong", sched_get_priority_max(77));
    cpu_set_t set;
    T("affinity", sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0);
    R("affinity.small", syscall(SYS_sched_getaffinity, 0, 1, &set));
    CHILD("exit.group", { if (syscall(SYS_exit_group, 0x1234) == 0) {} });
    R("umask", (umask(077), umask(022)));
    R("setuid.self", setuid(getuid()));
    R("setgid.self", setgid(getgid()));
    T("getresuid", ({ uid_t a, b, c; getresuid(&a, &b, &c) == 0 && a == getuid() && b == geteuid(); }));
}

static void checks(void) {
    waits();
    programs();
    groups();
    clones();
    names();
}
