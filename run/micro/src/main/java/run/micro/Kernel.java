package run.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * A framework in this virtual machine with the dispatcher in it, which binds interfaces of the class path. The environment
 * variable {@value #BUNDLE}, which child processes inherit, names the dispatcher's jar.
 */
public final class Kernel {

    /** Environment variable: the dispatcher's jar. */
    public static final String BUNDLE = "MICRO_DISPATCHER";

    /** What the linker trusts, and what others may reach beside what everybody may. */
    private static final String POLICY = "trust /trusted/*\nallow run.micro.jmh.*\n";

    private static final Dispatcher DISPATCHER = Starter.inDaemon();

    private Kernel() {}

    /** The one of this virtual machine; what is bound by it belongs to the system. */
    public static Dispatcher dispatcher() {
        return DISPATCHER;
    }

    /** Starts the linker; bundles installed from {@code file:/trusted/NAME} are trusted. @return the framework's context */
    public static BundleContext linker() throws BundleException {
        Path jar = Path.of(System.getenv(BUNDLE)).resolveSibling("kernel.core.linker.jar");
        Starter.context.installBundle("reference:" + jar.toUri()).start();
        return Starter.context;
    }

    /**
     * Starts the framework in a daemon thread: its own threads become daemons as well then, and do not keep the harness's
     * virtual machines from ending. A class of its own, because nobody else can enter {@link Kernel} while it is
     * initialized.
     */
    private static final class Starter {

        private static BundleContext context;

        static Dispatcher inDaemon() {
            FutureTask<Dispatcher> task = new FutureTask<>(Starter::start);
            Thread.ofPlatform().daemon().name("framework").start(task);
            try {
                return task.get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("The framework does not start", e);
            }
        }

        private static Dispatcher start() {
            String jar = System.getenv(BUNDLE);
            if (jar == null) {
                throw new IllegalStateException("Say which dispatcher: the environment variable " + BUNDLE
                        + " names its jar; run/jmh and run/stress set it");
            }
            try {
                Path storage = Files.createTempDirectory("micro-");
                storage.toFile().deleteOnExit();
                Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
                        .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString(),
                                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                "kernel.core.dispatch;version=0.1.0,kernel.core.domain;version=0.1.0,kernel.core.handoff;version=0.1.0,run.micro.jmh",
                                "spin.policy",
                                Files.writeString(storage.resolveSibling(storage.getFileName() + ".policy"), POLICY)
                                        .toString(),
                                "spin.trusted", jar,
                                "felix.cache.locking", "false", "felix.log.level", "1"));
                framework.start();
                context = framework.getBundleContext();
                context.installBundle("reference:" + Path.of(jar).toUri()).start();
                return context.getService(context.getServiceReference(Dispatcher.class));
            } catch (IOException | BundleException e) {
                throw new IllegalStateException("The framework with " + jar + " does not start", e);
            }
        }
    }
}
