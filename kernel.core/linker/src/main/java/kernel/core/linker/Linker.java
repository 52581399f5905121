package kernel.core.linker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import kernel.core.domain.Domain;
import kernel.core.domain.Domains;
import kernel.core.domain.Violation;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Knows of each bundle whether it is trusted and, if not, what it has that it may not have. A bundle is looked at when it is installed or
 * updated, or else when somebody asks first. Thread-safe, without a lock: two that ask at once may both look, and find the same.
 */
final class Linker implements Domains {

    private static final System.Logger LOG = System.getLogger("kernel.core.linker");

    private final BundleContext context;
    private final Policy policy;
    private final Rules everybody = rules();
    /** As long as anybody holds the bundle: code of one that was uninstalled may still run, and load classes. */
    private final Map<Bundle, Known> known = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param modified when the bundle was; @param rules and inspection: null if it is trusted */
    record Known(long modified, Domain domain, Rules rules, Inspection inspection) {}

    Linker(BundleContext context, Policy policy) {
        this.context = context;
        this.policy = policy;
    }

    /** What everybody may reach. */
    static Rules rules() {
        try (InputStream in = Linker.class.getResourceAsStream("reach.rules")) {
            return Rules.none().with(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).toList());
        } catch (IOException e) {
            throw new IllegalStateException("the linker's own rules cannot be read", e);
        }
    }

    @Override
    public Domain of(long bundle) {
        Bundle found = context.getBundle(bundle);
        if (found == null) {
            throw new IllegalArgumentException("There is no bundle " + bundle);
        }
        return look(found).domain;
    }

    @Override
    public List<Domain> all() {
        return Arrays.stream(context.getBundles()).sorted(Comparator.comparing(Bundle::getBundleId))
                .map(bundle -> look(bundle).domain).toList();
    }

    boolean trusts(Bundle bundle) {
        return look(bundle).domain.trusted();
    }

    /** What is known of a bundle as it is now. */
    Known look(Bundle bundle) {
        Known before = known.get(bundle);
        if (before != null && before.modified == bundle.getLastModified()) {
            return before;
        }
        long modified = bundle.getLastModified();
        Known now = inspect(bundle, modified);
        known.put(bundle, now);
        return now;
    }

    /** Tells of a bundle that will not be linked, where somebody has just brought it. */
    void tell(Bundle bundle) {
        Domain domain = look(bundle).domain;
        if (!domain.linked()) {
            List<Violation> all = domain.violations();
            LOG.log(System.Logger.Level.WARNING, domain.name() + " will not be linked: it is not trusted, and "
                    + all.getFirst() + (all.size() == 1
                            ? ""
                            : " (and " + (all.size() - 1) + " more: `domains "
                                    + domain.id() + "`)"));
        }
    }

    private Known inspect(Bundle bundle, long modified) {
        String name = bundle.getSymbolicName() + " " + bundle.getVersion();
        long id = bundle.getBundleId();
        if (id == 0 || id == context.getBundle().getBundleId()) {
            return new Known(modified, new Domain(id, name, true, "the kernel's own", List.of(), 0), null, null);
        }
        Lazy lazy = new Lazy(bundle);
        try {
            Policy.Candidate candidate = new Policy.Candidate(bundle.getLocation(), lazy::digest);
            String trust = policy.trust(candidate);
            if (trust != null) {
                return new Known(modified, new Domain(id, name, true, trust, List.of(), 0), null, null);
            }
            Rules rules = policy.rules(candidate, everybody);
            Inspection inspection = new Inspection(rules, headers(bundle), lazy.entries(), new Others(id));
            return new Known(modified, new Domain(id, name, false, "no line of the policy trusts it",
                    inspection.violations(), policy.limit()), rules, inspection);
        } catch (UncheckedIOException | IllegalStateException e) {
            Violation unreadable = new Violation("the bundle", "its content", "it cannot be read: " + e.getMessage());
            return new Known(modified, new Domain(id, name, false, "nothing is known of it", List.of(unreadable), 0),
                    everybody, new Inspection(everybody, Map.of(), Map.of(), new Others(id)));
        }
    }

    /** The content of a bundle, read when first wanted. */
    private static final class Lazy {
        private final Bundle bundle;
        private Map<String, byte[]> entries;

        Lazy(Bundle bundle) {
            this.bundle = bundle;
        }

        Map<String, byte[]> entries() {
            if (entries == null) {
                try {
                    entries = Content.of(bundle);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return entries;
        }

        String digest() {
            return Content.digest(entries());
        }
    }

    private static Map<String, String> headers(Bundle bundle) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Dictionary<String, String> all = bundle.getHeaders("");
        Collections.list(all.keys()).forEach(key -> headers.put(key, all.get(key)));
        return headers;
    }

    /** Looks only at what is known already, for it is asked while a bundle is looked at. */
    private Stream<Bundle> trusted() {
        return Arrays.stream(context.getBundles()).filter(bundle -> {
            Known one = known.get(bundle);
            return bundle.getBundleId() == 0 || one != null && one.domain.trusted();
        });
    }

    /** What there is beside one bundle. */
    private final class Others implements Inspection.Surroundings {
        private final long self;

        Others(long self) {
            this.self = self;
        }

        @Override
        public boolean trustedHas(String symbolicName) {
            return trusted().anyMatch(
                    bundle -> bundle.getBundleId() != self && symbolicName.equals(bundle.getSymbolicName()));
        }

        @Override
        public boolean trustedExports(String packageName) {
            return trusted().map(bundle -> bundle.adapt(BundleRevision.class)).anyMatch(revision -> revision != null
                    && revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                            .anyMatch(c -> packageName
                                    .equals(c.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))));
        }

        @Override
        public List<Code.Facts> facts(String type) {
            List<Known> all;
            synchronized (known) {
                all = List.copyOf(known.values());
            }
            return all.stream().filter(one -> one.inspection != null)
                    .flatMap(one -> one.inspection.facts(type).stream()).toList();
        }
    }
}
