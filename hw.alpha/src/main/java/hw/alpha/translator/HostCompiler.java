package hw.alpha.translator;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has HotSpot compile a method now, with the compiler that we choose. HotSpot's own policy is made for code that is called
 * often before anybody knows that it will be: it runs a method in its bytecode interpreter, then in slow code that counts,
 * then compiles it well. Of a region it is known before that it is hot, and its interpreter is the slowest of all
 * ways to run it.
 *
 * <p>HotSpot offers this to its own tests ({@code -XX:+UnlockDiagnosticVMOptions -XX:+WhiteBoxAPI}), through the native
 * methods of a class that must be named as below and belong to the boot loader; the JVM has the methods, the
 * class is made here, with those of them that are wanted ({@code -XX:-DisplayVMOutput} keeps the JVM from listing the
 * others). Without the flags and the property {@code spin.alpha.compile}, or in another JVM, there is no such
 * compiler and HotSpot's policy decides.
 *
 * <p>The second compiler leaves out branches that were not taken so far, and throws its code away when one is taken after all; much
 * of a region is reached seldom, not never. {@code -XX:PerMethodTrapLimit=0} forbids it, for everything that the JVM compiles.
 * It must not be changed while the JVM runs: a method with a {@code switch} that is being compiled then ends the JVM.
 * Thread-safe.
 */
final class HostCompiler {

    private static final System.Logger LOG = System.getLogger("hw.alpha");

    /** HotSpot's first compiler, its code without counters: compiled in milliseconds. */
    static final int QUICK = 1;
    /** HotSpot's second compiler. */
    static final int THOROUGH = 4;

    /** Set where the JVM has the flags: without them asking would end in an error that the JVM reports by itself. */
    private static final String PROPERTY = "spin.alpha.compile";
    private static final String NAME = "jdk.test.whitebox.WhiteBox";
    private static final String ENQUEUE = "enqueueMethodForCompilation0";
    private static final String LEVEL = "getMethodCompilationLevel0";
    private static final String COMPILABLE = "isMethodCompilable0";
    private static final String DROP = "deoptimizeMethod0";
    private static final String FORBID = "makeMethodNotCompilable0";
    private static final String PROFILED = "markMethodProfiled";
    private static final String FLAG = "getBooleanVMFlag";
    private static final int WHOLE_METHOD = -1;
    /** Levels of the first compiler: without counters, with few, with all. */
    private static final int[] FIRST_LEVELS = {1, 2, 3};
    private static final Object LOCK = new Object();
    private static HostCompiler theOne;
    private static boolean looked;

    private final MethodHandle enqueue;
    private final MethodHandle level;
    private final MethodHandle compilable;
    private final MethodHandle drop;
    private final MethodHandle forbid;
    private final MethodHandle profiled;
    private final boolean compilesAll;
    private final Set<Method> prepared = ConcurrentHashMap.newKeySet();

