package kernel.core.processor;

import static kernel.core.processor.Compilation.doubtful;
import static kernel.core.processor.Compilation.right;
import static kernel.core.processor.Compilation.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

/** Each rule of a component that binds: the wrong one is reported at its line, the right one is not. */
class BindingCheckTest {

    private static final String EVENT = """
            @Event
            public interface E {
                void e(@Key("port") int port, String text);
            }""";
    private static final String SEVERAL = """
            @Event
            public interface S<T> {
                void one(@Key("b") byte b);
                void two(T value, @Key("state") Thread.State state);
            }""";

    /** A handler of {@link #EVENT} with these members, which stand in the second line. */
    private static void handler(boolean fits, String words, String members, String more) {
        String source = "@Component @Handler(\n" + members + ") // <--\npublic class C implements E {\n"
                + "public void e(int port, String text) { }\n" + more + "}";
        if (fits) {
            right(source, EVENT);
        } else {
            wrong(words, source, EVENT);
        }
    }

    private static void accepted(String members, String more) {
        handler(true, "", members, more);
    }

    private static void refused(String words, String members) {
        handler(false, words, members, "");
    }

    // ---- what it is

    @Test
    void aComponentsClass() {
        accepted("", "");
        wrong("t.C is no component, so nobody registers it: add @Component",
                "@Handler // <--\npublic class C implements E { public void e(int port, String text) { } }", EVENT);
        wrong("t.C is no class", "@Handler // <--\npublic interface C extends E { }", EVENT);
    }

    @Test
    void itProvidesEventsAlone() {
        for (String role : List.of("Handler", "Intrinsic", "Default", "Filter(filter = \"0=x\")")) {
            wrong("t.C provides no service, so it binds to nothing: implement the event's interface",
                    "@Component @" + role + " // <--\npublic class C { }");
            wrong("provides java.lang.Runnable, which is no event (it has no @Event), so the dispatcher refuses it",
                    "@Component @" + role + " // <--\npublic class C implements Runnable { public void run() { } }");
        }
        wrong("say @Component(service = E.class)", """
                @Component @Handler // <--
                public class C implements E, AutoCloseable {
                    public void e(int port, String text) { }
                    public void close() { }
                }""", EVENT);
        right("""
                @Component(service = E.class) @Handler
                public class C implements E, AutoCloseable {
                    public void e(int port, String text) { }
                    public void close() { }
                }""", EVENT);
        wrong("which is no event", """
                @Component(service = {E.class,
                    AutoCloseable.class}) // <--
                @Handler
                public class C implements E, AutoCloseable {
                    public void e(int port, String text) { }
                    public void close() { }
                }""", EVENT);
        wrong("does not implement t.E", "@Component(\nservice = E.class) // <--\n@Handler public class C { }", EVENT);
        wrong("provides no service", "@Component(service = {})\n@Handler // <--\npublic class C implements E { "
                + "public void e(int port, String text) { } }", EVENT);
    }

    @Test
    void inheritedInterfacesAreNamed() {
        String base = "public class Base implements E { public void e(int port, String text) { } }";
        wrong("interfaces that it inherits count only if they are named; say @Component(service = E.class)",
                "@Component @Handler // <--\npublic class C extends Base { }", base, EVENT);
        right("@Component(service = E.class) @Handler\npublic class C extends Base { }", base, EVENT);
        wrong("provides t.Sub, which is no event", "@Component @Handler // <--\npublic class C implements Sub { "
                + "public void e(int port, String text) { } }", "public interface Sub extends E { }", EVENT);
    }

    @Test
    void oneRole() {
        wrong("has @Intrinsic and @Handler, but a registration binds in one way", """
                @Component @Intrinsic
                @Handler // <--
                public class C implements E { public void e(int port, String text) { } }""", EVENT);
        refused("role is \"filter\"; it must be handler, as its annotation says", "role = \"filter\"");
        accepted("role = Binding.HANDLER", "");
    }

    // ---- what it says by itself

    @Test
    void orders() {
        for (String order : List.of("first", "last", "before:Other", "after:a b", "")) {
            accepted("order = \"" + order + "\"", "");
        }
        for (String order : List.of("First", "before", "after:", "middle")) {
            refused("order is \"" + order + "\"; it must be first, last, before:NAME or after:NAME",
                    "order = \"" + order + "\"");
        }
        refused("beside another binding, not beside itself", "order = \"after:C\"");
    }

