package run.itest.guest;

import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import run.itest.door.Door;

/** Binds to {@link Door} as its manifest says, last, so that its result is the door's. */
public final class Guest implements BundleActivator, Door {

    private final AtomicInteger inside = new AtomicInteger();
    private BundleContext context;
    private String does;

    @Override
    public void start(BundleContext started) {
        context = started;
        does = context.getBundle().getHeaders("").get("Guest-Does");
        String by = context.getBundle().getHeaders("").get("Guest-Binds-By");
        IntSupplier count = inside::get;
        context.registerService(IntSupplier.class, count, new Hashtable<>(Map.of("guest", "inside")));
        Map<String, Object> properties = Map.of(Binding.ROLE, Binding.HANDLER, Binding.ORDER, Binding.LAST,
                Binding.NAME, "guest", Binding.CREDENTIAL, "a ticket", Binding.KEY, new String[]{"key=7", "key=-7"});
        if (by.equals("registry")) {
            context.registerService(Door.class, this, new Hashtable<>(properties));
            return;
        }
        Dispatcher dispatcher = context.getService(context.getServiceReference(Dispatcher.class));
        Binding<Door> binding = Binding.handler(Door.class, this).order(Binding.LAST).name("guest")
                .credential("a ticket")
                .key("key", 7).key("key", -7);
        dispatcher.bind(binding);
    }

    @Override
    public int open(int key) {
        inside.incrementAndGet();
        try {
            switch (does) {
                case "sleeps" -> Thread.sleep(300);
                case "stops itself" -> context.getBundle().stop();
                case "loops" -> loop();
                default -> {
                    // nothing but the result
                }
            }
        } catch (InterruptedException | BundleException e) {
            throw new IllegalStateException(e);
        } finally {
            inside.decrementAndGet();
        }
        return 700;
    }

    private static void loop() {
        long count = 0;
        while (count >= 0) {
            count = count + 1 & Long.MAX_VALUE;
        }
    }

    @Override
    public void stop(BundleContext stopped) {
        // the framework and the dispatcher clean up
    }
}
