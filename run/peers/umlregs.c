/*
 * Lets User Mode Linux 6.1 run on a host whose processor has more registers than it knows of. It saves and restores those of its processes by
 * ptrace(2) with NT_X86_XSTATE and a buffer of the size of AVX-512; since Linux 5.15 the host takes none but the whole state, which is larger
 * where there is AMX, and the first process dies ("ptrace set fp regs failed, errno = 14"). Preloaded, this gives the part that is known, and
 * puts it back into the whole.
 *
 * cc -shared -fPIC -o umlregs.so umlregs.c; LD_PRELOAD=umlregs.so linux.uml ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

long ptrace(enum __ptrace_request request, ...) {
    static long (*libc)(enum __ptrace_request, int, void *, void *);
    static char state[1 << 16] __attribute__((aligned(64)));
    va_list more;
    va_start(more, request);
    int pid = va_arg(more, int);
    void *address = va_arg(more, void *);
    void *data = va_arg(more, void *);
    va_end(more);
    if (libc == NULL) {
        libc = dlsym(RTLD_NEXT, "ptrace");
    }
    if ((request != PTRACE_GETREGSET && request != PTRACE_SETREGSET) || address != (void *) NT_X86_XSTATE) {
        return libc(request, pid, address, data);
    }
    struct iovec *part = data, whole = {state, sizeof state};
    if (libc(PTRACE_GETREGSET, pid, address, &whole) != 0) {
        return -1;
    }
    size_t known = part->iov_len < whole.iov_len ? part->iov_len : whole.iov_len;
    if (request == PTRACE_GETREGSET) {
        memcpy(part->iov_base, state, known);
        return 0;
    }
    memcpy(state, part->iov_base, known);
    return libc(PTRACE_SETREGSET, pid, address, &whole);
}
