package bundles.shell;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.io.PrintStream;
import java.util.List;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpace.Region;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryStatistics;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code vm}: memory, where pages go when there is too little of it, and who has what. */
@Component(service = VmCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=vm"})
public final class VmCommands {

    private static final int MB = 1 << 20;

    private final PhysAddr memory;
    private final AddressSpaces spaces;
    private final Processes processes;
    private final Dispatcher dispatcher;

    /** Made by Declarative Services. */
    @Activate
    public VmCommands(@Reference PhysAddr memory, @Reference AddressSpaces spaces, @Reference Processes processes,
            @Reference Dispatcher dispatcher) {
        this.memory = memory;
        this.spaces = spaces;
        this.processes = processes;
        this.dispatcher = dispatcher;
    }

    /** Shows memory, page replacement, stores and spaces. */
    @Descriptor("shows memory: frames, page replacement, faults by kind, where pages are swapped to, and address spaces")
    public void vm(CommandSession session) {
        PrintStream out = session.getConsole();
        MemoryStatistics did = spaces.statistics();
        PhysAddr.Reclaimed reclaimed = memory.reclaimed();
        Table table = new Table("frames", memory.total() + " of " + memory.pageSize() / 1024 + " KB, " + memory.free()
                + " free; replacement begins below " + memory.low() + " and ends at " + memory.high());
        table.row("replacement", policy() + ": " + reclaimed.taken() + " frames taken in " + reclaimed.rounds()
                + " rounds, " + reclaimed.refused() + " refused, " + reclaimed.offered() + " offered, "
                + reclaimed.misled() + " bad choices; longest round "
                + "%.1f ms".formatted(reclaimed.longest() / 1e6));
        table.row("faults", did.filled() + " filled (" + did.zero() + " with zeros), " + did.copied() + " copied, "
                + did.loaded() + " loaded, " + did.mapped() + " mapped, " + did.failed() + " bad, " + did.exhausted()
                + " without memory");
        table.row("away", did.stored() + " stored, " + did.dropped() + " dropped, " + did.rescued()
                + " taken back, " + did.lost() + " lost");
        table.row("ahead", did.ahead() + " fetched ahead, " + did.aheadUsed() + " of them used, " + did.aheadGiven()
                + " given back unused");
        table.print(out);
        stores(out, did.stores());
        List<AddressSpace> all = spaces.spaces();
        if (!all.isEmpty()) {
            Table list = new Table(">PID", ">RESIDENT KB", ">SHARED KB", ">SWAPPED KB", ">REGIONS", ">FAULTS", "SPACE");
            for (AddressSpace space : all) {
                list.row(pid(space), kilobytes(space.resident()), kilobytes(space.shared()),
                        kilobytes(space.swapped()), space.regions().size(), space.faults(), space.name());
            }
            list.print(out);
        }
    }

    private void stores(PrintStream out, List<MemoryStatistics.Store> stores) {
        if (stores.isEmpty()) {
            out.println("no store: what was changed stays in memory");
            return;
        }
        Table table = new Table("STORE", ">MB", ">USED MB", ">STORED", ">LOADED", ">FAILED", "");
        for (MemoryStatistics.Store store : stores) {
            table.row(store.name(), store.capacity() * memory.pageSize() / MB,
                    "%.1f".formatted((double) store.used() * memory.pageSize() / MB), store.stored(), store.loaded(),
                    store.failures(), store.note());
        }
        table.print(out);
    }

    /** The name of the policy in force: the first that leaves no other a chance, else the intrinsic one. */
    private String policy() {
        String event = PageReplacement.class.getName();
        return dispatcher.events().stream().filter(one -> one.name().startsWith(event + "."))
                .flatMap(one -> one.bindings().stream()).filter(VmCommands::decides).map(BindingState::name).findFirst()
                .orElse("oldest first");
    }

    private static boolean decides(BindingState binding) {
        return binding.trouble().isEmpty()
                && (binding.modes().contains("cancel") || binding.role().equals("intrinsic"));
    }

    private String pid(AddressSpace space) {
        for (Process process : processes.processes()) {
            if (!process.ended() && process.translation() == space.translation()) {
                return Integer.toString(process.id());
            }
        }
        return "-";
    }

    private long kilobytes(int pages) {
        return (long) pages * memory.pageSize() / 1024;
    }

    /** Shows a process's regions. */
    @Descriptor("shows the regions of a process's memory")
    public void vm(CommandSession session, @Descriptor("process, see `ps`") int process) throws Failure {
        Process found = processes.find(process);
        AddressSpace space = found == null || found.ended()
                ? null
                : spaces.spaces().stream().filter(one -> one.translation() == found.translation()).findFirst()
                        .orElse(null);
        if (space == null) {
            throw new Failure("There is no process " + process + " that has memory; `ps` lists them");
        }
        Table table = new Table(">START", ">END", ">KB", "", "WHAT");
        for (Region region : space.regions()) {
            table.row(Long.toHexString(region.start()), Long.toHexString(region.end()),
                    (region.end() - region.start()) / 1024, rights(region.protection()), region.label());
        }
        table.print(session.getConsole());
    }

    private static String rights(int protection) {
        return ((protection & TranslationContext.READ) != 0 ? "r" : "-")
                + ((protection & TranslationContext.WRITE) != 0 ? "w" : "-")
                + ((protection & TranslationContext.EXECUTE) != 0 ? "x" : "-");
    }
}