    private HostCompiler(Class<?> box, Object instance) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        enqueue = lookup.findVirtual(box, ENQUEUE,
                MethodType.methodType(boolean.class, Executable.class, int.class, int.class)).bindTo(instance);
        level = lookup.findVirtual(box, LEVEL, MethodType.methodType(int.class, Executable.class, boolean.class))
                .bindTo(instance);
        compilable = lookup.findVirtual(box, COMPILABLE,
                MethodType.methodType(boolean.class, Executable.class, int.class, boolean.class)).bindTo(instance);
        drop = lookup.findVirtual(box, DROP, MethodType.methodType(int.class, Executable.class, boolean.class))
                .bindTo(instance);
        forbid = lookup.findVirtual(box, FORBID,
                MethodType.methodType(void.class, Executable.class, int.class, boolean.class)).bindTo(instance);
        profiled = lookup.findVirtual(box, PROFILED, MethodType.methodType(void.class, Executable.class))
                .bindTo(instance);
        compilesAll = Boolean.FALSE
                .equals(box.getMethod(FLAG, String.class).invoke(instance, "DontCompileHugeMethods"));
    }

    /** Whether methods of more than 8000 bytes of bytecode are compiled: {@code -XX:-DontCompileHugeMethods}. */
    boolean compilesAll() {
        return compilesAll;
    }

    /** The JVM's, or null if it does not offer it. */
    static HostCompiler find() {
        synchronized (LOCK) {
            if (!looked) {
                looked = true;
                theOne = allowed() ? make() : null;
            }
            return theOne;
        }
    }

    private static boolean allowed() {
        return Boolean.getBoolean(PROPERTY) && Object.class.getModule().isExported("jdk.internal.misc",
                HostCompiler.class.getModule());
    }

    private static HostCompiler make() {
        try {
            Class<?> internal = Class.forName("jdk.internal.misc.Unsafe", false, null);
            Object unsafe = internal.getMethod("getUnsafe").invoke(null);
            byte[] bytes = box();
            Class<?> box = (Class<?>) internal.getMethod("defineClass", String.class, byte[].class, int.class,
                    int.class, ClassLoader.class, java.security.ProtectionDomain.class)
                    .invoke(unsafe, NAME, bytes, 0, bytes.length, null, null);
            box.getMethod("registerNatives").invoke(null);
            HostCompiler compiler = new HostCompiler(box, box.getConstructor().newInstance());
            // Without the flag the natives are not there, which only a call shows.
            compiler.level(Region.class);
            return compiler;
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, "HotSpot decides alone what it compiles", e);
            return null;
        }
    }

    private static byte[] box() {
        ClassDesc executable = ClassDesc.of(Executable.class.getName());
        int natives = ClassFile.ACC_PUBLIC | ClassFile.ACC_NATIVE;
        return ClassFile.of().build(ClassDesc.of(NAME), type -> type
                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC,
                        body -> body.aload(0)
                                .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_())
                .withMethod("registerNatives", ConstantDescs.MTD_void, natives | ClassFile.ACC_STATIC, method -> {})
                .withMethod(ENQUEUE, MethodTypeDesc.of(ConstantDescs.CD_boolean, executable, ConstantDescs.CD_int,
                        ConstantDescs.CD_int), natives, method -> {})
                .withMethod(COMPILABLE, MethodTypeDesc.of(ConstantDescs.CD_boolean, executable, ConstantDescs.CD_int,
                        ConstantDescs.CD_boolean), natives, method -> {})
                .withMethod(DROP, MethodTypeDesc.of(ConstantDescs.CD_int, executable, ConstantDescs.CD_boolean),
                        natives, method -> {})
                .withMethod(FORBID, MethodTypeDesc.of(ConstantDescs.CD_void, executable, ConstantDescs.CD_int,
                        ConstantDescs.CD_boolean), natives, method -> {})
                .withMethod(PROFILED, MethodTypeDesc.of(ConstantDescs.CD_void, executable), natives, method -> {})
                .withMethod(FLAG, MethodTypeDesc.of(ConstantDescs.CD_Boolean, ConstantDescs.CD_String), natives,
                        method -> {})
                .withMethod(LEVEL, MethodTypeDesc.of(ConstantDescs.CD_int, executable, ConstantDescs.CD_boolean),
                        natives, method -> {}));
    }

    /**
     * Has a method compiled by the second compiler, and never by the first one, which makes a large {@code switch} a sequence of
     * comparisons; nor while it runs. A thread of its own waits for it, because what is waited for comes first.
     *
     * @param rehearsal runs it once before, so that what it calls is linked
     */
    void prepare(Method method, Runnable rehearsal) {
        if (prepared.add(method)) {
            Thread thread = new Thread(() -> {
                rehearsal.run();
                compileWell(method);
            }, "alpha-prepare");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void compileWell(Method method) {
        try {
            for (int first : FIRST_LEVELS) {
                forbid.invokeExact((Executable) method, first, false);
                forbid.invokeExact((Executable) method, first, true);
            }
            forbid.invokeExact((Executable) method, THOROUGH, true);
            boolean accepted = (boolean) enqueue.invokeExact((Executable) method, THOROUGH, WHOLE_METHOD);
            LOG.log(System.Logger.Level.TRACE, "{0} compiled: {1}", method, accepted);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * Has {@link Region#run} of a region's class run by HotSpot's interpreter until the second compiler is asked for it, and counted what
     * that one wants to know: which the first compiler could do as well, but takes as long over it as the second one.
     */
    void observe(Class<? extends Region> region) {
        try {
            Method run = run(region);
            for (int first : FIRST_LEVELS) {
                forbid.invokeExact((Executable) run, first, false);
                forbid.invokeExact((Executable) run, first, true);
            }
            forbid.invokeExact((Executable) run, THOROUGH, true);
            // Otherwise the second compiler would not believe a profile of a few milliseconds, nor would there be one.
            profiled.invokeExact((Executable) run);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /**
     * Asks for {@link Region#run} of a region's class to be compiled. The first compiler is waited for if the command line says
     * so ({@code BackgroundCompilation} false in a compiler directive), the second one is not.
     *
     * @param compiler {@link #QUICK} or {@link #THOROUGH}
     */
    void compile(Class<? extends Region> region, int compiler) {
        try {
            Method run = run(region);
            boolean accepted = (boolean) enqueue.invokeExact((Executable) run, compiler, WHOLE_METHOD);
            LOG.log(System.Logger.Level.TRACE, "{0} {1}: {2}", region, compiler, accepted);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Has compiled code of {@link Region#run} thrown away, as HotSpot does when it meets what it had left out. */
    void drop(Class<? extends Region> region) {
        try {
            int dropped = (int) drop.invokeExact((Executable) run(region), false);
            LOG.log(System.Logger.Level.TRACE, "{0} dropped: {1}", region, dropped);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** What {@link Region#run} of a region's class is compiled with: 0 if it is not. */
    int level(Class<? extends Region> region) {
        try {
            return (int) level.invokeExact((Executable) run(region), false);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Whether a compiler can compile {@link Region#run} of a region's class, as far as it is known: not once it has given up on it. */
    boolean compiles(Class<? extends Region> region, int compiler) {
        try {
            return (boolean) compilable.invokeExact((Executable) run(region), compiler, false);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static Method run(Class<? extends Region> region) throws NoSuchMethodException {
        return region.getDeclaredMethod("run", GuestState.class, long[].class, int.class);
    }

    private static RuntimeException failed(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known
                ? known
                : new IllegalStateException("HotSpot did not do as asked", e);
    }
}
