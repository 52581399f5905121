package kernel.ext.net.rpc.provider;

import java.io.IOException;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.api.Network;
import kernel.ext.net.rpc.api.Rpc;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The kernel's remote procedure calls, and its port mapper. */
@Component(service = Rpc.class, immediate = true)
public final class RpcService extends PlainRpc {

    /** Made by Declarative Services. */
    @Activate
    public RpcService(@Reference(target = Binding.STUB_ONLY) Network network, @Reference Strands strands,
            @Reference Clock clock) {
        super(network, strands, clock);
        try {
            mapPorts();
        } catch (IOException e) {
            System.getLogger(RpcService.class.getName()).log(System.Logger.Level.ERROR,
                    "there is no port mapper: {0}", e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        close();
    }
}
