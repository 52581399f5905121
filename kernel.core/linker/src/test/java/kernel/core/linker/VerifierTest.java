package kernel.core.linker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import kernel.core.domain.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What classes may do and what not, each compiled from a line or made of instructions. */
class VerifierTest {

    private static final Rules RULES = Linker.rules();

    private static List<Violation> of(Map<String, byte[]> classes) {
        return new Inspection(RULES, Map.of(), classes, InspectionTest.ALONE).violations();
    }

    private static List<Violation> body(String statements) {
        return of(Compiled.classes("x.A", """
                package x;
                import java.util.*;
                import java.util.concurrent.*;
                import java.util.function.*;
                import java.util.stream.*;
                import org.osgi.framework.*;
                public class A {
                    Object o; long n; byte[] b = new byte[8]; BundleContext context; List<Integer> list;
                    void run() throws Throwable { %s }
                }
                """.formatted(statements)));
    }

    @ParameterizedTest
    // @formatter:off
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            System.exit(1);                                                     | java.lang.System.exit
            Runtime.getRuntime().halt(1);                                       | java.lang.Runtime.getRuntime
            System.setOut(null);                                                | java.lang.System.setOut
            System.out.println();                                               | java.lang.System.out
            System.setProperty("a", "b");                                       | java.lang.System.setProperty
            System.getenv("HOME");                                              | java.lang.System.getenv
            System.gc();                                                        | java.lang.System.gc
            System.loadLibrary("c");                                            | java.lang.System.loadLibrary
            new ProcessBuilder("sh").start();                                   | java.lang.ProcessBuilder
            ProcessHandle.current().destroy();                                  | java.lang.ProcessHandle.current
            new Thread(() -> { }).start();                                      | java.lang.Thread (to make one)
            Thread.ofVirtual().start(() -> { });                                | java.lang.Thread.ofVirtual
            Thread.startVirtualThread(() -> { });                               | java.lang.Thread.startVirtualThread
            Thread.currentThread().interrupt();                                 | java.lang.Thread.interrupt
            Thread.currentThread().getContextClassLoader();                     | java.lang.Thread.getContextClassLoader
            Thread.getAllStackTraces();                                         | java.lang.Thread.getAllStackTraces
            Executors.newCachedThreadPool();                                    | java.util.concurrent.Executors
            CompletableFuture.runAsync(() -> { });                              | java.util.concurrent.CompletableFuture
            ForkJoinPool.commonPool();                                          | java.util.concurrent.ForkJoinPool
            new Timer();                                                        | java.util.Timer
            list.parallelStream();                                              | java.util.List.parallelStream
            new ArrayList<Integer>().parallelStream();                          | java.util.ArrayList.parallelStream
            list.stream().parallel();                                           | java.util.stream.Stream.parallel
            IntStream.range(0, 9).parallel();                                   | java.util.stream.IntStream.parallel
            Arrays.parallelSort(new int[9]);                                    | java.util.Arrays.parallelSort
            new ConcurrentHashMap<String, String>().forEach(1, (k, v) -> { });  | java.util.concurrent.ConcurrentHashMap.forEach
            Class.forName("java.lang.Runtime");                                 | java.lang.Class.forName
            o.getClass().getDeclaredMethods();                                  | java.lang.Class.getDeclaredMethods
            o.getClass().getClassLoader();                                      | java.lang.Class.getClassLoader
            A.class.getDeclaredConstructor().newInstance();                     | java.lang.Class.getDeclaredConstructor
            java.lang.invoke.MethodHandles.lookup();                            | java.lang.invoke.MethodHandles.lookup
            java.lang.reflect.Array.newInstance(int.class, 1);                  | java.lang.reflect.Array.newInstance
            java.lang.foreign.MemorySegment.ofAddress(0);                       | java.lang.foreign.MemorySegment.ofAddress
            java.lang.foreign.Linker.nativeLinker();                            | java.lang.foreign.Linker.nativeLinker
            new java.io.File("/etc/passwd").delete();                           | java.io.File
            new java.io.FileInputStream("/etc/passwd");                         | java.io.FileInputStream
            java.nio.file.Files.exists(null);                                   | java.nio.file.Files.exists
            java.nio.file.Path.of("/");                                         | java.nio.file.Path.of
            new java.io.PrintStream("/tmp/x");                                  | java.io.PrintStream
            new java.io.PrintWriter("/tmp/x");                                  | java.io.PrintWriter
            new Formatter("/tmp/x");                                            | java.util.Formatter
            new Scanner(java.nio.file.Path.of("/"));                            | java.util.Scanner
            new java.net.Socket("localhost", 1);                                | java.net.Socket
            java.net.URI.create("http://localhost").toURL().openStream();       | java.net.URI.create
            new java.io.ObjectInputStream(null).readObject();                   | java.io.ObjectInputStream
            Locale.setDefault(Locale.ROOT);                                     | java.util.Locale.setDefault
            TimeZone.setDefault(null);                                          | java.util.TimeZone.setDefault
            ServiceLoader.load(Runnable.class);                                 | java.util.ServiceLoader.load
            ResourceBundle.getBundle("x");                                      | java.util.ResourceBundle.getBundle
            java.nio.ByteBuffer.allocateDirect(1 << 30);                        | java.nio.ByteBuffer.allocateDirect
            java.lang.ref.Cleaner.create();                                     | java.lang.ref.Cleaner.create
            javax.management.MBeanServerFactory.createMBeanServer();            | javax.management.MBeanServerFactory.createMBeanServer
            java.util.logging.LogManager.getLogManager().reset();               | java.util.logging.LogManager.getLogManager
            java.security.Security.getProviders();                              | java.security.Security.getProviders
            context.getBundles();                                               | org.osgi.framework.BundleContext.getBundles
            context.getBundle(0);                                               | org.osgi.framework.BundleContext.getBundle
            context.installBundle("file:/x");                                   | org.osgi.framework.BundleContext.installBundle
            context.getBundle().stop();                                         | org.osgi.framework.Bundle.stop
            context.getServiceReference("x").getBundle().adapt(Object.class);   | org.osgi.framework.Bundle.adapt
            FrameworkUtil.getBundle(Object.class);                              | org.osgi.framework.FrameworkUtil.getBundle
            kernel.core.dispatch.Checkpoint.go(Thread.currentThread());         | kernel.core.dispatch.Checkpoint.go
            PropertyResourceBundle.getBundle("x");                              | java.util.PropertyResourceBundle.getBundle
            Integer.getInteger("x");                                            | java.lang.Integer.getInteger
            Long.getLong("x");                                                  | java.lang.Long.getLong
            Boolean.getBoolean("x");                                            | java.lang.Boolean.getBoolean
            SimpleTimeZone.setDefault(null);                                    | java.util.SimpleTimeZone.setDefault
            o = org.osgi.framework.hooks.weaving.WeavingHook.class;             | org.osgi.framework.hooks.weaving.WeavingHook.class
            o = Runtime[][].class;                                              | java.lang.Runtime.class
            context.registerService("java.lang.Runnable", o, null);             | org.osgi.framework.BundleContext.registerService
            context.registerService(new String[0], o, null);                    | org.osgi.framework.BundleContext.registerService
            Object r = (Runnable & java.rmi.Remote) () -> { };                  | java.rmi.Remote.class
            o = switch (o) { case ProcessHandle h -> 1; default -> 2; };        | java.lang.ProcessHandle.class
            kernel.core.strand.Schedulers s = null; s.choose("x");              | kernel.core.strand.Schedulers.choose
            Supplier<Object> s = Runtime::getRuntime;                           | java.lang.Runtime.getRuntime
            Consumer<Integer> s = System::exit;                                 | java.lang.System.exit
            Function<String, Object> s = ProcessBuilder::new;                   | java.lang.ProcessBuilder
            org.osgi.framework.hooks.weaving.WeavingHook h = w -> { };          | WeavingHook
            """)
    // @formatter:on
    void isFound(String statements, String reached) {
        List<Violation> found = body(statements);
        assertTrue(found.stream().anyMatch(v -> v.reached().contains(reached)), statements + " -> " + found);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "String s = \"a\" + n + list; list.stream().map(x -> x + 1).collect(Collectors.toList());",
            "synchronized (this) { for (int i = 0; i < 9; i++) { o.wait(1); } } o.notifyAll();",
            "try { n++; } catch (RuntimeException e) { n--; throw e; } finally { n = 0; }",
            "record P(int x, String y) { } o = new P(1, \"\"); if (o instanceof P(int x, String y) && x > 0) { o = y; } o.equals(o);",
            "switch (o) { case String s -> n = 1; case Integer i when i > 3 -> n = 2; default -> n = 3; }",
            "switch (TimeUnit.SECONDS) { case SECONDS -> n = 1; default -> n = 2; }",
            "new ConcurrentHashMap<String, Integer>().merge(\"a\", 1, Integer::sum); Thread.sleep(1); LockSupport: n++;",
            "System.getLogger(\"x\").log(System.Logger.Level.INFO, \"y\"); System.nanoTime(); n = System.identityHashCode(o);",
            "b.clone(); int[][] x = new int[3][4]; x.clone(); o = b.length; new byte[2][3][4].clone();",
            "o = new StringBuilder().append(1).reverse().toString().formatted(1, 2).lines().count();",
            "o = new Comparator<String>() { public int compare(String a, String b) { return a.compareTo(b); } }.reversed();",
            "context.registerService(Runnable.class, () -> n++, null); context.getService(context.getServiceReference(Runnable.class));",
            "o = new java.util.concurrent.locks.ReentrantLock(); new CountDownLatch(1).countDown(); o = A.class.getName();",
            "o = new java.math.BigInteger(\"1\").pow(2); o = java.time.Duration.ofMillis(1); o = UUID.randomUUID();",
            "try (var in = new java.io.ByteArrayInputStream(b)) { in.read(); } throw new java.io.IOException(\"x\");",
            "o = int[].class; o = String[][].class; o = Runnable.class; o = A.class; Object r = (Runnable & java.io.Serializable) () -> { };",
            "assert n > 0; int[] copy = Arrays.copyOf(new int[1], 2); Map.Entry<String, String> e = Map.entry(\"\", \"\"); e.getKey();"})
    void isAllowed(String statements) {
        assertEquals(List.of(), body(statements));
    }

    @Test
    void thePlaceIsNamed() {
        Violation exit = body("System.exit(1);").getFirst();
        assertEquals("x.A.run", exit.place());
        assertTrue(exit.reason().contains("nanoTime"), exit.reason());
        assertEquals(1, body("System.exit(1); System.exit(2);").size());
    }

    /** What comes down from a class above is not the class's own. */
    @ParameterizedTest
    // @formatter:off
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            class B extends Thread { } class A { void run(B b) { b.start(); } }                    | x.B.start
            class B extends Thread { }                                                            | java.lang.Thread (to make one)
            class B extends ListResourceBundle { protected Object[][] getContents() { return null; } } class A { void run() { B.getBundle("x"); } } | x.B.getBundle
            class B extends ClassLoader { }                                                       | java.lang.ClassLoader
            interface B extends java.util.List<String> { } class A { void run(B b) { b.parallelStream(); } } | x.B.parallelStream
            class B<T> extends java.util.ArrayList<T> { } class C<T> extends B<T> { } class A { void run() { new C<String>().parallelStream(); } } | x.C.parallelStream
            class B implements org.osgi.framework.hooks.weaving.WeavingHook { public void weave(org.osgi.framework.hooks.weaving.WovenClass w) { } } | implements org.osgi.framework.hooks.weaving.WeavingHook
            class B { protected void finalize() { } }                                             | a finalizer
            class B { native void x(); }                                                          | a native method
            """)
    // @formatter:on
    void whatIsInheritedCounts(String types, String reached) {
        List<Violation> found = of(Compiled.classes("x.A", "package x; import java.util.*; " + types));
        assertTrue(found.stream().anyMatch(v -> v.reached().contains(reached)), types + " -> " + found);
    }

    @Test
    void anOwnMemberOfTheSameNameIsOwn() {
        assertEquals(List.of(), of(Compiled.classes("x.A", """
                package x;
                class B<T> extends java.util.ArrayList<T> {
                    public java.util.stream.Stream<T> parallelStream() { return stream(); }
                }
                class A { void run() { new B<String>().parallelStream(); } static void exit(int n) { exit(n); } }
                """)));
    }

    // ---- what no compiler makes

    private static List<Violation> made(int version, String name, Consumer<CodeBuilder> code) {
        byte[] bytes = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS).build(ClassDesc.of(name),
                type -> type.withVersion(version, 0).withMethodBody("run", MethodTypeDesc.of(ConstantDescs.CD_void),
                        ClassFile.ACC_STATIC, code));
        return of(Map.of(name.replace('.', '/') + ".class", bytes));
    }

    private static final int NOW = ClassFile.JAVA_25_VERSION;

    @Test
    void oldClassFilesAreRefused() {
        assertEquals("class file version 50", made(50, "x.A", CodeBuilder::return_).getFirst().reached());
        assertEquals(List.of(), made(51, "x.A", CodeBuilder::return_));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.Evil", "javax.x.Evil", "sun.misc.Unsafe", "jdk.internal.Evil"})
    void namesOfThePlatformAreRefused(String name) {
        assertTrue(made(NOW, name, CodeBuilder::return_).stream().anyMatch(v -> v.reached().equals("its name")));
    }

    /** A class of that name in the bundle does not make the platform's own. */
    @Test
    void anOwnUnsafeIsNotOwn() {
        assertTrue(made(NOW, "sun.misc.Unsafe", code -> code
                .invokestatic(ClassDesc.of("sun.misc.Unsafe"), "getUnsafe", MethodTypeDesc.of(ConstantDescs.CD_void))
                .return_()).stream().anyMatch(v -> v.reached().equals("sun.misc.Unsafe.getUnsafe")));
    }

    @Test
    void computedConstantsAreRefused() {
        var constant = DynamicConstantDesc.ofNamed(ConstantDescs.ofConstantBootstrap(
                ClassDesc.of("java.lang.invoke.ConstantBootstraps"), "nullConstant", ConstantDescs.CD_Object), "x",
                ConstantDescs.CD_Object);
        assertTrue(made(NOW, "x.A", code -> code.loadConstant(constant).pop().return_()).stream()
                .anyMatch(v -> v.reached().contains("computed when it is used")));
    }

    @Test
    void handlesInConstantsAreLookedAt() {
        var exit = MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, ClassDesc.of("java.lang.System"),
                "exit", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
        assertTrue(made(NOW, "x.A", code -> code.loadConstant(exit).pop().return_()).stream()
                .anyMatch(v -> v.reached().equals("java.lang.System.exit")));
    }

    /** It would be given a Lookup, with the rights of its class. */
    @Test
    void ownBootstrapMethodsAreRefused() {
        var own = MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, ClassDesc.of("x.A"), "link",
                MethodTypeDesc.of(ConstantDescs.CD_CallSite, ConstantDescs.CD_MethodHandles_Lookup,
                        ConstantDescs.CD_String, ConstantDescs.CD_MethodType));
        assertTrue(made(NOW, "x.A", code -> code.invokedynamic(
                DynamicCallSiteDesc.of(own, "x", MethodTypeDesc.of(ConstantDescs.CD_void))).return_()).stream()
                .anyMatch(v -> v.reached().equals("a call that x.A links")));
    }

    private static Consumer<CodeBuilder> handlerThatCoversItself(Consumer<CodeBuilder> inside) {
        return code -> {
            var start = code.newLabel();
            var handler = code.newLabel();
            var end = code.newLabel();
            code.exceptionCatchAll(start, end, handler);
            code.labelBinding(start).nop().return_();
            code.labelBinding(handler);
            inside.accept(code);
            code.labelBinding(end).athrow();
        };
    }

    /** Each round of this loop goes by an exception, so past no look. */
    @Test
    void aHandlerThatCoversItselfIsRefused() {
        assertTrue(made(NOW, "x.A", handlerThatCoversItself(code -> code.invokestatic(ClassDesc.of("x.A"), "run",
                MethodTypeDesc.of(ConstantDescs.CD_void)))).stream()
                .anyMatch(v -> v.reached().contains("exception handler")));
        assertEquals(List.of(), made(NOW, "x.A", handlerThatCoversItself(code -> code.astore(0).aload(0))),
                "as at the end of a synchronized block");
    }

    @Test
    void whatIsNoClassIsRefused() {
        assertEquals("the class file", of(Map.of("x/A.class", new byte[]{1, 2, 3})).getFirst().reached());
    }

    /** Whatever bytes there are, the answer is a list. */
    @Test
    void damagedClassesAreLookedAtToo() {
        byte[] whole = Compiled
                .classes("x.A", "package x; public class A { Object o = (Runnable) () -> System.exit(1); "
                        + "void run() { synchronized (this) { try { run(); } finally { o = null; } } } }")
                .get("x/A.class");
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(8) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int k = random.nextInt(4); k >= 0 && damaged.length > 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            of(Map.of("x/A.class", damaged));
        }
    }
}
