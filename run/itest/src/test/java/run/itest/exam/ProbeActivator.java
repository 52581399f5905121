package run.itest.exam;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Activator of the probe bundle. Its class comes from outside the framework (by boot delegation), so that the test engine
 * outside learns the probe's context from it.
 */
public final class ProbeActivator implements BundleActivator {

    private static volatile BundleContext probe;

    static BundleContext probe() {
        return probe;
    }

    @Override
    public void start(BundleContext context) {
        probe = context;
    }

    @Override
    public void stop(BundleContext context) {
        probe = null;
    }
}
