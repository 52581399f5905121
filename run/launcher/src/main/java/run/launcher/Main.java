package run.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.felix.framework.Felix;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.condition.Condition;

/**
 * The command behind {@code run/spin}: {@code Main HOME ASSEMBLY STARTED LC_ALL WORDS...}. The machine's power switch is the
 * service of type {@link IntConsumer} with the property {@code spin.power}, which ends the Java virtual machine with the
 * status that it is given.
 */
public final class Main {

    /** Property of File Install: the folder whose bundles are started. */
    private static final String DROP_FOLDER = "felix.fileinstall.dir";
    private static final int CANNOT_BOOT = 70; // EX_SOFTWARE of sysexits.h
    private static final int USAGE = 2;
    /** Seconds. */
    private static final int PATIENCE = 20;
    /** The components that do what the command line asks for, by mode. */
    private static final Map<String, String> JOBS = Map.of("exec", "bundles.shell.ExecMode", "commands",
            "bundles.shell.CommandMode", "serve", "bundles.shell.ServeMode", "simulate", "bundles.shell.SimulateMode");
    /** Bytes of a resident machine's log, of which there may be twice as many. */
    private static final long LOG_LIMIT = 1 << 20;

    private Main() {}

    /** Never returns: ends the virtual machine. */
    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        Options options = null;
        try {
            options = Options.parse(Given.words(List.of(args)).subList(4, args.length));
        } catch (Options.UsageException e) {
            System.err.println("run/spin: " + e.getMessage() + "\nrun/spin --help shows all.");
            System.exit(USAGE);
        }
        Path storage = null;
        int status = CANNOT_BOOT;
        try {
            storage = Files.createTempDirectory("spin-");
            if (options.mode().equals("serve")) {
                new LogLimit(Path.of(options.arguments().get(1)), LOG_LIMIT).start();
            }
            Runtime.getRuntime().addShutdownHook(new Thread(deletion(storage)));
            status = run(Path.of(args[1]), properties(home, Path.of(args[1]), storage, args[2], options, args[3]),
                    options.mode());
        } catch (BundleException | IOException e) {
            System.err.println("run/spin: the machine does not start: " + e.getMessage());
            status = CANNOT_BOOT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.exit(status);
    }

