package kernel.core.dispatcher.link;

import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The generated classes of one event interface and their instances. See the package for what they are. Thread-safe: classes
 * are made under the lock, each once, most of them when first needed.
 */
public final class Family {

    /** Longest sequence that gets a shape of its own; beyond, code would be too long for HotSpot to inline. */
    public static final int LONGEST_SHAPE = 64;
    /**
     * Line number of places in generated code from which no handler is entered without another look at whether bindings were
     * removed.
     */
    public static final int SAFE_LINE = 60_001;
    /** Package of all generated classes. */
    public static final String PACKAGE = "kernel.core.dispatcher.stub.";

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    /** How long a class that is in no plan is kept: it holds on to the classes of guards, which may be those of a bundle. */
    private static final long KEPT = TimeUnit.SECONDS.toNanos(5);

    private final Signature signature;
    private final String prefix;
    private final EventLoader loader;
    private final ClassDesc type;
    private final Entrance entrance;
    private final Object stub;
    private final VarHandle plan;
    private final VarHandle removals;

    private final Map<String, Constructor<?>> kinds = new HashMap<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    private int made;

    /** The class of a sequence. */
    private static final class Shape {
        private final Constructor<?> constructor;
        private volatile long used = System.nanoTime();

        Shape(Constructor<?> constructor) {
            this.constructor = constructor;
        }
    }

    /**
     * Generates the stub.
     *
     * @throws IllegalStateException the interface cannot be seen from outside its bundle
     */
    public Family(Signature signature) {
        this.signature = signature;
        Class<?> event = signature.type();
        prefix = PACKAGE + event.getSimpleName() + "$" + NUMBERS.incrementAndGet() + "$";
        type = Emit.describe(event);
        entrance = new Entrance(this);
        loader = new EventLoader(event.getClassLoader(), List.of(entrance.invoker()));
        try {
            entrance.prepare(loader);
            Class<?> stubType = loader.define(prefix + "Stub", SupportClasses.stub(this, entrance, prefix + "Stub"));
            stub = stubType.getConstructor().newInstance();
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            plan = lookup.findStaticVarHandle(stubType, "plan", event);
            removals = lookup.findStaticVarHandle(stubType, "removals", int.class);
            entrance.open(newEntry());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("No stub can be made for the event " + event.getName()
                    + ": it must be a public interface in an exported package (" + e + ")", e);
        }
    }

    /** What the event declares. */
    public Signature signature() {
        return signature;
    }

    /** What raisers call. */
    public Object stub() {
        return stub;
    }

    ClassLoader loader() {
        return loader;
    }

    ClassDesc type() {
        return type;
    }

    ClassDesc stubClass() {
        return ClassDesc.of(prefix + "Stub");
    }

    /** The names of all generated classes begin with it. */
    public String prefix() {
        return prefix;
    }

    /** What raises call from now on; of the event's interface. */
    public void setPlan(Object next) {
        plan.setVolatile(next);
    }

    /** What raises call. */
    public Object plan() {
        return plan.getVolatile();
    }

    /** Tells plans made before that some of their steps are gone. */
    public void countRemoval() {
        removals.getAndAdd(1);
    }

    /** Makes a new entry, of which the profile is empty; raises train it from now on. */
    public void renewEntry() {
        entrance.train(newEntry());
    }

    /** Lets raisers have the entry's code as theirs if it has been trained. @return whether it has */
    public boolean entryTrained() {
        return entrance.finish();
    }

    private Object newEntry() {
        String name = prefix + "Entry" + next();
        Object now = plan.getVolatile();
        // Only what is generated can be named here; it is seen by its own loader, if that is not the event's.
        Class<?> kind = now != null && now.getClass().getClassLoader() instanceof EventLoader ? now.getClass() : null;
        ClassLoader parent = kind == null ? loader : kind.getClassLoader();
        return make(constructorOf(
                new EventLoader(parent, List.of()).define(name, entrance.entry(name, parent, kind))));
    }

    private int next() {
        synchronized (kinds) {
            return ++made;
        }
    }

    // ---- plans

