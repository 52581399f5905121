package kernel.core.dispatcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Defines one stub's class. The class must see the event's interface, which lives in some bundle, and the dispatcher,
 * which that bundle does not know; and it must go when the event goes. Hence a loader of its own for each stub, below the
 * interface's. Thread-safe.
 */
public final class StubLoader extends ClassLoader {

    private final List<MethodHandle> targets;

    StubLoader(Class<?> event, List<MethodHandle> targets) {
        super(event.getClassLoader());
        this.targets = List.copyOf(targets);
    }

    Class<?> define(String name, byte[] bytes) {
        return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.equals(StubLoader.class.getName())) {
            return StubLoader.class;
        }
        throw new ClassNotFoundException(name);
    }

    /**
     * Bootstrap method of the stub's constants: what the event's method of that index calls.
     *
     * @throws IllegalCallerException the caller is no stub
     */
    public static MethodHandle target(MethodHandles.Lookup stub, String name, Class<?> type, int index) {
        if (stub.lookupClass().getClassLoader() instanceof StubLoader loader) {
            return loader.targets.get(index);
        }
        throw new IllegalCallerException(stub.lookupClass().getName());
    }
}
