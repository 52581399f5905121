package kernel.core.dispatcher;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.dispatch.Authorizer;
import kernel.core.dispatch.Authorizer.Decision;
import kernel.core.dispatch.Authorizer.Request;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatcher.Options.KeyWish;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** Who may bind to what: owners may, others are decided about by the owner's authorizer. Thread-safe. */
final class Authority {

    private record Known(Authorizer authorizer, Bundle bundle, Collection<String> events) {}

    private final Map<ServiceReference<Authorizer>, Known> authorizers = new ConcurrentHashMap<>();

    /** An authorizer came or changed. */
    void put(ServiceReference<Authorizer> reference, Authorizer authorizer) {
        Object events = reference.getProperty(Binding.AUTHORIZES);
        Collection<String> names = switch (events) {
            case String one -> List.of(one);
            case String[] some -> Arrays.asList(some);
            case Collection<?> some -> some.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
        authorizers.put(reference, new Known(authorizer, reference.getBundle(), names));
    }

    void remove(ServiceReference<Authorizer> reference) {
        authorizers.remove(reference);
    }

    /** Whether a bundle may do with an event what it likes. */
    static boolean owns(Bundle bundle, EventType type) {
        return bundle == null || bundle.getBundleId() == 0 || bundle.equals(type.definer())
                || type.providers().contains(bundle.getSymbolicName());
    }

    /** May that bundle bind so? */
    Decision decide(EventType type, Options options, Bundle bundle) {
        if (owns(bundle, type)) {
            return Decision.allow();
        }
        Known known = of(type);
        if (known != null) {
            return ask(known, type, options, bundle);
        }
        if (type.declaration().binders() == Binders.ANYONE || options.intrinsic() && type.providers().isEmpty()) {
            return Decision.allow();
        }
        return Decision.deny(
                "the event belongs to " + owners(type) + ", and nobody there allows it: let that bundle register a "
                        + Authorizer.class.getName() + " with " + Binding.AUTHORIZES + "=" + type.type().getName()
                        + ", or declare the event with binders = ANYONE");
    }

    private static String owners(EventType type) {
        Bundle definer = type.definer();
        String name = definer == null ? "the bundle that defines it" : definer.getSymbolicName();
        Set<String> all = new LinkedHashSet<>(List.of(name));
        all.addAll(type.providers());
        return String.join(" and ", all);
    }

    private static Decision ask(Known known, EventType type, Options options, Bundle bundle) {
        Request request = new Request(type.type().getName(), options.role(), options.name(), options.order(),
                options.keys().stream().map(KeyWish::toString).toList(), options.async(), options.limit(),
                bundle.getSymbolicName(), bundle.getBundleId(), options.credential());
        try {
            Decision decision = known.authorizer.decide(request);
            return decision == null ? Decision.deny("its authorizer did not decide") : decision;
        } catch (RuntimeException e) {
            System.getLogger(Authority.class.getName()).log(System.Logger.Level.WARNING,
                    "The authorizer of " + type.type().getName() + " failed on " + request, e);
            return Decision.deny("its authorizer failed: " + e);
        }
    }

    private Known of(EventType type) {
        for (Known known : authorizers.values()) {
            if (known.events.contains(type.type().getName()) && owns(known.bundle, type)) {
                return known;
            }
        }
        return null;
    }

    /** What is wrong with authorizers: those that nobody asks. */
    List<String> faults(Collection<EventType> types) {
        return authorizers.values().stream().flatMap(known -> types.stream()
                .filter(type -> known.events.contains(type.type().getName()) && !owns(known.bundle, type))
                .map(type -> "the authorizer of " + known.bundle.getSymbolicName() + " for " + type.type().getName()
                        + " is not asked, because that bundle does not own the event"))
                .toList();
    }
}
