package run.itest.exam;

import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** The kernel as Pax Exam options: the bundles of the assembly, and what {@code run/spin} tells the framework. */
public final class Kernel {

    /** The assembly that the build made: {@code bundles/}, {@code policies/}. */
    public static final Path ASSEMBLY = Path.of(System.getProperty("spin.assembly"));

    private Kernel() {}

    /** The jars of the assembly's folders with these names, in the order in which {@code run/spin} starts them. */
    public static List<Path> bundles(String... folders) {
        return Stream.of(folders).flatMap(folder -> {
            try (Stream<Path> files = Files.list(ASSEMBLY.resolve("bundles").resolve(folder))) {
                return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).toList();
    }

    /** Options that start these bundles, in this order. */
    public static Option with(List<Path> jars) {
        Option[] bundles = jars.stream().map(jar -> bundle(jar.toUri().toString())).toArray(Option[]::new);
        return composite(composite(bundles), frameworkProperty("spin.mode").value("idle"),
                frameworkProperty("spin.home").value(System.getProperty("spin.home")),
                frameworkProperty("spin.trusted").value("*"), // the probe as well
                frameworkProperty("spin.net.ports.grabber").value("50"),
                frameworkProperty("spin.net.connections.grabber").value("20"),
                frameworkProperty("spin.net.buffers.grabber").value("1"),
                frameworkProperty("spin.memory").value("256"),
                frameworkProperty("org.osgi.framework.bundle.parent").value("app"),
                frameworkProperty("gosh.home").value(System.getProperty("spin.home") + "/run"),
                frameworkProperty("gosh.args").value("--nointeractive --noshutdown"),
                frameworkProperty("felix.fileinstall.dir").value(ASSEMBLY.resolveSibling("load").toString()),
                frameworkProperty("felix.fileinstall.poll").value("100"),
                bootDelegationPackages("org.junit.*", "org.opentest4j.*", "org.apiguardian.*", "javax.inject",
                        "org.ops4j.pax.exam.*", Kernel.class.getPackageName()));
    }
}
