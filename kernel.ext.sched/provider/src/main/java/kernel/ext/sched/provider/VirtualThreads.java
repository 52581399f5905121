package kernel.ext.sched.provider;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.util.concurrent.Executor;

/**
 * Makes virtual threads that a scheduler of ours runs: whenever such a thread can go on, its executor gets a task that runs it
 * until it waits. The JDK has this (JEP 444, "custom schedulers" left for later) and does not offer it, so the constructor is
 * called by reflection; {@code --add-opens java.base/java.lang=ALL-UNNAMED} allows that.
 */
final class VirtualThreads {

    /** From an executor to a builder. */
    private static final MethodHandle BUILDER = find();

    private VirtualThreads() {}

    private static MethodHandle find() {
        try {
            Constructor<?> constructor = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                    .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return MethodHandles.lookup().unreflectConstructor(constructor).asType(
                    MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.getLogger(VirtualThreads.class.getName()).log(System.Logger.Level.DEBUG, "no own scheduler", e);
            return null;
        }
    }

    /** Whether this JVM allows it. */
    static boolean available() {
        return BUILDER != null;
    }

    /** A thread that has not started. */
    static Thread unstarted(String name, Executor scheduler, Runnable body) {
        try {
            return ((Thread.Builder.OfVirtual) BUILDER.invokeExact(scheduler)).name(name).unstarted(body);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("This JVM makes no virtual threads with a scheduler of their own: " + e, e);
        }
    }
}
