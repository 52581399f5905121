package bundles.unix.provider.proc;

import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.ControllingTerminal;
import bundles.unix.provider.process.Scheduling;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Socket;
import java.util.List;
import java.util.function.Supplier;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace.Region;

/** Files of {@code /proc/PID}. */
final class ProcessTexts {

    /** The files. */
    static final List<String> NAMES = List.of("cmdline", "comm", "environ", "limits", "maps", "mounts", "stat",
            "statm", "status");
    /** Ticks a second in which times are told: AT_CLKTCK. */
    private static final long TICKS = 1024;
    /** A terminal's device number: there is one. */
    private static final int TERMINAL = 5 << 8;
    private static final String[] LIMITS = {"Max cpu time", "Max file size", "Max data size", "Max stack size",
            "Max core file size", "Max resident set", "Max open files", "Max address space", "Max processes",
            "Max locked memory"};

    private ProcessTexts() {}

    /** A time in ticks. */
    static long ticks(long nanoseconds) {
        return nanoseconds / 1_000_000 * TICKS / 1000;
    }

    /** What makes a file's content; null if there is none of this name. */
    static Supplier<String> of(UnixProcess process, String name) {
        return switch (name) {
            case "cmdline" -> () -> strings(process, process.program().arguments());
            case "comm" -> () -> process.program().name() + "\n";
            case "environ" -> () -> strings(process, process.program().environment());
            case "limits" -> () -> limits(process);
            case "maps" -> () -> maps(process);
            case "mounts" -> () -> "host / host rw 0 0\nproc /proc proc ro 0 0\n";
            case "stat" -> () -> stat(process);
            case "statm" -> () -> statm(process);
            case "status" -> () -> status(process);
            default -> null;
        };
    }

    private static String strings(UnixProcess process, List<String> strings) {
        var text = new StringBuilder();
        if (!process.ended()) {
            strings.forEach(string -> text.append(string).append('\0'));
        }
        return text.toString();
    }

    private static char state(UnixProcess process) {
        if (process.ended()) {
            return 'Z';
        }
        if (process.stopped()) {
            return 'T';
        }
        return process.list().stream().anyMatch(UnixThread::computing) ? 'R' : 'S';
    }

    private static List<Region> regions(UnixProcess process) {
        return process.ended() ? List.of() : process.map().space().regions();
    }

    private static long size(UnixProcess process) {
        return regions(process).stream().mapToLong(region -> region.end() - region.start()).sum();
    }

    private static String stat(UnixProcess process) {
        ControllingTerminal terminal = process.family().terminal();
        long page = process.kernel().memory().pageSize();
        UnixThread first = process.list().stream().findFirst().orElse(null);
        Scheduling scheduling = first == null ? Scheduling.USUAL : first.scheduling();
        int nice = first == null ? 0 : first.nice();
        return "%d (%s) %c %d %d %d %d %d 0 0 0 0 0 %d 0 %d 0 %d %d %d 0 %d %d %d %d".formatted(process.id(),
                process.program().name(), state(process), process.parent(), process.family().group(),
                process.family().session(), terminal == null ? 0 : TERMINAL,
                terminal == null ? -1 : terminal.foreground(), ticks(process.processorTime()),
                ticks(process.family().childTime()), scheduling.shown(nice), nice, process.threads(),
                ticks(process.started()), size(process),
                process.resident(), Long.MAX_VALUE / page * page) + " 0".repeat(14) + " " + scheduling.priority() + " "
                + scheduling.policy() + " 0".repeat(11) + "\n";
    }

    private static String statm(UnixProcess process) {
        long page = process.kernel().memory().pageSize();
        return "%d %d 0 0 0 %d 0\n".formatted(size(process) / page, process.resident(), size(process) / page);
    }

    private static String status(UnixProcess process) {
        long page = process.kernel().memory().pageSize() / 1024;
        char state = state(process);
        String word = switch (state) {
            case 'Z' -> "zombie";
            case 'T' -> "stopped";
            case 'R' -> "running";
            default -> "sleeping";
        };
        int user = process.kernel().user();
        int group = process.kernel().group();
        return """
                Name:\t%s
                Umask:\t%04o
                State:\t%c (%s)
                Tgid:\t%d
                Pid:\t%d
                PPid:\t%d
                TracerPid:\t0
                Uid:\t%d\t%d\t%d\t%d
                Gid:\t%d\t%d\t%d\t%d
                FDSize:\t%d
                VmSize:\t%8d kB
                VmRSS:\t%8d kB
                Threads:\t%d
                """.formatted(process.program().name(), process.umask(), state, word, process.id(), process.id(),
                process.parent(), user, user, user, user, group, group, group, group,
                process.ended() ? 0 : process.files().files().size(), size(process) / 1024,
                process.resident() * page, process.threads());
    }

    private static String maps(UnixProcess process) {
        var text = new StringBuilder();
        for (Region region : regions(process)) {
            int protection = region.protection();
            String label = region.label() == null ? "" : region.label();
            text.append("%08x-%08x %c%c%c%c 00000000 00:00 0 %s\n".formatted(region.start(), region.end(),
                    (protection & TranslationContext.READ) != 0 ? 'r' : '-',
                    (protection & TranslationContext.WRITE) != 0 ? 'w' : '-',
                    (protection & TranslationContext.EXECUTE) != 0 ? 'x' : '-', region.shared() ? 's' : 'p', label));
        }
        return text.toString();
    }

    private static String limits(UnixProcess process) {
        var text = new StringBuilder(
                "Limit                     Soft Limit           Hard Limit           Units     \n");
        for (int i = 0; i < LIMITS.length; i++) {
            text.append("%-25s %-20s %-20s\n".formatted(LIMITS[i], limit(process.limits().soft(i)),
                    limit(process.limits().hard(i))));
        }
        return text.toString();
    }

    private static String limit(long value) {
        return value < 0 || value == Long.MAX_VALUE ? "unlimited" : Long.toString(value);
    }

    /** What readlink(2) tells of a descriptor. */
    static String nameOf(OpenFile file) {
        if (file.path() != null) {
            return file.path().toString();
        }
        if (file instanceof Socket socket) {
            return "socket:[" + socket.number() + "]";
        }
        try {
            FileStatus status = file.status();
            if (status.is(FileStatus.S_IFIFO)) {
                return "pipe:[" + status.inode() + "]";
            }
            if (status.is(FileStatus.S_IFCHR) && status.special() == (1 << 8 | 3)) {
                return "/dev/null";
            }
        } catch (java.io.IOException | bundles.unix.provider.abi.ErrnoException e) {
            // It has been closed meanwhile.
        }
        return file.isTerminal() ? "/dev/tty" : "anon_inode:[" + file.getClass().getSimpleName() + "]";
    }
}
