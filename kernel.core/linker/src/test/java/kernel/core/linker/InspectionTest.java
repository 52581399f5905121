package kernel.core.linker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import kernel.core.domain.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is looked at in a bundle beside its classes, and where classes may be. */
class InspectionTest {

    private static final byte[] GOOD = Compiled.classes("x.A", "package x; public class A { }").get("x/A.class");
    private static final byte[] BAD = Compiled
            .classes("x.B", "package x; public class B { void run() { System.exit(1); } }").get("x/B.class");

    static final Inspection.Surroundings ALONE = new Around(Map.of());

    /** One trusted bundle, {@code somebody}, which exports {@code of.somebody}; and classes of others. */
    private record Around(Map<String, Code.Facts> others) implements Inspection.Surroundings {

        @Override
        public boolean trustedExports(String packageName) {
            return packageName.equals("of.somebody");
        }

        @Override
        public boolean trustedHas(String symbolicName) {
            return symbolicName.equals("somebody");
        }

        @Override
        public List<Code.Facts> facts(String type) {
            return others.containsKey(type) ? List.of(others.get(type)) : List.of();
        }
    }

    private static List<Violation> of(Map<String, String> headers, Map<String, byte[]> entries) {
        return new Inspection(Linker.rules(), headers, entries, new Around(Map.of())).violations();
    }

    private static List<String> reached(Map<String, String> headers, Map<String, byte[]> entries) {
        return of(headers, entries).stream().map(Violation::reached).toList();
    }

    private static byte[] xml(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void classesAreFoundWhereverTheyAre() throws IOException {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            zip.putNextEntry(new ZipEntry("x/B.class"));
            zip.write(BAD);
        }
        assertEquals(List.of(), reached(Map.of(), Map.of("x/A.class", GOOD)));
        assertEquals(List.of("java.lang.System.exit"), reached(Map.of(), Map.of("x/A.class", GOOD, "x/B.class", BAD)));
        assertEquals(List.of("java.lang.System.exit"),
                reached(Map.of(), Map.of("META-INF/versions/25/x/B.class", BAD)));
        assertEquals(List.of("java.lang.System.exit"),
                reached(Map.of("Bundle-ClassPath", "., /lib/a.jar;x=\"y,z\""), Map.of("lib/a.jar", jar.toByteArray())));
        assertEquals(List.of("java.lang.System.exit"),
                reached(Map.of("Bundle-ClassPath", "classes"), Map.of("classes/x/B.class", BAD)));
    }

    @Test
    void fragmentsAndNativeCodeAreRefused() {
        assertEquals(List.of("kernel.core.api", "libx.so"),
                reached(Map.of("Fragment-Host", "kernel.core.api", "Bundle-NativeCode", "libx.so"), Map.of()));
    }

