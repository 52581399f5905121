package bundles.unix.provider.process;

import bundles.unix.api.FolderEntries;
import bundles.unix.api.PathLookup;
import bundles.unix.api.ProgramStart;
import bundles.unix.api.SharedFile;
import bundles.unix.provider.file.FileLocks;
import bundles.unix.provider.file.Notices;
import bundles.unix.provider.file.SpecialNodes;
import bundles.unix.provider.ipc.MessageQueues;
import bundles.unix.provider.ipc.PosixQueues;
import bundles.unix.provider.ipc.Semaphores;
import bundles.unix.provider.socket.Internet;
import bundles.unix.provider.socket.UnixNames;
import java.nio.file.FileSystem;
import java.util.function.Supplier;
import kernel.core.machine.Clock;
import kernel.core.machine.FileOpener;
import kernel.core.machine.Machine;
import kernel.core.machine.Processor;
import kernel.core.machine.RandomSource;
import kernel.core.machine.VirtualTime;
import kernel.core.memory.PhysAddr;
import kernel.core.strand.Strands;
import kernel.ext.vm.api.AddressSpaces;

/**
 * What processes need of the rest of the kernel. Immutable; all parts are thread-safe.
 *
 * @param clock all time comes from it
 * @param random random numbers come from it
 * @param strands run threads and timers
 * @param machine what uname(2) tells about
 * @param memory for sysinfo(2)
 * @param processor runs programs
 * @param spaces makes their address spaces
 * @param files the file system that path names are names in
 * @param opener opens regular files
 * @param lookup the event that finds them
 * @param entries the event that lists folders
 * @param starts the event that says what programs find at their start
 * @param user id of the user that all processes belong to
 * @param group id of its group
 * @param table the processes
 * @param futexes where threads wait for each other
 * @param shared what is mapped in several places
 * @param programs program files, open
 * @param terminals pseudo-terminals
 * @param priorityFutexes where they wait for each other in turn
 * @param systemV semaphores, messages and shared memory; POSIX message queues
 * @param locks on files
 * @param notices who watches files
 * @param nodes files that are sockets or FIFOs
 * @param sockets names of sockets of the UNIX family
 * @param network sockets of the Internet's family; answers null while there is no network
 */
public record Kernel(Clock clock, RandomSource random, Strands strands, Machine machine, PhysAddr memory,
        Processor processor,
        AddressSpaces spaces, FileSystem files, FileOpener opener, PathLookup lookup, FolderEntries entries,
        ProgramStart starts, int user,
        int group,
        ProcessTable table, Futexes futexes,
        SharedContents.Registry shared, ProgramFiles programs, PseudoTerminals terminals,
        PriorityFutexes priorityFutexes,
        SystemV systemV, FileLocks locks, Notices notices, SpecialNodes nodes, UnixNames sockets,
        Supplier<Internet> network) {

    /** With no processes. */
    public Kernel(Clock clock, RandomSource random, Strands strands, Machine machine, PhysAddr memory,
            Processor processor,
            AddressSpaces spaces, FileSystem files, FileOpener opener, PathLookup lookup, FolderEntries entries,
            ProgramStart starts, SharedFile sharing,
            int user, int group,
            Supplier<Internet> network) {
        this(clock, random, strands, machine, memory, processor, spaces, files, opener, lookup, entries, starts,
                sharing, user,
                group,
                new SpecialNodes(),
                new ProcessTable(clock instanceof VirtualTime), network);
    }

    private Kernel(Clock clock, RandomSource random, Strands strands, Machine machine, PhysAddr memory,
            Processor processor,
            AddressSpaces spaces, FileSystem files, FileOpener opener, PathLookup lookup, FolderEntries entries,
            ProgramStart starts, SharedFile sharing,
            int user, int group,
            SpecialNodes nodes, ProcessTable table,
            Supplier<Internet> network) {
        this(clock, random, strands, machine, memory, processor, spaces, files, opener, lookup, entries, starts,
                sharing, user,
                group,
                nodes,
                table,
                new SharedContents.Registry(spaces, sharing), network);
    }

    private Kernel(Clock clock, RandomSource random, Strands strands, Machine machine, PhysAddr memory,
            Processor processor,
            AddressSpaces spaces, FileSystem files, FileOpener opener, PathLookup lookup, FolderEntries entries,
            ProgramStart starts, SharedFile sharing,
            int user, int group,
            SpecialNodes nodes, ProcessTable table,
            SharedContents.Registry shared, Supplier<Internet> network) {
        this(clock, random, strands, machine, memory, processor, spaces, files, opener, lookup, entries, starts, user,
                group,
                table,
                new Futexes(),
                shared, new ProgramFiles(spaces, opener), new PseudoTerminals(clock, table, user, group),
                new PriorityFutexes(),
                new SystemV(new Semaphores(clock, user, group), new MessageQueues(clock, user, group),
                        new SharedSegments(clock, shared, user, group), new PosixQueues(clock, user)),
                new FileLocks(), new Notices(), nodes, new UnixNames(nodes), network);
    }

    /** Sockets of the Internet's family; null while there is no network. */
    public Internet internet() {
        return network.get();
    }

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
