package run.measure.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * The program of the child: {@code KernelMain BUNDLES TASK ARGUMENTS...} starts a framework with the bundles, a list of
 * jars with a colon between them, runs the task, and ends with its status.
 */
public final class KernelMain {

    private static final int FAILED = 70; // EX_SOFTWARE of sysexits.h

    private KernelMain() {}

    /** Ends the virtual machine. */
    public static void main(String[] args) throws IOException {
        Path storage = Files.createTempDirectory("measure-");
        int status = FAILED;
        try {
            status = run(storage, args);
        } catch (Exception e) {
            e.printStackTrace(); // whoever started this child shows it
        } finally {
            delete(storage);
            // the framework's threads do not end by themselves
            System.exit(status);
        }
    }

    private static int run(Path storage, String[] args) throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        properties.put("felix.log.level", "1");
        // the flight recorder writes calls of this package into every class of events that a bundle has
        properties.put(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.jfr.internal.event");
        // a raise that waits for an intrinsic handler must outlast a host that is busy with something else
        properties.put("spin.event.wait", "60000");
        properties.put(TaskActivator.ARGUMENTS, String.join("\n", Arrays.asList(args).subList(2, args.length)));
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
                .newFramework(properties);
        framework.start();
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new ArrayList<>();
        for (String jar : args[0].split(":")) {
            bundles.add(context.installBundle("reference:" + Path.of(jar).toUri()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        @SuppressWarnings("rawtypes") // a class literal has no type arguments
        Collection<ServiceReference<Callable>> tasks = context.getServiceReferences(Callable.class,
                "(" + TaskActivator.NAME + "=" + args[1] + ")");
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("There is no task " + args[1] + ": META-INF/services does not name it");
        }
        int status = (Integer) context.getService(tasks.iterator().next()).call();
        framework.stop();
        framework.waitForStop(10_000);
        return status;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }
}
