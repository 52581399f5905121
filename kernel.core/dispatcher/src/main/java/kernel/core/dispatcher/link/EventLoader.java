package kernel.core.dispatcher.link;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Defines generated classes. They must see the event's interface, which lives in some bundle, and this package, which that
 * bundle does not know; and they must go when what they were made for goes. Hence a loader of its own below the
 * interface's for each event, and one below that for each class that may go before the event. Thread-safe; public for
 * generated code.
 */
public final class EventLoader extends ClassLoader {

    private static final String HERE = EventLoader.class.getPackageName() + ".";

    private final List<MethodHandle> constants;

    EventLoader(ClassLoader parent, List<MethodHandle> constants) {
        super(parent);
        this.constants = List.copyOf(constants);
    }

    Class<?> define(String name, byte[] bytes) {
        return defineClass(name, bytes, 0, bytes.length);
    }

    /** What is of this package is ours, even if the event's bundle sees another copy of it. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return name.startsWith(HERE)
                ? Class.forName(name, false, EventLoader.class.getClassLoader())
                : super.loadClass(name, resolve);
    }

    /**
     * Bootstrap method of the classes' constants.
     *
     * @throws IllegalCallerException the caller is no generated class
     */
    public static MethodHandle constant(MethodHandles.Lookup caller, String name, Class<?> type, int index) {
        if (caller.lookupClass().getClassLoader() instanceof EventLoader loader) {
            return loader.constants.get(index);
        }
        throw new IllegalCallerException(caller.lookupClass().getName());
    }
}