    @Test
    void queuesLimitsAndOverflow() {
        for (String overflow : List.of("wait", "drop", "run", "fail")) {
            accepted("async = true, queue = 1, limit = 0, overflow = \"" + overflow + "\"", "");
        }
        accepted("limit = 100, cancel = true", "");
        refused("overflow is \"block\"; it must be wait, drop, run or fail", "async = true, overflow = \"block\"");
        refused("queue is \"0\"; it must be 1 to 65536 calls", "async = true, queue = 0");
        refused("queue is \"65537\"", "async = true, queue = 65537");
        refused("limit is \"-1\"; it must be microseconds, or 0 for none", "limit = -1");
        for (String member : List.of("queue = 5", "overflow = Binding.DROP")) {
            doubtful("means nothing without async = true", "@Component @Handler(\n" + member
                    + ") // <--\npublic class C implements E { public void e(int port, String text) { } }", EVENT);
        }
    }

    @Test
    void intrinsicAndDefaultHandlersArePlain() {
        for (String role : List.of("Intrinsic", "Default")) {
            right("@Component @" + role + "(name = \"n\")\npublic class C implements E { "
                    + "public void e(int port, String text) { } }", EVENT);
            for (String property : List.of("guard=g", "key=port=80", "order=first", "async:Boolean=true",
                    "cancel:Boolean=true")) {
                wrong("make it a @Handler",
                        "@Component(\nproperty = \"kernel.event." + property + "\") // <--\n@" + role
                                + " public class C implements E { public void e(int port, String text) { } "
                                + "public boolean g(int port, String text) { return true; } }",
                        EVENT);
            }
        }
    }

    @Test
    void propertiesAreCheckedToo() {
        wrong("it must be intrinsic, handler, filter or default",
                "@Component(\nproperty = \"kernel.event.role=hander\") // <--\n"
                        + "public class C implements E { public void e(int port, String text) { } }",
                EVENT);
        wrong("order is \"frist\"", "@Component(property = {\"kernel.event.role=handler\",\n"
                + "\"kernel.event.order=frist\"}) // <--\n"
                + "public class C implements E { public void e(int port, String text) { } }", EVENT);
        right("@Component(property = \"service.ranking:Integer=5\")\npublic class C implements Runnable { public void run() { } }");
    }

    // ---- methods and keys

    @Test
    void methodsExist() {
        accepted("methods = \"e\"", "");
        refused("t.E has no method f; it has [e]", "methods = \"f\"");
    }

    @Test
    void keysExist() {
        accepted("key = {\"port=80\", \"port = 0x51\"}", "");
        refused("C wants prt=80, but t.E has the keys [port]", "key = \"prt=80\"");
        refused("key \"port\": write KEY=VALUE", "key = \"port\"");
        wrong("has no keys",
                "@Component @Handler(\nkey = \"a=b\") // <--\npublic class C implements N { public void n() { } }",
                "@Event public interface N { void n(); }");
        String body = "public class C implements S<String> { public void one(byte b) { } "
                + "public void two(String value, Thread.State state) { } }";
        wrong("S.two(Object value, State state) has no such key: name the methods that it handles",
                "@Component @Handler(\nkey = \"b=1\") // <--\n" + body, SEVERAL);
        right("@Component @Handler(methods = \"one\", key = \"b=1\")\n" + body, SEVERAL);
        wrong("which is no State: it has [NEW, RUNNABLE",
                "@Component @Handler(methods = \"two\",\nkey = \"state=OLD\") // <--\n"
                        + body,
                SEVERAL);
        right("@Component @Handler(methods = \"two\", key = \"state=NEW\")\n" + body, SEVERAL);
    }

    private static void value(String type, String text, String words) {
        String source = "@Component @Handler(\nkey = \"k=" + text
                + "\") // <--\npublic class C implements K { public void k("
                + type + " k) { } }";
        String event = "@Event public interface K { void k(@Key(\"k\") " + type + " k); }";
        if (words == null) {
            right(source, event);
        } else {
            wrong(words, source, event);
        }
    }

