package kernel.core.processor;

import static kernel.core.processor.Compilation.doubtful;
import static kernel.core.processor.Compilation.right;
import static kernel.core.processor.Compilation.wrong;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each rule of an event's declaration: the wrong one is reported at its line, the right one is not. */
class EventCheckTest {

    private static String methods(int count) {
        return IntStream.range(0, count).mapToObj(i -> "void m" + i + "();").collect(Collectors.joining());
    }

    @Test
    void aPublicInterface() {
        right("@Event\npublic interface E { void e(); }");
        wrong("t.E is no event: it must be a public interface", "@Event // <--\ninterface E { void e(); }");
        wrong("must be a public interface", "@Event // <--\npublic abstract class E { public abstract void e(); }");
        wrong("cannot be sealed", """
                @Event // <--
                public sealed interface E {
                    void e();
                    final class F implements E { public void e() {} }
                }""");
    }

    @Test
    void oneTo64Methods() {
        right("@Event\npublic interface E { " + methods(64) + " default void more() {} static void most() {} }");
        wrong("has 65 abstract methods; an event interface has 1 to 64",
                "@Event // <--\npublic interface E { " + methods(65) + " }");
        wrong("has 0 abstract methods", "@Event // <--\npublic interface E { default void e() {} }");
    }

    @Test
    void inheritedMethodsCountUnlessTheyAreReplaced() {
        right("@Event\npublic interface E extends Parent { }", "public interface Parent { void e(); }");
        wrong("has 0 abstract methods", "@Event // <--\npublic interface E extends Parent { default void e() {} }",
                "public interface Parent { void e(); }");
        wrong("has 0 abstract methods",
                "@Event // <--\npublic interface E extends Parent<String> { default void e(String s) {} }",
                "public interface Parent<T> { void e(T t); }");
        wrong("has 65 abstract methods",
                "@Event // <--\npublic interface E extends Parent { void again(); " + methods(63) + " }",
                "public interface Parent { void again(); void m63(); }");
        right("@Event\npublic interface E extends Parent { void again(); " + methods(63) + " }",
                "public interface Parent { void again(); }");
    }

    @Test
    void ranges() {
        right("@Event(async = true, queue = 65536, tolerance = 0, stall = 0)\npublic interface E { void e(); }");
        wrong("queue is 0; it must be 1 to 65536",
                "@Event(async = true,\n queue = 0) // <--\npublic interface E { void e(); }");
        wrong("queue is 65537", "@Event(async = true,\n queue = 65537) // <--\npublic interface E { void e(); }");
        wrong("tolerance is -1", "@Event(\n tolerance = -1) // <--\npublic interface E { void e(); }");
        wrong("stall is -5; it must be milliseconds", "@Event(\n stall = -5) // <--\npublic interface E { void e(); }");
        doubtful("queue means nothing without async = true",
                "@Event(\n queue = 5) // <--\npublic interface E { void e(); }");
    }

    @Test
    void anyAndAllAreBoolean() {
        right("@Event(fold = Fold.ANY)\npublic interface E { boolean e(); }");
        wrong("E.e() cannot be folded by ANY: its result must be boolean",
                "@Event(fold = Fold.ANY)\npublic interface E {\n int e(); // <--\n}");
        wrong("cannot be folded by ALL", "@Event(fold = Fold.ALL)\npublic interface E {\n void e(); // <--\n}");
        wrong("cannot be folded by ALL", "@Event(fold = Fold.ALL) // <--\npublic interface E extends Parent { }",
                "public interface Parent { void e(); }");
    }

    @Test
    void asynchronousAndIgnoredEventsHaveNoResult() {
        right("@Event(async = true, unanswered = Unanswered.IGNORE)\npublic interface E { void e(); }");
        wrong("E.e(int a) has a result, so its raises cannot be asynchronous: make it void",
                "@Event(async = true)\npublic interface E {\n int e(int a); // <--\n}");
        wrong("a raise that nobody answers cannot be ignored",
                "@Event(unanswered = Unanswered.IGNORE)\npublic interface E {\n int e(); // <--\n}");
    }

