package hw.alpha.device;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The host's signals to this process. The JDK has them in a package that it does not promise to keep ({@code sun.misc}, in
 * module jdk.unsupported), so they are reached by name, and a JVM without them just has none. Thread-safe.
 */
final class HostSignals {

    private static final System.Logger LOG = System.getLogger("hw.alpha");

    private record Previous(Object signal, Object handler) {}

    private final Consumer<String> receiver;
    private final List<Previous> previous = new ArrayList<>();
    private MethodHandle handle;
    private MethodHandle name;

    /** @param receiver is given signals' names, without {@code SIG}, in a thread of the JVM's */
    HostSignals(Consumer<String> receiver) {
        this.receiver = receiver;
    }

    /** Starts listening to signals. @return how many of them can be listened to */
    synchronized int listen(String... names) {
        try {
            ClassLoader loader = ClassLoader.getSystemClassLoader();
            Class<?> signal = loader.loadClass("sun.misc.Signal");
            Class<?> handlerType = loader.loadClass("sun.misc.SignalHandler");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            handle = lookup.findStatic(signal, "handle", MethodType.methodType(handlerType, signal, handlerType));
            name = lookup.findVirtual(signal, "getName", MethodType.methodType(String.class));
            MethodHandle make = lookup.findConstructor(signal, MethodType.methodType(void.class, String.class));
            MethodHandle receive = MethodHandles.lookup().findVirtual(HostSignals.class, "receive",
                    MethodType.methodType(void.class, Object.class)).bindTo(this);
            Object handler = MethodHandleProxies.asInterfaceInstance(handlerType,
                    receive.asType(MethodType.methodType(void.class, signal)));
            for (String each : names) {
                listen(make, each, handler);
            }
        } catch (ReflectiveOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "this JVM gives no host signals", e);
        }
        return previous.size();
    }

    private void listen(MethodHandle make, String signalName, Object handler) {
        try {
            Object signal = make.invoke(signalName);
            previous.add(new Previous(signal, handle.invoke(signal, handler)));
        } catch (Throwable e) {
            // The JVM keeps some signals for itself, and some hosts do not have all of them.
            LOG.log(System.Logger.Level.DEBUG, "no signal " + signalName, e);
        }
    }

    private void receive(Object signal) {
        try {
            receiver.accept((String) name.invoke(signal));
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "a host signal was lost: " + e.getMessage(), e);
        }
    }

    /** Gives the signals back to whoever had them. */
    synchronized void close() {
        for (Previous each : previous) {
            try {
                handle.invoke(each.signal(), each.handler());
            } catch (Throwable e) {
                LOG.log(System.Logger.Level.DEBUG, "a host signal could not be given back", e);
            }
        }
        previous.clear();
    }
}
