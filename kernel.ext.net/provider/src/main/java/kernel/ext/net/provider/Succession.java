package kernel.ext.net.provider;

import java.util.concurrent.TimeUnit;
import kernel.core.handoff.Handoff;
import kernel.core.strand.Strands;
import kernel.ext.net.api.handle.Handles;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * How what applications hold goes from a component that stops to the one after it: at an update, or when something that it needs was
 * updated. When the whole machine stops, nothing is left to anybody. Immutable.
 */
final class Succession {

    /** Framework property: milliseconds for which raises, and so connections, wait for what is updated. */
    private static final String PATIENCE = "spin.event.wait";
    private static final long USUAL = 5000;

    private final Handoff handoff;
    private final String name;
    private final BundleContext context;
    private final Strands strands;

    /** @param name of what is handed over */
    Succession(Handoff handoff, String name, BundleContext context, Strands strands) {
        this.handoff = handoff;
        this.name = name;
        this.context = context;
        this.strands = strands;
    }

    /** What was left; null if nothing was, or it cannot be used. */
    static Handles taken(Handoff handoff, String name) {
        return handoff.take(name) instanceof Handles handles ? handles : null;
    }

    /** Whether the machine stops. */
    boolean over() {
        return context.getBundle(0).getState() == Bundle.STOPPING;
    }

    /** Gives a host's handles to the next; or ends them, when the machine stops. */
    void leave(Host host) {
        if (over()) {
            host.stop();
            return;
        }
        String wait = context.getProperty(PATIENCE);
        long patience = TimeUnit.MILLISECONDS.toNanos(wait == null ? USUAL : Long.parseLong(wait));
        handoff.leave(name, host.leave(strands, patience));
    }
}
