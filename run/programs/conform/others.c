/* Memory of other processes, and barriers for other threads. Wrong arguments are meant, so the compiler says nothing.
   Build flags: -w -pthread
 */
#define _GNU_SOURCE
#include "check.h"
#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static char shown[100000];
static int page;

static void copies(void) {
    int down[2], up[2];
    MUST(pipe(down));
    MUST(pipe(up));
    char *area = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        close(down[1]);
        strcpy(shown + 50000, "of the child");
        for (int i = 0; i < 20000; i++) shown[i] = i * 7;
        munmap(area + 2 * page, page);
        mprotect(area + 3 * page, page, PROT_READ);
        memset(area, 'c', 2 * page);
        char c = 'r';
        write(up[1], &c, 1);
        while (read(down[0], &c, 1) == 1) write(up[1], shown + 50000, 20);
        _exit(0);
    }
    char go;
    close(up[1]);
    close(down[0]);
    read(up[0], &go, 1);
    char buffer[40000];
    memset(buffer, 0, sizeof buffer);
    struct iovec own = {buffer, 20}, other = {shown + 50000, 20};
    R("read", process_vm_readv(child, &own, 1, &other, 1, 0));
    say("read.text", "%s", buffer);
    own.iov_len = 20000;
    other.iov_base = shown;
    other.iov_len = 20000;
    R("read.long", process_vm_readv(child, &own, 1, &other, 1, 0));
    int good = 1;
    for (int i = 0; i < 20000; i++) good &= buffer[i] == (char) (i * 7);
    T("read.long.good", good);
    struct iovec pieces[3] = {{buffer, 3}, {buffer + 100, 0}, {buffer + 200, 9}}, theirs[2] = {{shown + 50000, 5}, {shown + 50008, 10}};
    R("read.pieces", process_vm_readv(child, pieces, 3, theirs, 2, 0));
    say("read.pieces.text", "%.3s|%.9s", buffer, buffer + 200);
    own.iov_len = 5;
    R("read.short", process_vm_readv(child, &own, 1, theirs, 2, 0));
    strcpy(buffer, "of the parent");
    own.iov_len = 14;
    other.iov_base = shown + 50000;
    other.iov_len = 20;
    R("write", process_vm_writev(child, &own, 1, &other, 1, 0));
    write(down[1], "x", 1);
    read(up[0], buffer, 20);
    say("write.text", "%s", buffer);
    R("write.own", shown[50000]);
    /* places that are not there */
    struct iovec hole = {area + page, 2 * page}, nowhere = {(void *) 8, 10}, fixed = {area + 3 * page, 10};
    own.iov_len = 2 * page;
    R("read.hole", process_vm_readv(child, &own, 1, &hole, 1, 0) == page);
    hole.iov_base = area + 2 * page;
    hole.iov_len = 10;
    R("read.nowhere", process_vm_readv(child, &own, 1, &hole, 1, 0));
    R("read.null", process_vm_readv(child, &own, 1, &nowhere, 1, 0));
    R("write.nowhere", process_vm_writev(child, &own, 1, &nowhere, 1, 0));
    own.iov_len = 10;
    R("write.readonly", process_vm_writev(child, &own, 1, &fixed, 1, 0));
    R("read.readonly", process_vm_readv(child, &own, 1, &fixed, 1, 0));
    R("read.into.nowhere", process_vm_readv(child, &nowhere, 1, &fixed, 1, 0));
    /* arguments */
    R("flags", process_vm_readv(child, &own, 1, &other, 1, 1));
    R("none", process_vm_readv(child, &own, 0, &other, 1, 0));
    R("none.other", process_vm_readv(child, &own, 1, &other, 0, 0));
    R("many", process_vm_readv(child, &own, 1025, &other, 1, 0));
    R("many.other", process_vm_readv(child, &own, 1, &other, 1025, 0));
    R("fault", process_vm_readv(child, (void *) 8, 1, &other, 1, 0));
    R("fault.other", process_vm_readv(child, &own, 1, (void *) 8, 1, 0));
    struct iovec negative = {buffer, -1};
    R("negative", process_vm_readv(child, &negative, 1, &other, 1, 0));
    R("negative.other", process_vm_readv(child, &own, 1, &negative, 1, 0));
    R("self", process_vm_readv(getpid(), &own, 1, &(struct iovec) {"0123456789", 10}, 1, 0));
    say("self.text", "%.10s", buffer);
    R("missing", process_vm_readv(999999, &own, 1, &other, 1, 0));
    close(down[1]);
    siginfo_t info;
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    R("zombie", process_vm_readv(child, &own, 1, &other, 1, 0));
    waitpid(child, NULL, 0);
    R("gone", process_vm_readv(child, &own, 1, &other, 1, 0));
}

static long barrier(int command, int flags) {
    return syscall(SYS_membarrier, command, flags, 0);
}

enum { ROUNDS = 1000, GET_REGISTRATIONS = 512 };
static volatile int slow, fast, begun, done, seen;

static void *quick(void *nothing) {
    for (int i = 1; i <= ROUNDS; i++) {
        while (begun != i) {}
        for (volatile int pause = 0; pause < (i & 31); pause++) {}
        fast = i;
        __asm__ volatile("" : : : "memory");
        seen = slow;
        __sync_synchronize();
        done = i;
    }
    return nothing;
}

/* Two threads store each a word and load the other's. One of them has a barrier for both: at least one load sees the other's store. */
static int neither(void) {
    int count = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, quick, NULL);
    for (int i = 1; i <= ROUNDS; i++) {
        begun = i;
        for (volatile int pause = 0; pause < (i >> 5 & 31); pause++) {}
        slow = i;
        barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0);
        int mine = fast;
        while (done != i) {}
        __sync_synchronize();
        count += mine != i && seen != i;
    }
    pthread_join(thread, NULL);
    return count;
}

static void checks(void) {
    page = sysconf(_SC_PAGESIZE);
    copies();
    long all = MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
            | MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
    T("barrier.query", (barrier(MEMBARRIER_CMD_QUERY, 0) & all) == all);
    R("barrier.query.flags", barrier(MEMBARRIER_CMD_QUERY, 4));
    R("barrier.registered", barrier(GET_REGISTRATIONS, 0));
    R("barrier.unknown", barrier(1 << 20, 0));
    R("barrier.negative", barrier(-1, 0));
    R("barrier.global", barrier(MEMBARRIER_CMD_GLOBAL, 0));
    R("barrier.global.expedited", barrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0));
    R("barrier.global.register", barrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0));
    CHILD("barrier.child", _exit(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0) == -1 ? errno == EPERM : 2));
    R("barrier.private.unregistered", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
    R("barrier.private.register", barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0));
    R("barrier.private", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0));
    R("barrier.private.registered", barrier(GET_REGISTRATIONS, 0));
    R("barrier.neither", neither());
    R("barrier.private.flags", barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 1));
    CHILD("barrier.inherited", _exit(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0) == 0 ? 0 : errno == EPERM ? 1 : 2));
}