    /** Where people drop extensions: it is not in a fresh checkout, and File Install watches for one that is missing but makes none. */
    static void makeDropFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            return; // the installation is somebody else's: who cannot make it cannot drop anything into it either
        }
    }

    private static int run(Path assembly, Map<String, Object> properties, String mode)
            throws BundleException, IOException, InterruptedException {
        if (!mode.equals("exec") && !mode.equals("simulate")) {
            makeDropFolder(Path.of(properties.get(DROP_FOLDER).toString()));
        }
        Framework framework = new Felix(properties);
        framework.init();
        BundleContext context = framework.getBundleContext();
        AtomicInteger status = new AtomicInteger(-1);
        CountDownLatch off = new CountDownLatch(1);
        context.registerService(IntConsumer.class, wanted -> {
            status.compareAndSet(-1, wanted);
            off.countDown();
        }, new Hashtable<>(Map.of("spin.power", true)));
        framework.start();
        // JLine takes a dumb terminal when it finds the application's loader here
        Thread.currentThread().setContextClassLoader(null);
        List<Path> jars = new ArrayList<>(
                BundleList.of(assembly.resolve("bundles"), mode.equals("exec") || mode.equals("simulate")));
        if (mode.equals("simulate")) {
            jars.add(assembly.resolve("policies/bundles.policies.seeded.jar"));
            String with = context.getProperty("spin.with");
            if (with != null) {
                with.lines().map(Path::of).map(Path::toAbsolutePath).forEach(jars::add);
            }
        }
        String policies = context.getProperty("spin.policies");
        if (policies != null) {
            // The bundle that runs the program comes last, so that they see all of it.
            List<Path> last = jars.stream().filter(jar -> jar.endsWith("bundles.shell.jar")).toList();
            jars.removeAll(last);
            policies.lines().distinct().map(name -> assembly.resolve("policies/bundles.policies." + name + ".jar"))
                    .forEach(jars::add);
            jars.addAll(last);
        }
        startAll(context, jars);
        context.registerService(Condition.class, Condition.INSTANCE,
                new Hashtable<>(Map.of(Condition.CONDITION_ID, "spin.booted")));
        Thread stopped = new Thread(() -> {
            try {
                framework.waitForStop(0); // by `shutdown`, or the end of the shell
                off.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "waits for the framework's end");
        stopped.setDaemon(true);
        stopped.start();
        if (!taken(context, mode, off)) {
            System.err.println("run/spin: nobody takes the command: a service that it needs is missing. "
                    + "`scr:list` in the shell (run/spin) shows which components are unsatisfied.");
            status.compareAndSet(-1, CANNOT_BOOT);
            off.countDown();
        }
        off.await();
        framework.stop();
        framework.waitForStop(10_000);
        return Math.max(0, status.get());
    }

    /** Waits, when there is a command to run, until a component has taken it; only a broken system has none. */
    private static boolean taken(BundleContext context, String mode, CountDownLatch off) throws InterruptedException {
        String component = JOBS.get(mode);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (component != null && context.getServiceReference(component) == null) {
            if (off.await(10, TimeUnit.MILLISECONDS)) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
        }
        return true;
    }

    private static void startAll(BundleContext context, List<Path> jars) throws BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            // by reference: the framework reads the jar where it is and copies nothing
            bundles.add(context.installBundle("reference:" + jar.toUri()));
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    private static Map<String, Object> properties(Path home, Path assembly, Path storage, String started,
            Options options, String locale) throws IOException {
        Map<String, Object> p = new HashMap<>();
        p.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        p.put("felix.log.level", "1");
        p.put("felix.cache.locking", "false"); // the folder is ours alone
        // the flight recorder writes calls of this package into every class of events that a bundle has
        p.put(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.jfr.internal.event");
        p.put("spin.policy", home.resolve("run/policy").toString());
        p.put("spin.trusted", assembly.resolve("bundles/*/*.jar") + "\nsame-as " + assembly.resolve("policies/*.jar"));
        p.put("spin.mode", options.mode());
        p.put("spin.home", home.toString());
        p.put("spin.directory", System.getProperty("user.dir"));
        p.put("spin.started", started);
        if (options.mode().equals("serve")) {
            p.put("spin.socket", options.arguments().getFirst());
        }
        options.machine().forEach((name, value) -> p.put("spin." + name, value));
        put(p, "spin.argument", options.arguments());
        put(p, "spin.environment", environment(locale));
        boolean interactive = options.mode().equals("shell");
        p.put("gosh.home", home.resolve("run").toString());
        p.put("gosh.args", interactive ? "--login" : "--nointeractive --noshutdown");
        p.put(DROP_FOLDER, home.resolve("run/load").toString());
        p.put("felix.fileinstall.tmpdir", storage.resolve("load").toString());
        p.put("felix.fileinstall.poll", "500"); // milliseconds
        p.put("felix.fileinstall.log.level", "1");
        p.put("felix.fileinstall.log.default", "stdout");
        p.put("felix.fileinstall.noInitialDelay", "true");
        return p;
    }

    /**
     * The environment in the order in which it was given.
     *
     * @param locale {@code LC_ALL=...} as it was given, or "-": what this process has was set for it
     */
    private static List<String> environment(String locale) throws IOException {
        Stream<String> others = Given.environment().stream()
                .filter(one -> !one.isEmpty() && !one.startsWith("LC_ALL="));
        return (locale.equals("-") ? others : Stream.concat(others, Stream.of(locale))).toList();
    }

    private static void put(Map<String, Object> properties, String name, List<String> values) {
        properties.put(name + "s", Integer.toString(values.size()));
        for (int i = 0; i < values.size(); i++) {
            properties.put(name + "." + i, values.get(i));
        }
    }

    private static Runnable deletion(Path folder) {
        return () -> {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
            } catch (IOException | java.io.UncheckedIOException e) {
                // a leftover in the host's temporary folder harms nobody
            }
        };
    }
}
