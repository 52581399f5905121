package hw.alpha.device;

import hw.alpha.isa.Model;
import kernel.core.machine.Machine;
import kernel.core.memory.PhysAddr;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the machine is. Thread-safe. */
@Component(service = Machine.class)
public final class Workstation implements Machine {

    private final long memory;
    private final int processors = Runtime.getRuntime().availableProcessors();

    /** @param memory the machine's memory */
    @Activate
    public Workstation(@Reference PhysAddr memory) {
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
