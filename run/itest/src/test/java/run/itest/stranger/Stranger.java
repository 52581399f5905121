package run.itest.stranger;

import java.util.Hashtable;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import run.itest.door.Door;

/** Binds to {@link Door}, and does in it what its manifest says; reaches nothing that it may not. */
public final class Stranger implements BundleActivator, Door {

    private String does;
    private int caught;

    @Override
    public void start(BundleContext context) {
        does = context.getBundle().getHeaders("").get("Stranger-Does");
        IntSupplier count = () -> caught;
        context.registerService(IntSupplier.class, count, new Hashtable<>(Map.of("stranger", "caught")));
        Predicate<String> sees = filter -> sees(context, filter);
        context.registerService(Predicate.class, sees, new Hashtable<>(Map.of("stranger", "sees")));
        if (does.equals("starts")) {
            loop(0);
        }
        context.registerService(Door.class, this, new Hashtable<>(Map.of(Binding.ROLE, Binding.HANDLER, Binding.ORDER,
                Binding.LAST, Binding.GUARD, does.equals("guards") ? "never" : "")));
    }

    private static boolean sees(BundleContext context, String filter) {
        try {
            return context.getServiceReferences((String) null, filter) != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A guard that does not return. */
    public boolean never(int key) {
        caught = key;
        loop(0);
        return true;
    }

    @Override
    public int open(int key) {
        switch (does) {
            case "loops" -> loop(0);
            case "catches" -> {
                while (true) {
                    try {
                        loop(0);
                    } catch (Throwable e) {
                        caught++;
                    }
                }
            }
            case "locks" -> {
                while (true) {
                    synchronized (this) {
                        try {
                            loop(0);
                        } finally {
                            caught++;
                        }
                    }
                }
            }
            default -> {
                return 700;
            }
        }
        return -1;
    }

    private static void loop(long from) {
        long count = from;
        while (count >= 0) {
            count = count + 1 & Long.MAX_VALUE;
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the framework and the dispatcher clean up
    }
}
