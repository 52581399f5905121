package bundles.pagers.shared;

import java.io.IOException;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Clock;
import kernel.core.memory.PhysAddr;
import kernel.core.strand.Strands;
import kernel.ext.net.api.Network;
import kernel.ext.vm.api.AddressSpaces;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The segments of the kernel. */
@Component(service = Segments.class)
public final class Segments extends PlainSegments {

    /** Made by Declarative Services. @throws IOException the port is taken */
    @Activate
    public Segments(@Reference(target = Binding.STUB_ONLY) Network network, @Reference Strands strands,
            @Reference Clock clock, @Reference AddressSpaces spaces, @Reference PhysAddr memory) throws IOException {
        super(network, strands, clock, spaces, memory.pageSize());
    }

    @Deactivate
    void stop() {
        close();
    }
}
