package hw.alpha.device;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
    private Method handle;
    private Method name;

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
            handle = signal.getMethod("handle", signal, handlerType);
            name = signal.getMethod("getName");
            // plain reflection: method handles would cost every boot several generated classes
            Object handler = Proxy.newProxyInstance(loader, new Class<?>[]{handlerType}, this::called);
            for (String each : names) {
                listen(signal.getConstructor(String.class), each, handler);
            }
        } catch (ReflectiveOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "this JVM gives no host signals", e);
        }
        return previous.size();
    }

    private void listen(Constructor<?> make, String signalName, Object handler) {
        try {
            Object signal = make.newInstance(signalName);
            previous.add(new Previous(signal, handle.invoke(null, signal, handler)));
        } catch (ReflectiveOperationException e) {
            // The JVM keeps some signals for itself, and some hosts do not have all of them.
            LOG.log(System.Logger.Level.DEBUG, "no signal " + signalName, e);
        }
    }

    /** A method of the handler: {@code handle(Signal)}, or one that every object has. */
    private Object called(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "hw.alpha's signal handler";
            default -> {
                receive(arguments[0]);
                yield null;
            }
        };
    }

    private void receive(Object signal) {
        try {
            receiver.accept((String) name.invoke(signal));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a host signal was lost: " + e.getMessage(), e);
        }
    }

    /** Gives the signals back to whoever had them. */
    synchronized void close() {
        for (Previous each : previous) {
            try {
                handle.invoke(null, each.signal(), each.handler());
            } catch (ReflectiveOperationException e) {
                LOG.log(System.Logger.Level.DEBUG, "a host signal could not be given back", e);
            }
        }
        previous.clear();
    }
}
