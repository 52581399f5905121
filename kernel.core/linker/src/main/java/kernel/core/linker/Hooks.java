package kernel.core.linker;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import kernel.core.domain.Violation;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;
import org.osgi.framework.hooks.weaving.WeavingException;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Where the framework asks the linker (OSGi Core 8, chapters 55 to 57): which bundles may be resolved and to whom they are wired, each class as
 * it is defined, which services a bundle sees. When something goes wrong here the answer is no: a framework does not ask again a hook that
 * has thrown.
 */
final class Hooks implements ResolverHookFactory, WeavingHook, FindHook, EventListenerHook {

    private static final System.Logger LOG = System.getLogger("kernel.core.linker");

    private final Linker linker;

    Hooks(Linker linker) {
        this.linker = linker;
    }

    // ---- resolving

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return new Resolution(triggers);
    }

    private boolean linked(BundleRevision revision) {
        return safely(() -> linker.look(revision.getBundle()).domain().linked());
    }

    /**
     * One time that the framework resolves something. What must not be resolved is taken out only if it is what was asked for: as soon as
     * anything is taken out, Felix 7 wires the others to no bundle that is resolved already. Otherwise it gets in only as somebody's provider or
     * fragment, which it cannot be.
     */
    private final class Resolution implements ResolverHook {
        private final Collection<BundleRevision> triggers;

        Resolution(Collection<BundleRevision> triggers) {
            this.triggers = List.copyOf(triggers);
        }

        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {
            List<BundleRevision> refused = triggers.stream().filter(revision -> !linked(revision)).toList();
            if (!refused.isEmpty()) {
                candidates.removeIf(refused::contains);
            }
        }

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
            Bundle user = requirement.getRevision().getBundle();
            candidates.removeIf(capability -> !safely(() -> mayUse(user, capability)));
        }

        @Override
        public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> candidates) {
            boolean linked = linked(singleton.getRevision());
            candidates.removeIf(other -> !linked || !linked(other.getRevision())); // who is not linked is in nobody's way
        }

        @Override
        public void end() {
            // nothing is kept
        }
    }

    /** Trusted code comes from trusted bundles alone; others get what they may reach from trusted ones, and all else from each other. */
    private boolean mayUse(Bundle user, BundleCapability capability) {
        Bundle provider = capability.getRevision().getBundle();
        if (!linker.look(provider).domain().linked()) {
            return false;
        }
        String namespace = capability.getNamespace();
        boolean packages = namespace.equals(PackageNamespace.PACKAGE_NAMESPACE);
        boolean host = namespace.equals(HostNamespace.HOST_NAMESPACE);
        if (!packages && !host && !namespace.equals(BundleNamespace.BUNDLE_NAMESPACE)) {
            return true;
        }
        if (linker.trusts(user)) {
            return linker.trusts(provider);
        }
        if (!packages || provider.equals(user)) {
            return !host; // some frameworks attach fragments that may not be resolved
        }
        String name = String.valueOf(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE));
        if (name.startsWith("java.")) {
            return true; // everybody has these, imported or not; classes are what is looked at
        }
        Rules rules = linker.look(user).rules();
        return linker.trusts(provider) ? rules.reachesInto(name) : !rules.knows(name);
    }

    // ---- classes

    @Override
    public void weave(WovenClass woven) {
        Bundle bundle = woven.getBundleWiring().getBundle();
        List<Violation> violations;
        try {
            Linker.Known known = linker.look(bundle);
            violations = known.domain().trusted()
                    ? List.of()
                    : known.inspection().violations(woven.getClassName(), woven.getBytes());
        } catch (RuntimeException | LinkageError e) {
            throw new WeavingException(woven.getClassName() + " cannot be looked at", e);
        }
        if (!violations.isEmpty()) {
            throw new WeavingException(bundle + " is not trusted, and " + violations.getFirst());
        }
    }

    // ---- services

    @Override
    public void find(BundleContext context, String name, String filter, boolean all,
            Collection<ServiceReference<?>> references) {
        Bundle user = context.getBundle();
        if (!safely(() -> linker.trusts(user))) {
            references.removeIf(reference -> !safely(() -> maySee(user, reference)));
        }
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        listeners.keySet().removeIf(context -> !safely(() -> linker.trusts(context.getBundle())
                || maySee(context.getBundle(), event.getServiceReference())));
    }

    private boolean maySee(Bundle user, ServiceReference<?> reference) {
        Bundle provider = reference.getBundle();
        if (provider == null || provider.equals(user) || !linker.trusts(provider)) {
            return true;
        }
        Rules rules = linker.look(user).rules();
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .anyMatch(type -> rules.refusal(type) == null);
    }

    private interface Question {
        boolean ask();
    }

    private static boolean safely(Question question) {
        try {
            return question.ask();
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.ERROR, "a bundle could not be looked at, so it is not linked", e);
            return false;
        }
    }
}