    @Test
    void valuesFitTheirTypes() {
        value("byte", "-128", null);
        value("byte", "128", "which is no byte: out of range, which is -128 to 127");
        value("short", "070", null);
        value("short", "0x8000", "which is no short: out of range");
        value("int", "0xffffffff", "which is no int: out of range");
        value("int", "eighty", "which is no int: write it in decimal, 0x or 0 notation");
        value("long", "0x7fffffffffffffff", null);
        value("char", "a", null);
        value("char", "65", null);
        value("char", "ab", "which is no char");
        value("boolean", "true", null);
        value("boolean", "0", null);
        value("boolean", "yes", "which is no boolean: write true or false");
        value("String", "anything = goes", null);
        value("CharSequence", "anything", null);
        value("Integer", "5", null);
        value("Integer", "0x5", "which is no Integer: For input string");
        value("java.time.LocalDate", "2026-01-01", "cannot be written as text");
        value("java.net.InetAddress", "127.0.0.1", "cannot be written as text");
        value("java.util.concurrent.TimeUnit", "DAYS", null);
        value("Runtime.Version", "25", null);
        value("java.time.Duration", "PT1S", "cannot be written as text");
        value("java.util.UUID", "x", "cannot be written as text");
        value("java.sql.Date", "2026-01-01", null);
    }

    // ---- guards

    @Test
    void aGuardHasTheEventsParameters() {
        accepted("guard = \"g\"", "public boolean g(int port, String text) { return port > 5; }");
        refused("guard \"g\" of C: there is no method public boolean g(int port, String text) in t.C", "guard = \"g\"");
        handler(false, "; there is boolean g(long port, String text)", "guard = \"g\"",
                "public boolean g(long port, String text) { return true; }");
        handler(false, "; there is int g(int port, String text)", "guard = \"g\"",
                "public int g(int port, String text) { return 1; }");
        handler(false, "the method is not public: make it public boolean g(int port, String text)", "guard = \"g\"",
                "boolean g(int port, String text) { return true; }");
        handler(false, "the method is static", "guard = \"g\"",
                "public static boolean g(int port, String text) { return true; }");
    }

    @Test
    void aGuardIsForEachMethodThatIsHandled() {
        String body = "public class C implements S<String> { public void one(byte b) { } "
                + "public void two(String value, Thread.State state) { } public boolean g(byte b) { return true; } ";
        wrong("there is no method public boolean g(Object value, State state)",
                "@Component @Handler(\nguard = \"g\") // <--\n" + body + "}", SEVERAL);
        right("@Component @Handler(methods = \"one\", guard = \"g\")\n" + body + "}", SEVERAL);
        right("@Component @Handler(guard = \"g\")\n" + body
                + "public boolean g(Object value, Thread.State state) { return true; } }", SEVERAL);
        wrong("there is no method public boolean g(Object value, State state)",
                "@Component @Handler(\nguard = \"g\") // <--\n"
                        + body + "public boolean g(String value, Thread.State state) { return true; } }",
                SEVERAL);
    }

    @Test
    void aGuardMayBeInherited() {
        right("@Component(service = E.class) @Handler(guard = \"g\")\npublic class C extends Base { }",
                "public class Base implements E, Guards { public void e(int port, String text) { } }",
                "public interface Guards { default boolean g(int port, String text) { return true; } }", EVENT);
    }

    @Test
    void aGuardThatAssignsAFieldIsDoubted() {
        for (String statement : List.of("count = 1;", "count++;", "this.count += port;",
                "if (port > 1) { --count; }")) {
            doubtful("guard \"g\" of C assigns count",
                    "@Component @Handler(guard = \"g\")\npublic class C implements E { int count;\n"
                            + "public boolean g(int port, String text) { " + statement + " return true; } // <--\n"
                            + "public void e(int port, String text) { } }",
                    EVENT);
        }
        accepted("guard = \"g\"", "int count; public boolean g(int port, String text) { int count = 1; count++; "
                + "port += 1; for (int i = 0; i < 3; i++) { count = i; } return count == port; }");
    }

    // ---- filters

    private static void filter(String words, String members, String more) {
        String source = "@Component @Filter(\n" + members + ") // <--\npublic class C implements E {\n"
                + "public void e(int port, String text) { }\n" + more + "}";
        if (words == null) {
            right(source, EVENT);
        } else {
            wrong(words, source, EVENT);
        }
    }

    @Test
    void filtersNameAParameterAndAMethodOfItsType() {
        String port = "public int p(int port, String text) { return 80; }";
        for (String parameter : List.of("0", "port")) {
            filter(null, "order = \"first\", filter = \"" + parameter + "=p\"", port);
        }
        filter(null, "filter = {\"text=t\", \"0=p\"}",
                port + "public String t(int port, String text) { return \"\"; }");
        filter("C changes \"size\", which E.e(int port, String text) does not have: name a parameter by its number",
                "filter = \"size=p\"", port);
        filter("does not have", "filter = \"2=p\"", port);
        filter("C changes \"port\" by \"q\": there is no method public int q(int port, String text) in t.C",
                "filter = \"port=q\"", port);
        filter("; there is int p(int port, String text)", "filter = \"text=p\"", port);
        filter("filter \"port\": write PARAMETER=METHOD", "filter = \"port\"", port);
        wrong("a filter names what it changes", "@Component @Filter(filter = {}) // <--\n"
                + "public class C implements E { public void e(int port, String text) { } }", EVENT);
        filter("there is no method public boolean g(int port, String text)", "filter = \"0=p\", guard = \"g\"", port);
    }

