package kernel.ext.net.provider;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import kernel.core.dispatch.Dispatcher;
import kernel.core.strand.Strands;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.OnBehalf;
import kernel.ext.net.api.handle.Handles;
import kernel.ext.net.api.handle.Handles.Holder;
import kernel.ext.net.api.handle.Handles.Limits;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Which bundle takes something of the network: the nearest on the stack that is neither the network nor the dispatcher. The network is an
 * event, of which all have the same stub, so nothing else tells. What a bundle holds is given back when it has stopped. Thread-safe.
 *
 * <p>Limits are framework properties, of all bundles or, with a bundle's name behind, of one: {@code spin.net.ports},
 * {@code spin.net.connections}, {@code spin.net.buffers} (megabytes). Who asks for somebody else ({@link OnBehalf}) gives a quarter of it.
 */
final class Callers implements Supplier<Holder>, SynchronousBundleListener {

    private static final int PORTS = 8192, CONNECTIONS = 16384, MEGABYTES = 256;
    /** What share of a bundle's account one of those whom it serves may have. */
    private static final int PART = 4;
    private static final OnBehalf NO_OTHER = new OnBehalf("", "");
    private static final StackWalker WALKER = StackWalker
            .getInstance(Set.of(StackWalker.Option.RETAIN_CLASS_REFERENCE));
    /** Somebody of no bundle, such as the program that has started the framework. */
    private static final String NOBODY = "system";
    /** States in which a bundle holds nothing: it is not started. Code of such a bundle works for whoever calls it. */
    private static final int GONE = Bundle.UNINSTALLED | Bundle.INSTALLED | Bundle.RESOLVED;

    /** Nanoseconds for which a bundle's end waits until what it held is given back. */
    private static final long PATIENCE = 200_000_000L;

    private final BundleContext context;
    private final Strands strands;
    private final Handles handles;
    private final Set<Bundle> between;

    Callers(BundleContext context, Strands strands, Handles handles) {
        this.strands = strands;
        this.context = context;
        this.handles = handles;
        between = Set.of(context.getBundle(), FrameworkUtil.getBundle(Network.class),
                FrameworkUtil.getBundle(Dispatcher.class), context.getBundle(0));
        context.addBundleListener(this);
        for (Object key : handles.holders()) { // who has gone while there was no network
            Bundle bundle = key instanceof Long id ? context.getBundle(id) : null;
            if (key instanceof Long && (bundle == null || (bundle.getState() & GONE) != 0)) {
                handles.gone(key, Long.MAX_VALUE);
            }
        }
    }

    /** Ends to look. */
    void close() {
        context.removeBundleListener(this);
    }

    @Override
    public Holder get() {
        Bundle bundle = WALKER.walk(frames -> frames.map(StackWalker.StackFrame::getDeclaringClass)
                .map(FrameworkUtil::getBundle)
                .filter(one -> one != null && !between.contains(one) && (one.getState() & GONE) == 0).findFirst())
                .orElse(null);
        if (bundle == null) {
            return holder(NOBODY, NOBODY);
        }
        Holder whole = holder(bundle.getBundleId(), bundle.getSymbolicName());
        OnBehalf of = OnBehalf.OF.orElse(NO_OTHER);
        return of == NO_OTHER ? whole : part(whole, of);
    }

    /** What is held for somebody whom a bundle serves. */
    static Holder part(Holder whole, OnBehalf of) {
        Limits all = whole.limits();
        return new Holder(List.of(whole.key(), of.key()), whole.name() + ", " + of.name(),
                new Limits(Math.ceilDiv(all.ports(), PART), Math.ceilDiv(all.connections(), PART), all.bytes() / PART),
                whole);
    }

    private Holder holder(Object key, String name) {
        return new Holder(key, name, new Limits(limit("ports", name, PORTS),
                limit("connections", name, CONNECTIONS), (long) limit("buffers", name, MEGABYTES) << 20));
    }

    private int limit(String what, String bundle, int usual) {
        String property = "spin.net." + what;
        String value = context.getProperty(property + "." + bundle);
        if (value == null) {
            value = context.getProperty(property);
        }
        try {
            return value == null ? usual : Math.max(0, Integer.parseInt(value.strip()));
        } catch (NumberFormatException e) {
            System.getLogger(Callers.class.getName()).log(System.Logger.Level.WARNING,
                    "{0}={1} is no number; {2} is taken", property, value, usual);
            return usual;
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPED && !between.contains(event.getBundle())) {
            Object key = event.getBundle().getBundleId();
            if (!handles.gone(key, PATIENCE)) { // else who has the lock may wait for what the thread that stops bundles does next
                strands.fork("network, held by " + event.getBundle().getSymbolicName(),
                        () -> handles.gone(key, Long.MAX_VALUE));
            }
        }
    }
}
