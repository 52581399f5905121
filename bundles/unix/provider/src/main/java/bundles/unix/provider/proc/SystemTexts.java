package bundles.unix.provider.proc;

import bundles.unix.provider.process.Kernel;
import bundles.unix.provider.process.SwapSpace;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Files of {@code /proc} that tell of the whole machine. */
final class SystemTexts {

    /** The files. */
    static final List<String> NAMES = List.of("cpuinfo", "filesystems", "loadavg", "meminfo", "stat", "uptime",
            "version");
    /** Files below {@code /proc/sys}, which tell what is so; they cannot be written. */
    static final TreeMap<String, String> SYS = new TreeMap<>(Map.of("kernel/hostname", "spin", "kernel/ostype", "Linux",
            "kernel/osrelease", "6.1.0", "kernel/version", "SPIN/OSGi", "kernel/pid_max", "4194304",
            "net/core/somaxconn", "4096", "net/ipv4/ip_local_port_range", "49152\t65535", "vm/overcommit_memory", "1"));
    private static final long SECOND = 1_000_000_000L;

    private SystemTexts() {}

    /** What makes a file's content; null if there is none of this name. */
    static Supplier<String> of(Kernel kernel, UnixThread thread, String name) {
        return switch (name) {
            case "cpuinfo" -> () -> processors(kernel);
            case "filesystems" -> () -> "nodev\tproc\n";
            case "loadavg" -> () -> load(kernel);
            case "meminfo" -> () -> memory(kernel);
            case "mounts" -> ProcessTexts.of(thread.process(), "mounts");
            case "stat" -> () -> times(kernel);
            case "uptime" -> () -> uptime(kernel);
            case "version" -> () -> "Linux version 6.1.0 (SPIN/OSGi)\n";
            default -> null;
        };
    }

    private static String processors(Kernel kernel) {
        String model = kernel.platform().toUpperCase(java.util.Locale.ROOT);
        int count = kernel.machine().processors();
        return """
                cpu\t\t\t: Alpha
                cpu model\t\t: %s
                cpu variation\t\t: 7
                cpu revision\t\t: 0
                system type\t\t: SPIN/OSGi
                system variation\t: 0
                page size [bytes]\t: %d
                phys. address bits\t: 44
                max. addr. space #\t: 255
                platform string\t\t: %s
                cpus detected\t\t: %d
                cpus active\t\t: %d
                """.formatted(model, kernel.memory().pageSize(), kernel.machine().name(), count, count);
    }

    /** How many threads run now, in place of the averages, which nobody keeps. */
    private static String load(Kernel kernel) {
        int running = 0;
        int all = 0;
        int last = 1;
        for (UnixProcess process : kernel.table().all()) {
            for (UnixThread thread : process.list()) {
                all++;
                running += thread.computing() && !process.stopped() ? 1 : 0;
            }
            last = Math.max(last, process.id());
        }
        return "%d.00 %d.00 %d.00 %d/%d %d\n".formatted(running, running, running, running, all, last);
    }

    private static String memory(Kernel kernel) {
        long page = kernel.memory().pageSize();
        long total = kernel.memory().total() * page / 1024;
        long free = kernel.memory().free() * page / 1024;
        var text = new StringBuilder();
        Map<String, Long> lines = new java.util.LinkedHashMap<>();
        lines.put("MemTotal", total);
        lines.put("MemFree", free);
        lines.put("MemAvailable", free);
        SwapSpace swap = SwapSpace.of(kernel);
        Map<String, Long> known = Map.of("Active", total - free, "AnonPages", total - free, "SwapTotal",
                swap.total() * page / 1024, "SwapFree", swap.free() * page / 1024);
        for (String name : List.of("Buffers", "Cached", "SwapCached", "Active", "Inactive", "SwapTotal", "SwapFree",
                "Dirty", "Writeback", "AnonPages", "Mapped", "Shmem", "Slab")) {
            lines.put(name, known.getOrDefault(name, 0L));
        }
        lines.forEach((name, value) -> text.append("%-16s%8d kB\n".formatted(name + ":", value)));
        return text.toString();
    }

    private static String times(Kernel kernel) {
        long used = 0;
        int running = 0;
        for (UnixProcess process : kernel.table().all()) {
            used += ProcessTexts.ticks(process.processorTime());
            running += process.list().stream().anyMatch(UnixThread::computing) ? 1 : 0;
        }
        int processors = kernel.machine().processors();
        long up = kernel.clock().monotonicTime();
        long idle = Math.max(0, ProcessTexts.ticks(up) * processors - used);
        var text = new StringBuilder("cpu  %d 0 0 %d 0 0 0 0 0 0\n".formatted(used, idle));
        for (int i = 0; i < processors; i++) {
            text.append("cpu%d %d 0 0 %d 0 0 0 0 0 0\n".formatted(i, used / processors, idle / processors));
        }
        text.append("intr 0\nctxt 0\nbtime %d\nprocesses %d\nprocs_running %d\nprocs_blocked 0\n".formatted(
                (kernel.clock().realTime() - up) / SECOND, kernel.table().all().size(), running));
        return text.toString();
    }

    private static String uptime(Kernel kernel) {
        long up = kernel.clock().monotonicTime();
        long used = kernel.table().all().stream().mapToLong(UnixProcess::processorTime).sum();
        long idle = Math.max(0, up * kernel.machine().processors() - used);
        return "%d.%02d %d.%02d\n".formatted(up / SECOND, up % SECOND / 10_000_000, idle / SECOND,
                idle % SECOND / 10_000_000);
    }
}