    /** The framework or Declarative Services would make one of it, whatever it is. */
    @ParameterizedTest
    @ValueSource(strings = {"<component><implementation class='java.lang.Thread'/></component>",
            "<c:component xmlns:c='u'><c:implementation class='java.lang.&#84;hread'/></c:component>",
            "<a><b><implementation class='org.other.Thing'/></b></a>", "<component><implementation/></component>",
            "<component>", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:/etc/passwd'>]><a>&e;"})
    void aComponentOfSomebodyElsesClassIsRefused(String text) {
        for (String header : List.of("OSGI-INF/a.xml", "/OSGI-INF/*.xml", "OSGI-INF/b.xml, OSGI-INF/a*")) {
            Map<String, byte[]> entries = new TreeMap<>(Map.of("x/A.class", GOOD, "OSGI-INF/a.xml", xml(text)));
            assertEquals(1, of(Map.of("Service-Component", header), entries).size(), header);
        }
    }

    @Test
    void aComponentOfAnOwnClassIsNot() {
        assertEquals(List.of(), of(Map.of("Service-Component", "OSGI-INF/*.xml"), Map.of("x/A.class", GOOD,
                "OSGI-INF/a.xml", xml("<component><implementation class='x.A'/></component>"))));
    }

    @Test
    void anActivatorOfSomebodyElsesIsRefused() {
        assertEquals(List.of("org.other.Activator"),
                reached(Map.of("Bundle-Activator", "org.other.Activator"), Map.of()));
        assertEquals(List.of(), reached(Map.of("Bundle-Activator", "x.A"), Map.of("x/A.class", GOOD)));
    }

    @Test
    void importsOfWhatIsNotGrantedAreToldOf() {
        assertEquals(List.of("of.somebody"), reached(
                Map.of("Import-Package", "kernel.core.dispatch;version=\"[1,2)\",of.somebody;a:=b,of.others"),
                Map.of()));
    }

    /** Packages of bundles that are looked at as well are as good as own ones; all others are unknown. */
    @Test
    void importedPackagesOfOthersMayBeCalled() {
        String source = "package x; public class A { void run() { java.util.Objects.hash(y.Y.z()); } }";
        byte[] caller = replace(Compiled.classes("x.A", source.replace("y.Y.z()", "java.util.Map.of()"))
                .get("x/A.class"), "java/util/Map", "other/pkg/Map");
        assertTrue(reached(Map.of(), Map.of("x/A.class", caller)).contains("other.pkg.Map.of"));
        assertEquals(List.of(), reached(Map.of("Import-Package", "other.pkg"), Map.of("x/A.class", caller)));
    }

    /** As when two strangers work together: one extends what the other may not call. */
    @Test
    void whatClassesOfOthersInheritCounts() {
        byte[] caller = replace(Compiled
                .classes("x.A",
                        "package x; public class A { void run() { new java.util.TreeSet<String>().parallelStream(); } }")
                .get("x/A.class"), "java/util/TreeSet", "other/pkg/Strange");
        Map<String, String> imports = Map.of("Import-Package", "other.pkg");
        for (String above : List.of("java.util.ArrayList", "java.lang.Object")) {
            Around around = new Around(Map.of("other.pkg.Strange", new Code.Facts(List.of(above), Set.of())));
            assertEquals(above.equals("java.util.ArrayList") ? List.of("other.pkg.Strange.parallelStream") : List.of(),
                    new Inspection(Linker.rules(), imports, Map.of("x/A.class", caller), around).violations().stream()
                            .map(Violation::reached).toList());
        }
    }

    private static byte[] replace(byte[] bytes, String old, String by) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace(old, by);
        return text.getBytes(StandardCharsets.ISO_8859_1); // both have the same length
    }

    /** Who provides to an event, and whose account is whose, is known by names. */
    @Test
    void namesOfTrustedBundlesAreTheirs() {
        assertEquals(List.of("somebody"), reached(Map.of("Bundle-SymbolicName", "somebody;singleton:=true"), Map.of()));
        assertEquals(List.of(), reached(Map.of("Bundle-SymbolicName", "somebodyelse"), Map.of()));
    }

    @Test
    void componentsProvideWhatTheyMayReach() {
        String text = "<component><implementation class='x.A'/><service><provide interface='%s'/></service></component>";
        Map<String, String> header = Map.of("Service-Component", "OSGI-INF/a.xml");
        for (String type : List.of("org.osgi.framework.hooks.weaving.WeavingHook", "java.lang.Runtime",
                "of.nobody.X")) {
            assertEquals(List.of("provide " + type), reached(header,
                    Map.of("x/A.class", GOOD, "OSGI-INF/a.xml", xml(text.formatted(type)))));
        }
        for (String type : List.of("x.A", "java.lang.Runnable", "kernel.core.strand.SchedulingPolicy")) {
            assertEquals(List.of(), reached(header,
                    Map.of("x/A.class", GOOD, "OSGI-INF/a.xml", xml(text.formatted(type)))));
        }
    }
}
