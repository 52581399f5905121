package run.itest.door;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;
import kernel.core.dispatch.Authorizer;
import kernel.core.dispatch.Authorizer.Decision;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Provides {@link Door}, lets the test raise it, and lets in whom the test says. */
public final class Owner implements BundleActivator {

    private BundleContext context;
    private ServiceRegistration<?> authorizer;

    /** What is imposed on guests. */
    @FunctionalInterface
    public interface Positive {
        /** Whether it holds. */
        boolean test(int key);
    }

    @Override
    public void start(BundleContext started) {
        context = started;
        Door door = key -> key;
        context.registerService(Door.class, door, table(Map.of(Binding.ROLE, Binding.INTRINSIC)));
        Door stub = context.getService(context.getServiceReference(Door.class));
        IntUnaryOperator raise = stub::open;
        context.registerService(IntUnaryOperator.class, raise, table(Map.of("guest", "raise")));
        BiFunction<String, Long, Object> rule = this::rule;
        context.registerService(BiFunction.class, rule, table(Map.of("guest", "rule")));
    }

    /** {@code allow}, {@code positive} (with a guard), {@code limit} (microseconds), {@code deny}, or {@code none}. */
    private Object rule(String what, Long limit) {
        if (authorizer != null) {
            authorizer.unregister();
            authorizer = null;
        }
        Positive positive = key -> key > 0;
        Authorizer rule = switch (what) {
            case "allow" -> request -> Decision.allow();
            case "positive" -> request -> Decision.allow().withGuard(positive);
            case "limit" -> request -> Decision.allow().withLimit(limit);
            case "deny" -> request -> Decision.deny("not " + request.bundle() + " with " + request.credential());
            default -> null;
        };
        if (rule != null) {
            authorizer = context.registerService(Authorizer.class, rule,
                    table(Map.of(Binding.AUTHORIZES, Door.class.getName())));
        }
        return what;
    }

    private static Dictionary<String, Object> table(Map<String, Object> properties) {
        return new Hashtable<>(properties);
    }

    @Override
    public void stop(BundleContext stopped) {
        // the framework unregisters
    }
}
