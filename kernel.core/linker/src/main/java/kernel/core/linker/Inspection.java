package kernel.core.linker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import kernel.core.domain.Violation;

/**
 * Looks at all of one bundle that is not trusted: its manifest, its components' descriptions, its classes and those of jars in it. Used by
 * one thread; what it has found out about classes is used by others afterwards.
 */
final class Inspection {

    private final Rules rules;
    private final Map<String, String> headers;
    /** Until they have been looked at. */
    private Map<String, byte[]> entries;
    private final Surroundings surroundings;
    private final List<Violation> found = new ArrayList<>();
    private final Code code;

    /** What other bundles there are. */
    interface Surroundings {

        /** Whether one that is trusted exports a package. */
        boolean trustedExports(String packageName);

        /** Whether one that is trusted has a symbolic name: events and accounts are by name. */
        boolean trustedHas(String symbolicName);

        /** What is known of a class in those that are not trusted, once for each that has one of that name. */
        List<Code.Facts> facts(String type);
    }

    /**
     * @param headers of the manifest, by their names as the OSGi specification has them
     * @param entries by path
     */
    Inspection(Rules rules, Map<String, String> headers, Map<String, byte[]> entries,
            Surroundings surroundings) {
        this.rules = rules;
        this.headers = headers;
        this.entries = entries;
        this.surroundings = surroundings;
        code = new Code(imported(headers), surroundings::facts);
    }

    /** What it has that it may not have. To be asked once. */
    List<Violation> violations() {
        Map<String, byte[]> classes = classes();
        for (Map.Entry<String, byte[]> one : classes.entrySet()) {
            try {
                code.add(Code.parse(one.getValue()));
            } catch (RuntimeException e) {
                // the verifier says so
            }
        }
        Verifier verifier = new Verifier(rules, code);
        manifest();
        imports();
        components(verifier);
        classes.forEach(verifier::verify);
        found.addAll(verifier.violations());
        entries = Map.of();
        return List.copyOf(found);
    }

    /** What is known of a class of the bundle's. */
    List<Code.Facts> facts(String type) {
        return code.own(type);
    }

    /** What is wrong with a class as it is about to be defined, which need not be as it was in the jar. */
    List<Violation> violations(String name, byte[] bytes) {
        Verifier one = new Verifier(rules, code);
        one.verify(name, bytes);
        return one.violations();
    }

    private Map<String, byte[]> classes() {
        Map<String, byte[]> classes = new TreeMap<>();
        entries.forEach((path, bytes) -> {
            if (isClass(path)) {
                classes.put(path, bytes);
            }
        });
        for (String part : clauses(headers.get("Bundle-ClassPath"))) {
            byte[] jar = entries.get(part.replaceFirst("^/", ""));
            if (jar != null) {
                try {
                    Content.of(new ByteArrayInputStream(jar)).forEach((path, bytes) -> {
                        if (isClass(path)) {
                            classes.put(part + "!" + path, bytes);
                        }
                    });
                } catch (IOException e) {
                    found.add(new Violation(part, "the jar", "it cannot be read: " + e.getMessage()));
                }
            }
        }
        return classes;
    }

    private static boolean isClass(String path) {
        return path.endsWith(".class") && !("/" + path).endsWith("/module-info.class");
    }

    private void manifest() {
        if (headers.containsKey("Fragment-Host")) {
            found.add(new Violation("Fragment-Host", headers.get("Fragment-Host"),
                    "its classes would be part of another bundle"));
        }
        if (headers.containsKey("Bundle-NativeCode")) {
            found.add(new Violation("Bundle-NativeCode", headers.get("Bundle-NativeCode"),
                    "code of the host is not an extension's"));
        }
        String name = headers.getOrDefault("Bundle-SymbolicName", "").split(";")[0].strip();
        if (surroundings.trustedHas(name)) {
            found.add(new Violation("Bundle-SymbolicName", name, "a bundle that is trusted has that name"));
        }
        String activator = headers.get("Bundle-Activator");
        if (activator != null && !code.has(activator.strip())) {
            found.add(new Violation("Bundle-Activator", activator, "it is no class of the bundle"));
        }
    }

    private void imports() {
        for (String name : clauses(headers.get("Import-Package"))) {
            if (!name.startsWith("java.") && !rules.reachesInto(name) && surroundings.trustedExports(name)) {
                found.add(new Violation("Import-Package", name,
                        "it is a trusted bundle's; the policy can allow " + name + ".*"));
            }
        }
    }

    /** A component's class is made and called by Declarative Services, whatever class it is: it must be one that was looked at. */
    private void components(Verifier verifier) {
        for (String pattern : clauses(headers.get("Service-Component"))) {
            String regex = pattern.replaceFirst("^/", "").replaceAll("[^*]+", "\\\\Q$0\\\\E").replace("*", "[^/]*");
            entries.forEach((path, bytes) -> {
                if (path.matches(regex)) {
                    component(path, bytes, verifier);
                }
            });
        }
    }

    private void component(String path, byte[] xml, Verifier verifier) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.START_ELEMENT) {
                    element(path, reader, verifier);
                }
            }
        } catch (XMLStreamException e) {
            found.add(new Violation(path, "the component's description", "it cannot be read: " + e.getMessage()));
        }
    }

    private void element(String path, XMLStreamReader reader, Verifier verifier) {
        if (reader.getLocalName().equals("implementation")) {
            String type = reader.getAttributeValue(null, "class");
            if (type == null || !code.has(type.strip())) {
                found.add(new Violation(path, "implementation " + type, "it is no class of the bundle"));
            }
        } else if (reader.getLocalName().equals("provide")) {
            String type = reader.getAttributeValue(null, "interface");
            String refusal = type == null ? null : verifier.typeRefusal(type.strip());
            if (refusal != null) {
                found.add(new Violation(path, "provide " + type, refusal));
            }
        }
    }

    private static Set<String> imported(Map<String, String> headers) {
        Set<String> packages = new HashSet<>();
        for (String header : List.of("Import-Package", "DynamicImport-Package")) {
            packages.addAll(clauses(headers.get(header)));
        }
        return packages;
    }

    /** The first paths of a header's clauses, without attributes and directives. */
    static List<String> clauses(String header) {
        List<String> all = new ArrayList<>();
        if (header != null) {
            for (String clause : header.replaceAll("\"[^\"]*\"", "").split(",")) {
                for (String part : clause.split(";")) {
                    if (!part.contains("=") && !part.isBlank()) {
                        all.add(part.strip());
                    }
                }
            }
        }
        return all;
    }
}