    @Test
    void filtersAreSynchronousAndUnlimited() {
        for (String property : List.of("async:Boolean=true", "cancel:Boolean=true", "limit:Long=5")) {
            wrong("C: a ",
                    "@Component(\nproperty = \"kernel.event." + property + "\") // <--\n@Filter(filter = \"0=p\") "
                            + "public class C implements E { public void e(int port, String text) { } "
                            + "public int p(int port, String text) { return 1; } }",
                    EVENT);
        }
        wrong("only a filter names what it changes",
                "@Component(\nproperty = \"kernel.event.filter=0=p\") // <--\n@Handler "
                        + "public class C implements E { public void e(int port, String text) { } "
                        + "public int p(int port, String text) { return 1; } }",
                EVENT);
    }

    @Test
    void theEventMayBeAClassFile() {
        Compilation.classes("@Event public interface Elsewhere<T> { void e(@Key(\"port\") int port, T text); "
                + "@Key(\"odd\") static boolean odd(int port, Object text) { return port % 2 == 1; } }");
        String body = ") // <--\npublic class C implements Elsewhere<String> { public void e(int port, String text) { } "
                + "public boolean g(int port, Object text) { return true; } "
                + "public boolean few(int port, String text) { return true; } }";
        right("@Component @Handler(key = {\"port=80\", \"odd=true\"}, guard = \"g\"" + body);
        wrong("Elsewhere has the keys [port, odd]", "@Component @Handler(key = \"text=x\"" + body);
        wrong("which is no boolean", "@Component @Handler(key = \"odd=7\"" + body);
        wrong("public boolean few(int port, Object text)", "@Component @Handler(guard = \"few\"" + body);
    }

    @Test
    void theDocumentationsExampleIsRight() throws IOException {
        String page = Files.readString(Path.of("../../docs/extensions.md"));
        String section = page.substring(page.indexOf("## An event of your own"), page.indexOf("## Mistakes found"));
        String code = section.lines().filter(l -> l.isBlank() || l.startsWith("    "))
                .collect(Collectors.joining("\n"));
        String[] sources = code.replace("...", "").strip().split("\n\n(?=    @Event|    @Component)");
        assertEquals(4, sources.length, code);
        right(sources);
    }

    // ---- compilers

    /** Makes an event that the first round does not know. */
    private static final class Maker extends AbstractProcessor {

        private boolean made;

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!made) {
                made = true;
                try (var out = processingEnv.getFiler().createSourceFile("t.Made").openWriter()) {
                    out.write("package t; @kernel.core.dispatch.Event public interface Made { void made(); }");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            return false;
        }
    }

    @Test
    void anEventThatAnotherProcessorMakesIsWaitedFor() {
        String source = "@Component @Handler(order = \"frist\")\npublic class C implements Made { public void made() { } }";
        List<Compilation.Said> said = Compilation.compile(List.of(new EventProcessor(), new Maker()), source);
        assertEquals(List.of(Diagnostic.Kind.ERROR), said.stream().map(Compilation.Said::kind).toList(),
                said::toString);
        assertEquals("C: order is \"frist\"; it must be first, last, before:NAME or after:NAME",
                said.getFirst().message());
    }

    @Test
    void aTypeThatAnotherProcessorMakesIsWaitedFor() {
        List<Compilation.Said> said = Compilation.compile(List.of(new EventProcessor(), new Maker()),
                "@Component @Handler(guard = \"g\")\npublic class C implements E { public void e(Made made) { } "
                        + "public boolean g(Made made) { return true; } }",
                "@Event public interface E { void e(Made made); }");
        assertEquals(List.of(), said);
    }

    @Test
    void whatNeverComesIsLeftToTheCompiler() {
        List<Compilation.Said> said = Compilation.compile(List.of(new EventProcessor()),
                "@Component @Handler\npublic class C implements Missing { }");
        assertEquals(0, said.stream().filter(s -> s.message().contains("provides")).count(), said::toString);
    }
}
