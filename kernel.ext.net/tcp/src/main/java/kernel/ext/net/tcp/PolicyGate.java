package kernel.ext.net.tcp;

import kernel.core.dispatch.Authorizer;
import kernel.core.dispatch.Binding;
import org.osgi.service.component.annotations.Component;

/**
 * Who may replace the congestion control: it is given connections with all that they hold, so bundles of the network alone, those
 * whose names begin with {@code kernel.ext.net.}. There is no stronger proof of a bundle's origin in the kernel yet. Stateless.
 */
@Component(service = Authorizer.class, property = Binding.AUTHORIZES + "=kernel.ext.net.api.tcp.CongestionControl")
public final class PolicyGate implements Authorizer {

    /** Made by Declarative Services. */
    public PolicyGate() {}

    @Override
    public Decision decide(Request request) {
        return request.bundle().startsWith("kernel.ext.net.")
                ? Decision.allow()
                : Decision.deny("congestion control sees all connections; only bundles kernel.ext.net.* may be one");
    }
}
