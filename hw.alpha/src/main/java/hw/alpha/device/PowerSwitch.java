package hw.alpha.device;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import kernel.core.machine.Power;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The power switch. Whoever started the framework may register an {@link IntConsumer} with the property
 * {@code spin.power=true}, which is then given the status; otherwise the framework is stopped. Thread-safe.
 */
@Component(service = Power.class, immediate = true)
public final class PowerSwitch implements Power {

    private static final System.Logger LOG = System.getLogger("hw.alpha");

    private final BundleContext system;
    private final AtomicBoolean off = new AtomicBoolean();

    /** @param context of this bundle */
    @Activate
    public PowerSwitch(BundleContext context) {
        // This bundle is stopped on the way, so its own context would not last.
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        system = framework.getBundleContext();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException the status is not within 0 to 255
     */
    @Override
    public void off(int status) {
        if (status < 0 || status > 255) {
            throw new IllegalArgumentException("exit status " + status);
        }
        if (off.compareAndSet(false, true)) {
            Thread.ofPlatform().name("power off").start(() -> turnOff(status));
        }
    }

    private void turnOff(int status) {
        try {
            for (ServiceReference<IntConsumer> reference : system.getServiceReferences(IntConsumer.class,
                    "(spin.power=true)")) {
                IntConsumer launcher = system.getService(reference);
                if (launcher != null) {
                    launcher.accept(status);
                    return;
                }
            }
            system.getBundle().stop();
        } catch (BundleException | InvalidSyntaxException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the machine cannot be switched off: " + e.getMessage(), e);
        }
    }
}
