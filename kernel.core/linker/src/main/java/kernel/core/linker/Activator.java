package kernel.core.linker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.domain.Domain;
import kernel.core.domain.Domains;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.weaving.WeavingHook;

/** Starts the linker. An activator and not a component: its hooks must be in force before anything is linked. */
public final class Activator implements BundleActivator {

    /** Framework property: the file that says who is trusted; see {@link Policy}. */
    private static final String POLICY = "spin.policy";
    /** Framework property: SUBJECTs, a line each, that are trusted beside those of the file; whoever starts the framework knows them. */
    private static final String TRUSTED = "spin.trusted";

    @Override
    public void start(BundleContext context) throws BundleException {
        Linker linker = new Linker(context, policy(context));
        Hooks hooks = new Hooks(linker);
        for (Domain domain : linker.all()) {
            Bundle bundle = context.getBundle(domain.id());
            if (!domain.trusted() && (bundle.getState() & (Bundle.INSTALLED | Bundle.UNINSTALLED)) == 0) {
                System.getLogger("kernel.core.linker").log(System.Logger.Level.WARNING, domain.name()
                        + " is not trusted, but was linked before the linker started; start it first, or trust the bundle");
            }
        }
        context.addBundleListener((SynchronousBundleListener) event -> changed(linker, event));
        context.registerService(ResolverHookFactory.class, hooks, null);
        context.registerService(WeavingHook.class, hooks, null);
        context.registerService(new String[]{FindHook.class.getName(), EventListenerHook.class.getName()}, hooks, null);
        context.registerService(Domains.class, linker, null);
    }

    private static void changed(Linker linker, BundleEvent event) {
        if (event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED) {
            linker.tell(event.getBundle());
        }
    }

    private static Policy policy(BundleContext context) throws BundleException {
        String file = context.getProperty(POLICY);
        String trusted = context.getProperty(TRUSTED);
        if (file == null && trusted == null) {
            throw new BundleException("The linker does not know whom to trust: set the framework property " + POLICY
                    + " to a file of lines such as \"trust /opt/app/bundles/*.jar\"");
        }
        List<String> lines = new ArrayList<>();
        if (trusted != null) {
            trusted.lines().filter(line -> !line.isBlank()).forEach(line -> lines.add("trust " + line));
        }
        int before = lines.size();
        Path path = Path.of(file == null ? "." : file).toAbsolutePath();
        try {
            if (file != null) {
                lines.addAll(Files.readAllLines(path));
            }
            return Policy.of(file == null ? path : path.getParent(), lines, before);
        } catch (NoSuchFileException e) {
            throw new BundleException(POLICY + " is " + path + ", and there is no such file", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new BundleException("the policy " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the framework withdraws hooks and listeners; what was looked at stays linked
    }
}