    @Test
    void aFolderHasTheResultsType() {
        right("""
                @Event(fold = Fold.BY, folder = "max")
                public interface E {
                    int e(int a);
                    void none();
                    static int max(int a, int b) { return Math.max(a, b); }
                }""");
        right("""
                @Event(fold = Fold.BY, folder = "join")
                public interface E<T> {
                    T e(T a);
                    static Object join(Object a, Object b) { return a; }
                }""");
        String needs = "t.E needs a public static method int max(int soFar, int next)";
        wrong(needs, "@Event(fold = Fold.BY,\n folder = \"max\") // <--\npublic interface E { int e(); }");
        wrong(needs, "@Event(fold = Fold.BY,\n folder = \"max\") // <--\npublic interface E { int e(); "
                + "static long max(int a, int b) { return a; } }");
        wrong(needs, "@Event(fold = Fold.BY,\n folder = \"max\") // <--\npublic interface E { int e(); "
                + "private static int max(int a, int b) { return a; } }");
        wrong("needs a public static method int NAME(int soFar, int next), and folder = \"NAME\"",
                "@Event(\n fold = Fold.BY) // <--\npublic interface E { int e(); }");
        doubtful("folder means nothing without fold = BY",
                "@Event(\n folder = \"max\") // <--\npublic interface E { int e(); }");
    }

    @Test
    void keysHaveNamesOfTheirOwn() {
        right("@Event\npublic interface E { void e(@Key(\"a\") int a, @Key(\"b\") String b); void f(@Key(\"a\") int a); }");
        wrong("E.e(int a, int b) has the key \"k\" twice", """
                @Event
                public interface E {
                    void e(@Key("k") int a,
                        @Key("k") int b); // <--
                }""");
        wrong("has the key \"k\" twice", """
                @Event
                public interface E {
                    void e(@Key("k") int a); // <--
                    @Key("k")
                    static int k(int a) { return a; }
                }""");
        wrong("\"a=b\" cannot be a key's name",
                "@Event\npublic interface E {\n void e(@Key(\"a=b\") int a); // <--\n}");
        wrong("\"\" cannot be a key's name", "@Event\npublic interface E {\n void e(@Key(\"\") int a); // <--\n}");
    }

    @Test
    void keyTypes() {
        right("@Event\npublic interface E { void e(@Key(\"a\") boolean a, @Key(\"b\") char b, @Key(\"c\") Thread.State c); }");
        for (String type : new String[]{"float", "double", "byte[]"}) {
            wrong("a key cannot be a " + type,
                    "@Event\npublic interface E {\n void e(@Key(\"a\") " + type + " a); // <--\n}");
        }
        wrong("a key cannot be a double", """
                @Event
                public interface E {
                    void e(int a);
                    @Key("k") // <--
                    static double k(int a) { return a; }
                }""");
    }

    @Test
    void computedKeysTakeTheEventsParameters() {
        right("@Event\npublic interface E<T> { void e(T a, int b); @Key(\"k\") static int k(Object a, int b) { return b; } }");
        wrong("none has these: it must take (int a)", """
                @Event
                public interface E {
                    void e(int a);
                    @Key("k") // <--
                    static int k(long a) { return 1; }
                }""");
        wrong("its result is the key, so it cannot be void", """
                @Event
                public interface E {
                    void e(int a);
                    @Key("k") // <--
                    static void k(int a) { }
                }""");
        wrong("must be public", """
                @Event
                public interface E {
                    void e(int a);
                    @Key("k") // <--
                    private static int k(int a) { return a; }
                }""");
    }

    @Test
    void aKeyStandsInAnEventsInterface() {
        String belongs = "@Key belongs on a parameter of an event interface's abstract method, or on a static method";
        wrong(belongs,
                "@Event\npublic interface E { void e(int a);\n @Key(\"k\") // <--\n default int k(int a) { return a; } }");
        wrong(belongs, "public class C {\n void e(@Key(\"k\") int a) { } // <--\n}");
    }
}
