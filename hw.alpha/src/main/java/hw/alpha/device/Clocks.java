package hw.alpha.device;

import hw.alpha.time.RepeatableRandom;
import hw.alpha.time.VirtualClock;
import java.security.SecureRandom;
import kernel.core.machine.Clock;
import kernel.core.machine.RandomSource;
import kernel.core.machine.VirtualTime;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The machine's clock and its random numbers: the host's, or with the framework property {@code spin.clock=virtual} those of
 * runs that can be repeated. Registers the services, since which types the clock has depends on that; they go with the bundle.
 */
@Component(service = {}, immediate = true)
public final class Clocks {

    /** @param context of this bundle, whose framework's properties are read */
    @Activate
    public Clocks(BundleContext context) {
        if (repeatable(context)) {
            var random = new RepeatableRandom();
            context.registerService(RandomSource.class, random, null);
            context.registerService(new String[]{Clock.class.getName(), VirtualTime.class.getName()},
                    new VirtualClock(random::reseed), null);
        } else {
            var random = new SecureRandom();
            context.registerService(RandomSource.class, random::nextBytes, null);
            context.registerService(Clock.class, new SystemClock(), null);
        }
    }

    /** Whether the machine is one whose runs can be repeated. */
    static boolean repeatable(BundleContext context) {
        return "virtual".equals(context.getProperty("spin.clock"));
    }
}
