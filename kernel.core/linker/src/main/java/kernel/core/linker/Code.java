package kernel.core.linker;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The classes that a bundle has itself, by name, as far as it takes to know whose a member is. Built by one thread, then only read.
 */
final class Code {

    private final Map<String, List<Facts>> classes = new HashMap<>();
    private final Set<String> packages = new HashSet<>();
    private final Set<String> imported;
    private final Function<String, List<Facts>> others;

    /**
     * @param above superclass and interfaces
     * @param members names and descriptors
     */
    record Facts(List<String> above, Set<String> members) {}

    /**
     * @param imported packages that the bundle has from others
     * @param others what is known of a class of other bundles that are looked at as well: it may be wired to them
     */
    Code(Set<String> imported, Function<String, List<Facts>> others) {
        this.imported = Set.copyOf(imported);
        this.others = others;
    }

    /** Adds one; a bundle may have several of a name, in several jars, of which any may be used. */
    void add(ClassModel model) {
        List<String> above = new ArrayList<>();
        model.superclass().map(Code::name).ifPresent(above::add);
        model.interfaces().forEach(one -> above.add(name(one)));
        Set<String> members = new HashSet<>();
        model.methods().forEach(m -> members.add(m.methodName().stringValue() + m.methodType().stringValue()));
        model.fields().forEach(f -> members.add(f.fieldName().stringValue() + f.fieldType().stringValue()));
        String name = name(model.thisClass());
        classes.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Facts(List.copyOf(above), Set.copyOf(members)));
        packages.add(Rules.packageOf(name));
    }

    /** @throws IllegalArgumentException the bytes are no class */
    static ClassModel parse(byte[] bytes) {
        return ClassFile.of().parse(bytes);
    }

    static String name(ClassEntry entry) {
        return entry.asInternalName().replace('/', '.');
    }

    /** What is known of a class of the bundle's, once for each that has the name. */
    List<Facts> own(String name) {
        return classes.getOrDefault(name, List.of());
    }

    /** What is known of a class of that name, of the bundle's or of all others that it may be. */
    List<Facts> of(String name) {
        return has(name) ? own(name) : others.apply(name);
    }

    /** Whether the bundle has such a class. */
    boolean has(String name) {
        return classes.containsKey(name);
    }

    /** Whether a package is the bundle's own, or one that it shares with others whom the linker looks at when it is wired. */
    boolean hasOrImports(String packageName) {
        return packages.contains(packageName) || imported.contains(packageName);
    }
}