    /** What kind of class a sequence of steps needs. */
    public static String shapeOf(List<Step> steps) {
        StringBuilder shape = new StringBuilder(8 * steps.size());
        steps.forEach(step -> step.describe(shape));
        return shape.toString();
    }

    /** Whether a sequence has its class already. */
    public boolean hasShape(String shape) {
        synchronized (shapes) {
            return shapes.containsKey(shape);
        }
    }

    /** Makes the class for sequences like this, if there is none. */
    public void makeShape(String shape, List<Step> like) {
        if (hasShape(shape)) {
            return;
        }
        String name = prefix + "Shape" + next();
        List<MethodHandle> constants = ShapeClass.constants(like);
        EventLoader own = new EventLoader(loader, constants);
        Constructor<?> constructor = constructorOf(own.define(name, ShapeClass.generate(this, name, like, constants)));
        synchronized (shapes) {
            shapes.putIfAbsent(shape, new Shape(constructor));
        }
    }

    /** How many sequences have a class. */
    public int shapeCount() {
        synchronized (shapes) {
            return shapes.size();
        }
    }

    /** Forgets classes that are not in use and were not for a while. @return whether there will be more to forget */
    public boolean forgetShapes(Set<String> inUse) {
        long now = System.nanoTime();
        synchronized (shapes) {
            shapes.entrySet().removeIf(shape -> !inUse.contains(shape.getKey()) && now - shape.getValue().used > KEPT);
            return shapes.size() > inUse.size();
        }
    }

    /** A plan of the class that {@link #makeShape} has made; null if it has not. */
    public Object shaped(String shape, Hooks hooks, List<Step> steps, Object fallback) {
        Shape known;
        synchronized (shapes) {
            known = shapes.get(shape);
        }
        if (known == null) {
            return null;
        }
        known.used = System.nanoTime();
        return make(known.constructor, hooks, steps.toArray(Step[]::new), (int) removals.getVolatile(), fallback);
    }

    /** A plan for any sequence without filters. */
    public Object walk(Hooks hooks, List<Step> steps, Object fallback) {
        return make(kind("Walk", WalkClass::generate), hooks, steps.toArray(Step[]::new), (int) removals.getVolatile(),
                fallback);
    }

    /** A plan that chooses by a key. */
    public Object keyed(String key, KeyTable table, Object otherwise) {
        int number = signature.keys().indexOf(key);
        return make(kind("Keyed" + number, (family, name) -> SupportClasses.keyed(family, name, key)), table,
                otherwise);
    }

    /** A plan that asks each time for the plan to take. */
    public Object redirect(Supplier<?> to) {
        return make(kind("Redirect", SupportClasses::redirect), to);
    }

    // ---- handlers

    /** A handler with something done around it. */
    public Object around(Around around, Object target) {
        return make(kind("Around", SupportClasses::around), around, target);
    }

    /** A handler that sends the calls of another. */
    public Object sender(Outbox outbox, Object target) {
        synchronized (kinds) {
            if (!kinds.containsKey("Send")) {
                List<ClassDesc> calls = new ArrayList<>();
                for (int i = 0; i < signature.methods().size(); i++) {
                    String name = prefix + "Call" + i;
                    loader.define(name, SupportClasses.call(this, name, i));
                    calls.add(ClassDesc.of(name));
                }
                kind("Send", (family, name) -> SupportClasses.send(family, name, calls));
            }
        }
        return make(kinds.get("Send"), outbox, target);
    }

    // ---- classes

    private interface Generator {
        byte[] generate(Family family, String name);
    }

    private Constructor<?> kind(String kind, Generator generator) {
        synchronized (kinds) {
            Constructor<?> known = kinds.get(kind);
            if (known == null) {
                known = constructorOf(loader.define(prefix + kind, generator.generate(this, prefix + kind)));
                kinds.put(kind, known);
            }
            return known;
        }
    }

    private static Constructor<?> constructorOf(Class<?> type) {
        return type.getConstructors()[0];
    }

    /** Instantiates a generated class. */
    public static Object make(Constructor<?> constructor, Object... arguments) {
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
