package hw.alpha.device;

import hw.alpha.isa.Model;
import kernel.core.machine.Machine;
import kernel.core.memory.PhysAddr;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the machine is. Thread-safe. */
@Component(service = Machine.class)
public final class Workstation implements Machine {

    private final long memory;
    private final int processors;

    /**
     * @param memory the machine's memory
     * @param context of this bundle, whose framework's properties are read
     */
    @Activate
    public Workstation(@Reference PhysAddr memory, BundleContext context) {
        this(memory, Clocks.repeatable(context) ? 1 : processors(context.getProperty("spin.cpus")));
    }

    /** As many as are asked for, or as the host has; strands of the host's may be fewer or more. */
    private static int processors(String wanted) {
        return wanted == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(wanted);
    }

    /** With all processors of the host. @param memory the machine's memory */
    public Workstation(PhysAddr memory) {
        this(memory, Runtime.getRuntime().availableProcessors());
    }

    private Workstation(PhysAddr memory, int processors) {
        this.processors = processors;
        this.memory = (long) memory.total() * memory.pageSize();
    }

    @Override
    public String name() {
        return "DEC Alpha " + Model.current();
    }

    @Override
    public long memory() {
        return memory;
    }

    @Override
    public int processors() {
        return processors;
    }
}
