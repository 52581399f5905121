package kernel.ext.sched.provider;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.strand.Parameters;
import kernel.core.strand.StrandGroup;
import kernel.core.strand.ThreadPackage;
import kernel.core.strand.ThreadPackages;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** What one bundle has installed; closed when the bundle gives the service back, at the latest when it stops. Thread-safe. */
final class Packages implements ThreadPackages {

    /** Gives each bundle its own. */
    record Factory(Scheduler scheduler) implements ServiceFactory<ThreadPackages> {

        /** Registers it. Here and not where it is called: who uses strands without a framework has no class of it. */
        static ServiceRegistration<ThreadPackages> register(BundleContext context, Scheduler scheduler) {
            return context.registerService(ThreadPackages.class, new Factory(scheduler), null);
        }

        @Override
        public ThreadPackages getService(Bundle bundle, ServiceRegistration<ThreadPackages> registration) {
            return new Packages(scheduler);
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<ThreadPackages> registration,
                ThreadPackages service) {
            ((Packages) service).close();
        }
    }

    private final Scheduler scheduler;
    private final Set<Group> installed = ConcurrentHashMap.newKeySet();

    Packages(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public StrandGroup install(String name, Parameters parameters, int processors, ThreadPackage threads) {
        if (processors < 1 || processors > scheduler.processors.length) {
            throw new IllegalArgumentException("thread package " + name + ": " + processors
                    + " processors; there are " + scheduler.processors.length);
        }
        Group group = new Group(scheduler, name, parameters, processors, threads);
        installed.add(group);
        return group;
    }

    void close() {
        installed.forEach(Group::close);
        installed.clear();
    }
}
