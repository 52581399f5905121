package kernel.core.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles small sources in memory, annotations only, against kernel.core.api. */
final class Compilation {

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);
    private static final Path MADE = Path.of("target/made");
    /** Not on the class path: what is generated in one compilation is unknown to the next. */
    private static final Path GENERATED = Path.of("target/generated");
    private static final String CLASSPATH = api() + File.pathSeparator + MADE + File.pathSeparator
            + System.getProperty("java.class.path");
    private static final String MARK = "// <--";

    private Compilation() {}

    /** What the processor says: kind, line of the first source, message. */
    record Said(Diagnostic.Kind kind, long line, String message) {}

    /** kernel.core.api depends on the processor, so its classes are not there yet: they are made from its sources. */
    private static Path api() {
        Path classes = Path.of("target/api");
        try (Stream<Path> sources = Files.list(Path.of("../api/src/main/java/kernel/core/dispatch"))) {
            Files.createDirectories(classes);
            Files.createDirectories(MADE);
            Files.createDirectories(GENERATED);
            assertTrue(COMPILER.getTask(null, FILES, null, List.of("-proc:none", "-d", classes.toString()), null,
                    FILES.getJavaFileObjectsFromPaths(sources.toList())).call());
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Said> compile(List<Processor> processors, String... sources) {
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        List<JavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            files.add(file(source));
        }
        JavaCompiler.CompilationTask task = COMPILER.getTask(null, FILES, said,
                List.of("-proc:only", "-classpath", CLASSPATH, "-d", MADE.toString(), "-s",
                        GENERATED.toString()),
                null, files);
        task.setProcessors(processors);
        task.call();
        return said.getDiagnostics().stream().filter(d -> d.getKind() != Diagnostic.Kind.NOTE)
                .map(d -> new Said(d.getKind(), d.getLineNumber(), d.getMessage(Locale.ROOT))).toList();
    }

    /** Makes class files, without any checks, which later compilations see as another module's. */
    static void classes(String... sources) {
        assertTrue(
                COMPILER.getTask(null, FILES, null, List.of("-proc:none", "-parameters", "-classpath", CLASSPATH, "-d",
                        MADE.toString()), null, Stream.of(sources).map(Compilation::file).toList()).call());
    }

    private static JavaFileObject file(String source) {
        Matcher name = Pattern.compile("(?:class|interface|record|enum) (\\w+)").matcher(source);
        assertTrue(name.find(), source);
        return new SimpleJavaFileObject(URI.create("string:///t/" + name.group(1) + ".java"),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return "package t; import kernel.core.dispatch.*; import kernel.core.dispatch.Event.*; "
                        + "import org.osgi.service.component.annotations.*; " + source;
            }
        };
    }

    /** Nothing is said. */
    static void right(String... sources) {
        assertEquals(List.of(), compile(List.of(new EventProcessor()), sources));
    }

    /** One error, at the marked line of the first source, with these words. */
    static void wrong(String words, String... sources) {
        once(Diagnostic.Kind.ERROR, words, sources);
    }

    /** One warning likewise. */
    static void doubtful(String words, String... sources) {
        once(Diagnostic.Kind.WARNING, words, sources);
    }

    private static void once(Diagnostic.Kind kind, String words, String... sources) {
        List<Said> said = compile(List.of(new EventProcessor()), sources);
        assertEquals(1, said.size(), () -> "expected \"" + words + "\", got " + said);
        assertEquals(kind, said.getFirst().kind(), said::toString);
        assertTrue(said.getFirst().message().contains(words),
                () -> "expected \"" + words + "\", got " + said.getFirst().message());
        List<String> lines = sources[0].lines().toList();
        int marked = lines.indexOf(lines.stream().filter(l -> l.contains(MARK)).findFirst().orElseThrow()) + 1;
        assertEquals(marked, said.getFirst().line(), said::toString);
    }
}
