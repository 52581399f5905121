package bundles.unix.provider.signal;

import java.util.Map;

/** Signal numbers of Linux/Alpha and codes of siginfo (asm/signal.h, asm-generic/siginfo.h). */
public final class Signal {

    /** The signals that the kernel itself sends or treats specially. */
    public static final int SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGFPE = 8,
            SIGKILL = 9, SIGBUS = 10, SIGSEGV = 11, SIGSYS = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15, SIGURG = 16,
            SIGSTOP = 17, SIGTSTP = 18, SIGCONT = 19, SIGCHLD = 20, SIGTTIN = 21, SIGTTOU = 22, SIGIO = 23,
            SIGXCPU = 24, SIGXFSZ = 25,
            SIGVTALRM = 26, SIGPROF = 27, SIGWINCH = 28,
            SIGUSR1 = 30, SIGUSR2 = 31;
    /** Real-time signals, which are queued, begin here. */
    public static final int SIGRTMIN = 32;
    /** The highest number. */
    public static final int MAX = 64;

    /** Handlers that are none. */
    public static final long SIG_DFL = 0, SIG_IGN = 1;

    /** Flags of sigaction(2). */
    public static final long SA_ONSTACK = 1, SA_RESTART = 2, SA_NOCLDSTOP = 4, SA_NOCLDWAIT = 0x20, SA_NODEFER = 8,
            SA_RESETHAND = 0x10, SA_SIGINFO = 0x40;

    /** Who sent a signal (si_code). */
    public static final int SI_USER = 0, SI_KERNEL = 0x80, SI_QUEUE = -1, SI_TIMER = -2, SI_MESGQ = -3, SI_TKILL = -6;

    /** What became of a child (si_code of SIGCHLD). */
    public static final int CLD_EXITED = 1, CLD_KILLED = 2, CLD_DUMPED = 3, CLD_STOPPED = 5, CLD_CONTINUED = 6;

    private static final Map<String, Integer> BY_NAME = Map.ofEntries(Map.entry("HUP", SIGHUP),
            Map.entry("INT", SIGINT),
            Map.entry("QUIT", SIGQUIT), Map.entry("ABRT", SIGABRT), Map.entry("KILL", SIGKILL),
            Map.entry("PIPE", SIGPIPE),
            Map.entry("ALRM", SIGALRM), Map.entry("TERM", SIGTERM), Map.entry("STOP", SIGSTOP),
            Map.entry("TSTP", SIGTSTP), Map.entry("TTIN", SIGTTIN), Map.entry("TTOU", SIGTTOU),
            Map.entry("CONT", SIGCONT), Map.entry("CHLD", SIGCHLD),
            Map.entry("WINCH", SIGWINCH), Map.entry("USR1", SIGUSR1), Map.entry("USR2", SIGUSR2));

    private Signal() {}

    /** The number of a signal by its POSIX name without SIG, or 0 if there is none. */
    public static int number(String name) {
        return BY_NAME.getOrDefault(name, 0);
    }

    /** Its bit in a signal set. */
    public static long bit(int signal) {
        return 1L << signal - 1;
    }

    /** The signals that stop a process. */
    public static final long STOPS = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);

    /** The signals that cannot be caught, blocked or ignored. */
    public static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

    /** Whether a signal does nothing by default; SIGCONT does what it does when it is sent. */
    public static boolean ignoredByDefault(int signal) {
        return switch (signal) {
            case SIGURG, SIGCONT, SIGCHLD, SIGWINCH -> true;
            default -> false;
        };
    }
}
