package run.itest;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house: arrows point down only, and packages stand where their names say. */
class ArchitectureTest {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));
    private static final List<Path> FOLDERS = classFolders();
    private static final JavaClasses ALL = new ClassFileImporter().importPaths(FOLDERS);

    private static List<Path> classFolders() {
        try (Stream<Path> poms = Files.find(HOME, 6, (path, _) -> path.endsWith("target/classes"))) {
            return poms.filter(path -> !HOME.relativize(path).startsWith("run")).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Ours, as against the JDK's, OSGi's and the shell's classes, which everybody may use as far as its manifest says. */
    private static final String[] OURS = {"kernel..", "hw..", "bundles..", "run.."};

    private static void mayUse(String user, String... used) {
        String[] allowed = Stream.concat(Stream.of(user), Stream.of(used)).toArray(String[]::new);
        noClasses().that().resideInAnyPackage(user).should()
                .dependOnClassesThat(resideInAnyPackage(OURS).and(resideOutsideOfPackages(allowed)))
                .because("arrows point down only (docs/architecture.md)").check(ALL);
    }

    private static final String[] CORE = {"kernel.core.dispatch", "kernel.core.domain", "kernel.core.handoff",
            "kernel.core.machine",
            "kernel.core.memory",
            "kernel.core.strand"};

    private static String[] core(String... more) {
        return Stream.concat(Stream.of(CORE), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void theCoreUsesNothingAboveIt() {
        for (String part : CORE) {
            mayUse(part, CORE);
        }
        mayUse("kernel.core.dispatcher..", "kernel.core.dispatch", "kernel.core.domain", "kernel.core.handoff");
        mayUse("kernel.core.linker..", "kernel.core.domain");
    }

    @Test
    void theProcessorUsesNothingOfOurs() {
        mayUse("kernel.core.processor.."); // kernel.core.api is compiled with it
    }

    @Test
    void eventsAndHandlersAreCompiledWithTheProcessor() throws IOException {
        Pattern used = Pattern.compile("^@(Event|Handler|Intrinsic|Default|Filter)\\b", Pattern.MULTILINE);
        for (Path folder : FOLDERS) {
            Path module = folder.getParent().getParent();
            String annotated = "";
            try (Stream<Path> sources = Files.walk(module.resolve("src/main/java"))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                    annotated = used.matcher(Files.readString(source)).find() ? source.toString() : annotated;
                }
            }
            assertTrue(annotated.isEmpty() || Files.readString(module.resolve("pom.xml"))
                    .contains("<artifactId>kernel.core.processor</artifactId>"),
                    annotated
                            + " has event annotations: let its pom.xml name kernel.core.processor, as the tracer's does");
        }
    }

    @Test
    void theMachineUsesTheCoresInterfacesAlone() {
        mayUse("hw.alpha..", CORE);
    }

    @Test
    void extensionsUseInterfacesBelowAndTheirOwn() {
        mayUse("kernel.ext.sched..", CORE);
        mayUse("kernel.ext.vm.api..", CORE);
        mayUse("kernel.ext.net.api..", CORE);
        for (String part : new String[]{"provider", "tcp", "cubic", "atm", "am", "forward"}) {
            mayUse("kernel.ext.net." + part + "..", core("kernel.ext.net.api.."));
        }
        mayUse("kernel.ext.net.rpc.api..", core("kernel.ext.net.api.."));
        mayUse("kernel.ext.net.rpc.provider..", core("kernel.ext.net.api..", "kernel.ext.net.rpc.api.."));
        mayUse("kernel.ext.vm.provider..", core("kernel.ext.vm.api.."));
    }

    @Test
    void bundlesUseInterfacesBelowAndTheirOwn() {
        mayUse("bundles.unix.api..", core("kernel.ext.vm.api.."));
        mayUse("bundles.unix.provider..", core("bundles.unix.api..", "kernel.ext.vm.api..", "kernel.ext.net.api.."));
        mayUse("bundles.shell..", core("bundles.unix.api..", "kernel.ext.vm.api..", "kernel.ext.net.api.."));
        mayUse("bundles.web..", core("kernel.ext.net.api.."));
        mayUse("bundles.policies.tracer..", core("bundles.unix.api.."));
        mayUse("bundles.policies.faults..", core("bundles.unix.api.."));
        mayUse("bundles.policies.filter..", core("bundles.unix.api.."));
        mayUse("bundles.policies.record..", core("bundles.unix.api.."));
        mayUse("bundles.policies.stats..", core("bundles.unix.api..", "kernel.ext.vm.api.."));
        mayUse("bundles.policies.union..", core("bundles.unix.api.."));
        mayUse("bundles.policies.edf..", CORE);
        mayUse("bundles.policies.memo..", core("kernel.ext.net.api..", "kernel.ext.net.rpc.api.."));
        mayUse("bundles.policies.seeded..", CORE);
        mayUse("bundles.policies.stride..", CORE);
        mayUse("bundles.policies.forkjoin..", CORE);
        mayUse("bundles.policies.random..", CORE);
        mayUse("bundles.pagers.compressed..", core("kernel.ext.vm.api.."));
        mayUse("bundles.pagers.barrier..", CORE);
        mayUse("bundles.pagers.shared..", core("kernel.ext.vm.api..", "kernel.ext.net.api..", "bundles.unix.api.."));
        mayUse("bundles.pagers.unzip..", core("kernel.ext.vm.api.."));
        mayUse("bundles.policies.checkpoint..", core("kernel.ext.vm.api..", "bundles.unix.api.."));
        mayUse("bundles.policies.vmload..", core("kernel.ext.vm.api.."));
    }

    /** URL is how OSGi names what is in a bundle. */
    @Test
    void onlyTheMachineTouchesTheHost() {
        noClasses().that().resideInAnyPackage("kernel..", "bundles..").should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.net..").and(not(named("java.net.URL"))))
                .orShould().dependOnClassesThat(
                        resideInAnyPackage("java.nio.channels.spi..", "java.lang.foreign..", "sun.."))
                .orShould().dependOnClassesThat(named("java.io.FileInputStream", "java.io.FileOutputStream",
                        "java.io.FileDescriptor", "java.io.File", "java.io.RandomAccessFile",
                        "java.lang.ProcessBuilder",
                        "java.lang.Runtime", "java.nio.file.FileSystems", "java.nio.file.Paths"))
                .orShould().accessField(System.class, "out").orShould().accessField(System.class, "err")
                .orShould().accessField(System.class, "in")
                .because("host I/O happens in hw.alpha and run/ (docs/architecture.md)").check(ALL);
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return DescribedPredicate.describe("host I/O classes",
                type -> List.of(names).contains(type.getName()));
    }

    @Test
    void aPackageIsNamedAfterItsFolder() {
        for (Path folder : FOLDERS) {
            String module = HOME.relativize(folder.getParent().getParent()).toString().replace('/', '.');
            // the core's interfaces are the exception: they are kernel.core.dispatch and so on, without "api"
            String prefix = module.equals("kernel.core.api") ? "kernel.core" : module;
            JavaClasses own = new ClassFileImporter().importPath(folder);
            for (JavaClass type : own) {
                assertTrue(type.getPackageName().equals(prefix) || type.getPackageName().startsWith(prefix + "."),
                        type.getName() + " is in " + folder);
            }
        }
    }

    @Test
    void allModulesAreUnderTheRules() {
        TreeSet<String> modules = new TreeSet<>();
        FOLDERS.forEach(folder -> modules.add(HOME.relativize(folder.getParent().getParent()).toString()));
        assertEquals(
                "[bundles/pagers/barrier, bundles/pagers/compressed, bundles/pagers/shared, bundles/pagers/unzip, bundles/policies/checkpoint, bundles/policies/edf, bundles/policies/faults, bundles/policies/filter, bundles/policies/forkjoin, bundles/policies/memo, bundles/policies/random, bundles/policies/record, bundles/policies/seeded, bundles/policies/stats, bundles/policies/stride, bundles/policies/tracer, bundles/policies/union, bundles/policies/vmload, bundles/shell, bundles/unix/api, bundles/unix/provider, bundles/web, hw.alpha, "
                        + "kernel.core/api, kernel.core/dispatcher, kernel.core/linker, kernel.core/processor, kernel.ext.net/am, kernel.ext.net/api, kernel.ext.net/atm, kernel.ext.net/cubic, kernel.ext.net/forward, "
                        + "kernel.ext.net/provider, kernel.ext.net/rpc/api, kernel.ext.net/rpc/provider, kernel.ext.net/tcp, kernel.ext.sched/provider, kernel.ext.vm/api, "
                        + "kernel.ext.vm/provider]",
                modules.toString(), "a module was added: give it its rule here");
    }
}
