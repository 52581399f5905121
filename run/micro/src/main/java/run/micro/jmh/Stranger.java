package run.micro.jmh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Event;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import run.micro.Kernel;

/** The same code as a bundle that is trusted, and as one that is not: what the looks cost, and the limit of a handler. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class Stranger {

    private static final String WORK = "run/micro/jmh/stranger/Work";

    /** An event that anybody may bind to. */
    @Event(binders = Event.Binders.ANYONE)
    public interface Step {
        /** The next number. */
        long step(long number);
    }

    /** Who runs the code. */
    @Param({"trusted", "stranger"})
    public String who;

    private LongUnaryOperator loop;
    private LongUnaryOperator bytes;
    private LongUnaryOperator calls;
    private Step event;
    private long number = 1;

    /** Installs it. */
    @Setup
    public void install() throws IOException, BundleException, InvalidSyntaxException {
        BundleContext context = Kernel.linker();
        Kernel.dispatcher().bind(Binding.intrinsic(Step.class, n -> n + 1));
        Bundle bundle = context.installBundle("file:/" + who + "/work", new ByteArrayInputStream(jar(who)));
        bundle.start();
        event = Kernel.dispatcher().stub(Step.class);
        loop = work(context, "loop");
        bytes = work(context, "bytes");
        calls = work(context, "calls");
    }

    private LongUnaryOperator work(BundleContext context, String name) throws InvalidSyntaxException {
        return context
                .getService(context.getServiceReferences(LongUnaryOperator.class, "(work=" + who + " " + name + ")")
                        .iterator().next());
    }

    private static byte[] jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        manifest.getMainAttributes().putValue("Bundle-Activator", WORK.replace('/', '.'));
        manifest.getMainAttributes().putValue("Import-Package",
                "org.osgi.framework,kernel.core.dispatch,run.micro.jmh");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new JarEntry(WORK + ".class"));
            try (InputStream in = Stranger.class.getClassLoader().getResourceAsStream(WORK + ".class")) {
                in.transferTo(jar);
            }
        }
        return bytes.toByteArray();
    }

    /** A thousand rounds of a short loop: a look each. */
    @Benchmark
    public long loop() {
        number = loop.applyAsLong(number);
        return number;
    }

    /** A hash of a kilobyte: the same with memory. */
    @Benchmark
    public long bytes() {
        number = bytes.applyAsLong(number);
        return number;
    }

    /** Some thousand calls of a small method: a look each. */
    @Benchmark
    public long calls() {
        number = calls.applyAsLong(number);
        return number;
    }

    /** A raise with a handler of the bundle's: a stranger's has a limit of time. */
    @Benchmark
    public long raise() {
        number = event.step(number);
        return number;
    }
}
