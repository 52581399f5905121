package bundles.policies.record;

import bundles.unix.api.SyscallTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kernel.core.machine.UserContext;

/**
 * What becomes of a system call in a replay. That depends on whether it has to do with the program alone, or with the world outside it.
 * Immutable.
 */
final class Kinds {

    /** What becomes of it. */
    enum Kind {
        /** It is about the program's own memory, threads and signals: served as ever, and not recorded. */
        OWN,
        /** Answered from the record; it need not be served. */
        ANSWERED,
        /** Served, if it was done well in the record, and then answered as there: processes, signals between them, files in memory. */
        DONE
    }

    private static final int MAP_ANONYMOUS = 0x10;

    private static final Set<String> OWN = Set.of("futex", "set_robust_list", "get_robust_list", "sched_yield", "brk",
            "munmap", "mprotect", "madvise", "mremap", "rt_sigaction", "sigaction", "rt_sigprocmask",
            "osf_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "rt_sigsuspend", "sigsuspend",
            "rt_sigpending", "sigpending", "rt_sigtimedwait", "osf_getsysinfo", "osf_setsysinfo",
            "osf_set_program_attributes", "exit", "exit_group", "shmget", "shmat", "shmdt");
    private static final Set<String> DONE = Set.of("clone", "fork", "vfork", "execve", "execveat", "wait4", "waitid",
            "kill",
            "tkill",
            "tgkill", "rt_sigqueueinfo", "setpgid", "setsid", "set_tid_address", "mmap");

    private final SyscallTable table;
    private final Map<String, Integer> numbers = new HashMap<>();

    Kinds(SyscallTable table) {
        this.table = table;
        table.numbers().forEach(number -> numbers.put(table.name(number), number));
    }

    /** What becomes of a call that was not recorded yet, or of one whose recorded answer is not looked at. */
    Kind of(UserContext context, int number) {
        String name = table.name(number);
        if (OWN.contains(name) || name.equals("mmap") && ((context.argument(3) & MAP_ANONYMOUS) != 0
                || (int) context.argument(4) < 0)) {
            return Kind.OWN;
        }
        return DONE.contains(name) ? Kind.DONE : Kind.ANSWERED;
    }

    /** Whether it is to be served in a replay, and not only answered: not a call that failed, nor a look for children that found none. */
    boolean served(Call call) {
        String name = table.name(call.number());
        if (call.failed()) {
            return false;
        }
        return call.stream() != Call.NO_STREAM || DONE.contains(name) && !(name.equals("wait4") && call.result() == 0);
    }

    /** Whether it makes a process or a thread. */
    boolean makes(int number) {
        String name = table.name(number);
        return name.equals("clone") || name.equals("fork") || name.equals("vfork");
    }

    String name(int number) {
        return table.name(number);
    }

    int number(String name) {
        return numbers.get(name);
    }
}
