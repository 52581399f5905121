package run.measure.soak.dispatch;

import java.util.Hashtable;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import run.measure.soak.Failures;

/** Binds and unbinds guests, by the dispatcher and by the registry: once unbound nobody is inside and nobody enters. */
final class Leaver extends Actor {

    private final BundleContext context;
    private final Dispatcher dispatcher;
    private final SplittableRandom random;

    Leaver(BundleContext context, Dispatcher dispatcher, SplittableRandom random, Failures failures) {
        super("unbinds", failures);
        this.context = context;
        this.dispatcher = dispatcher;
        this.random = random;
    }

    @Override
    long act() throws InterruptedException {
        Guest guest = new Guest(random.nextInt(10) == 0, () -> fail("a handler or guard ran after it was unbound"));
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(Binding.ROLE, Binding.HANDLER);
        properties.put(Binding.NAME, "guest");
        switch (random.nextInt(3)) {
            case 0 -> properties.put(Binding.ORDER, Binding.FIRST);
            case 1 -> properties.put(Binding.ORDER, Binding.LAST);
            default -> properties.put(Binding.ORDER, "");
        }
        if (random.nextBoolean()) {
            properties.put(Binding.GUARD, "wants");
        }
        if (random.nextInt(3) == 0) {
            ServiceRegistration<Left> registration = context.registerService(Left.class, guest, properties);
            pause();
            registration.unregister();
        } else {
            Binding<Left> binding = Binding.handler(Left.class, guest);
            for (String name : properties.keySet()) {
                binding = binding.with(name, properties.get(name));
            }
            Bound bound = dispatcher.bind(binding);
            pause();
            bound.close();
        }
        int inside = guest.leave();
        expect(inside == 0, inside + " strands were inside a handler after it was unbound");
        return 1;
    }

    private void pause() throws InterruptedException {
        if (random.nextBoolean()) {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(2000));
        }
    }
}
