package bundles.unix.provider;

import bundles.unix.provider.socket.Internet;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The network, while there is one: it comes, goes and is updated without anything here being made anew. A service that only
 * this bundle sees. Thread-safe: the field is volatile.
 */
@Component(service = Networks.class)
public final class Networks {

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Internet internet;

    /** Without a network yet; Declarative Services bring it. */
    public Networks() {}

    /** With a network that stays. @param internet the network, or null */
    Networks(Internet internet) {
        this.internet = internet;
    }

    /** Sockets of the network; null while there is none. */
    Internet internet() {
        return internet;
    }
}
