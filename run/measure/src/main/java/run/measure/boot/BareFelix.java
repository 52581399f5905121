package run.measure.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * The peer of our boot: {@code BareFelix FOLDER} starts the framework with the bundles of a folder, which are those of
 * the shell, and ends when the shell does. It does for them what our launcher does for ours and no more.
 */
public final class BareFelix {

    private BareFelix() {}

    /** Ends the virtual machine. */
    public static void main(String[] args) throws BundleException, IOException, InterruptedException {
        Path storage = Files.createTempDirectory("felix-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(storage)));
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString(), "felix.log.level", "1",
                        "felix.cache.locking", "false"));
        framework.init();
        framework.start();
        // JLine takes a dumb terminal when it finds the application's loader here
        Thread.currentThread().setContextClassLoader(null);
        List<Bundle> bundles = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Path.of(args[0]))) {
            for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
        framework.waitForStop(0);
        System.exit(0);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // a leftover in the host's temporary folder harms nobody
        }
    }
}
