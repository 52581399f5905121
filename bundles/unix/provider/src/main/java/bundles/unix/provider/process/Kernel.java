package bundles.unix.provider.process;

import java.nio.file.FileSystem;
import java.util.function.IntFunction;
import kernel.core.machine.Clock;
import kernel.core.machine.Machine;
import kernel.core.memory.PhysAddr;
import kernel.core.strand.Strands;

/**
 * What processes need of the rest of the kernel. Immutable; all parts are thread-safe.
 *
 * @param clock all time comes from it
 * @param strands for timers
 * @param machine what uname(2) tells about
 * @param memory for sysinfo(2)
 * @param files the file system that path names are names in
 * @param user id of the user that all processes belong to
 * @param group id of its group
 * @param find the process with an id, or null
 */
public record Kernel(Clock clock, Strands strands, Machine machine, PhysAddr memory, FileSystem files, int user,
        int group,
        IntFunction<UnixProcess> find) {

    /** The processor's name as AT_PLATFORM has it: the last word of the machine's name, such as {@code ev67}. */
    public String platform() {
        String name = machine.name();
        String last = name.substring(name.lastIndexOf(' ') + 1).toLowerCase(java.util.Locale.ROOT);
        return last.startsWith("ev") || last.startsWith("pca") ? last : "ev4";
    }

    /** AT_HWCAP: the bits of AMASK that the processor has (Alpha Architecture Handbook): BWX, FIX, CIX, MVI, precise traps. */
    public long capabilities() {
        return switch (platform()) {
            case "ev56" -> 0x001;
            case "pca56", "pca57" -> 0x101;
            case "ev6" -> 0x303;
            case "ev67", "ev68", "ev68al", "ev68cb", "ev69", "ev7", "ev79" -> 0x307;
            default -> 0;
        };
    }
}
