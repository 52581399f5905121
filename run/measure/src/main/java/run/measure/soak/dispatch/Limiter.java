package run.measure.soak.dispatch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import run.measure.soak.Failures;

/** Has handlers run away and be stopped, by the bundle that it installs for that. */
final class Limiter extends Actor {

    private static final String FOLDER = "run/measure/soak/dispatch/limit/";
    private static final List<String> CLASSES = List.of("LimitActivator", "Limited", "Runaway");

    private final Callable<?> once;

    Limiter(BundleContext context, Failures failures) {
        super("limits", failures);
        try {
            context.installBundle("soak.limit", new ByteArrayInputStream(jar())).start();
            @SuppressWarnings("rawtypes") // a class literal has no type arguments
            Collection<ServiceReference<Callable>> found = context.getServiceReferences(Callable.class,
                    "(soak.limit=true)");
            once = context.getService(found.iterator().next());
        } catch (IOException | BundleException | InvalidSyntaxException e) {
            throw new IllegalStateException("The bundle with the handlers that run away cannot be had", e);
        }
    }

    private static byte[] jar() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, "soak.limit");
        main.putValue(Constants.BUNDLE_ACTIVATOR, FOLDER.replace('/', '.') + CLASSES.getFirst());
        main.putValue(Constants.IMPORT_PACKAGE, "kernel.core.dispatch, org.osgi.framework");
        main.putValue("Kernel-Ephemeral", "true");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (String name : CLASSES) {
                jar.putNextEntry(new JarEntry(FOLDER + name + ".class"));
                try (InputStream in = Limiter.class.getResourceAsStream("/" + FOLDER + name + ".class")) {
                    in.transferTo(jar);
                }
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Override
    long act() {
        try {
            String wrong = (String) once.call();
            expect(wrong.isEmpty(), wrong);
        } catch (Exception e) {
            fail("a raise with a limited handler failed: " + e);
        }
        return 1;
    }
}
