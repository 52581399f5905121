package run.itest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.processor.EventProcessor;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * What the annotation processor refuses the dispatcher refuses, and what the one accepts the other accepts: the same
 * declarations are compiled with the one and bound by the other, in a framework that holds nothing else.
 */
class AgreementTest {

    /** Between an event's source and its handler's. */
    private static final String THEN = " ---- ";
    private static final String E = "@Event(binders = Binders.ANYONE) public interface E "
            + "{ void e(@Key(\"port\") int port, String text); }" + THEN;
    private static final String BODY = " public class C implements E { public void e(int port, String text) { } "
            + "public boolean g(int port, String text) { return true; } "
            + "public int p(int port, String text) { return 1; } "
            + "public boolean few(int port) { return true; } }";
    private static final String VOID = " public class C implements E { public void e() { } }";
    private static final String INT = " public class C implements E { public int e() { return 1; } }";

    private static Framework framework;
    private static Dispatcher dispatcher;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDispatcher(@TempDir Path storage) throws Exception {
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, storage.toString(),
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                "kernel.core.dispatch;version=0.1.0,kernel.core.domain;version=0.1.0,kernel.core.handoff;version=0.1.0",
                "felix.log.level",
                "1"));
        framework.start();
        BundleContext context = framework.getBundleContext();
        URL jar = Class.forName("kernel.core.dispatcher.Activator").getProtectionDomain().getCodeSource().getLocation();
        context.installBundle("reference:" + jar).start();
        ServiceReference<Dispatcher> reference = context.getServiceReference(Dispatcher.class);
        dispatcher = context.getService(reference);
    }

    @AfterAll
    static void stopDispatcher() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    // ---- what both accept

    @ParameterizedTest
    @ValueSource(strings = {E + "@Handler" + BODY, E + "@Intrinsic" + BODY, E + "@Default" + BODY,
            E + "@Filter(filter = {\"port=p\", \"0=p\"}, guard = \"g\", order = \"last\")" + BODY,
            E + "@Handler(guard = \"g\", key = {\"port=80\", \"port=0x51\"}, methods = \"e\", cancel = true)" + BODY,
            E + "@Handler(order = \"after:Other\", async = true, queue = 65536, overflow = \"drop\")" + BODY,
            "@Event(binders = Binders.ANYONE) public interface E { Object e(); }" + THEN
                    + "@Handler public class C implements E { public String e() { return null; } }",
            "@Event(binders = Binders.ANYONE, fold = Fold.BY, folder = \"max\") public interface E "
                    + "{ int e(); static int max(int a, int b) { return a; } }" + THEN + "@Handler" + INT,
            "@Event(binders = Binders.ANYONE) public interface E<T> { void e(@Key(\"k\") T t); }" + THEN
                    + "@Handler(guard = \"g\") public class C implements E<String> { public void e(String s) { } "
                    + "public boolean g(Object s) { return true; } }",
            "@Event(binders = Binders.ANYONE) public interface E { void e(@Key(\"k\") Thread.State s); }" + THEN
                    + "@Handler(key = \"k=NEW\") public class C implements E { public void e(Thread.State s) { } }",
            "@Event(binders = Binders.ANYONE) public interface E { void e(int a, int b); "
                    + "@Key(\"k\") static String k(int a, int b) { return \"\"; } }" + THEN
                    + "@Handler(key = \"k=x=y\") public class C implements E { public void e(int a, int b) { } }"})
    void accept(String declaration) throws Exception {
        assertEquals(List.of(), errors(declaration));
        Binding<?> binding = binding(declaration);
        try (Bound bound = assertDoesNotThrow(() -> dispatcher.bind(binding))) {
            assertEquals(binding.event().getName(), "t.E", () -> bound + " is bound");
        }
    }

    // ---- what both refuse

    @ParameterizedTest
    @ValueSource(strings = {
            "interface E { void e(); }" + THEN + "@Handler" + VOID,
            "@Event interface E { void e(); }" + THEN + "@Handler" + VOID,
            "@Event public interface E { }" + THEN + "@Handler public class C implements E { }",
            "@Event(async = true, queue = 0) public interface E { void e(); }" + THEN + "@Handler" + VOID,
            "@Event(fold = Fold.ANY) public interface E { int e(); }" + THEN + "@Handler" + INT,
            "@Event(fold = Fold.ALL) public interface E { void e(); }" + THEN + "@Handler" + VOID,
            "@Event(unanswered = Unanswered.IGNORE) public interface E { int e(); }" + THEN + "@Handler" + INT,
            "@Event(async = true) public interface E { int e(); }" + THEN + "@Handler" + INT,
            "@Event(fold = Fold.BY) public interface E { int e(); }" + THEN + "@Handler" + INT,
            "@Event(fold = Fold.BY, folder = \"f\") public interface E { int e(); "
                    + "static long f(int a, int b) { return a; } }" + THEN + "@Handler" + INT,
            "@Event public interface E { void e(); @Key(\"k\") static void k() { } }" + THEN + "@Handler" + VOID,
            "@Event public interface E { void e(); @Key(\"k\") default int k() { return 1; } }" + THEN + "@Handler"
                    + VOID,
            "@Event public interface E { void e(@Key(\"k\") double k); }" + THEN
                    + "@Handler public class C implements E { public void e(double k) { } }"})
    void refuseEvents(String declaration) throws Exception {
        assertRefused(declaration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@Handler(role = \"hander\")", "@Handler(order = \"middle\")",
            "@Handler(overflow = \"block\")",
            "@Handler(queue = 0)", "@Handler(queue = 65537)", "@Handler(limit = -1)", "@Handler(methods = \"f\")",
            "@Handler(key = \"port\")", "@Handler(key = \"prt=80\")", "@Handler(key = \"port=eighty\")",
            "@Handler(key = \"port=0x100000000\")", "@Handler(guard = \"none\")", "@Handler(guard = \"few\")",
            "@Handler(guard = \"p\")", "@Filter(filter = {})", "@Filter(filter = \"port\")",
            "@Filter(filter = \"2=p\")",
            "@Filter(filter = \"size=p\")", "@Filter(filter = \"port=none\")", "@Filter(filter = \"text=p\")",
            "@Filter(filter = \"port=p\", guard = \"none\")", "@Filter(filter = \"port=p\", order = \"middle\")"})
    void refuseBindings(String annotation) throws Exception {
        assertRefused(E + annotation + BODY);
    }

    private void assertRefused(String declaration) throws Exception {
        assertFalse(errors(declaration).isEmpty(), "the processor accepts it");
        Binding<?> binding = binding(declaration);
        BindingException refusal = assertThrows(BindingException.class, () -> dispatcher.bind(binding));
        assertFalse(refusal.getMessage().isBlank());
    }

    // ---- a declaration, compiled

    private List<String> errors(String declaration) {
        return compile(declaration, new EventProcessor());
    }

    /** The binding that its annotation stands for; members become properties as Declarative Services makes them. */
    private Binding<?> binding(String declaration) throws Exception {
        Members members = new Members();
        assertEquals(List.of(), compile(declaration, members));
        // not closed: the dispatcher may look at its classes as long as the framework runs
        ClassLoader loader = new URLClassLoader(new URL[]{folder.toUri().toURL()}, new WithoutDispatcher());
        var maker = loader.loadClass("t.C").getDeclaredConstructor();
        return with(loader.loadClass("t.E"), maker.newInstance(), members.properties);
    }

    @SuppressWarnings("unchecked")
    private static <T> Binding<T> with(Class<T> event, Object handler, Map<String, Object> properties) {
        Binding<T> binding = Binding.handler(event, (T) handler);
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            binding = binding.with(property.getKey(), property.getValue());
        }
        return binding;
    }

    private List<String> compile(String declaration, Processor processor) {
        String[] sources = declaration.split(THEN);
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        List<JavaFileObject> files = List.of(file("E", sources[0]), file("C", "@Component " + sources[1]));
        var task = ToolProvider.getSystemJavaCompiler().getTask(null, null, said, List.of("-parameters", "-d",
                folder.toString(), "-classpath", System.getProperty("java.class.path")), null, files);
        task.setProcessors(List.of(processor));
        task.call();
        return said.getDiagnostics().stream().filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(d -> d.getMessage(null))
                .toList();
    }

    private static JavaFileObject file(String name, String source) {
        return new SimpleJavaFileObject(URI.create("string:///t/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return "package t; import kernel.core.dispatch.*; import kernel.core.dispatch.Event.*; "
                        + "import org.osgi.service.component.annotations.Component; " + source;
            }
        };
    }

    /** As a bundle sees the world: the dispatcher's classes are the dispatcher's own. */
    private static final class WithoutDispatcher extends ClassLoader {

        WithoutDispatcher() {
            super(AgreementTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("kernel.core.dispatcher.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    /** Reads the members of the annotations, defaults included. */
    private static final class Members extends AbstractProcessor {

        private final Map<String, Object> properties = new LinkedHashMap<>();

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return Set.of("kernel.core.dispatch.*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            for (TypeElement type : ElementFilter.typesIn(round.getRootElements())) {
                for (AnnotationMirror mirror : type.getAnnotationMirrors()) {
                    String name = mirror.getAnnotationType().asElement().getSimpleName().toString();
                    if (Set.of("Handler", "Intrinsic", "Default", "Filter").contains(name)) {
                        processingEnv.getElementUtils().getElementValuesWithDefaults(mirror).forEach((member,
                                value) -> properties.put("kernel.event." + member.getSimpleName(), plain(value)));
                    }
                }
            }
            return false;
        }

        private static Object plain(AnnotationValue value) {
            if (value.getValue() instanceof List<?> list) {
                List<Object> all = new ArrayList<>();
                list.forEach(one -> all.add(plain((AnnotationValue) one)));
                return all.toArray(new String[0]);
            }
            return value.getValue();
        }
    }
}
