package kernel.core.linker;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.core.domain.Violation;

/**
 * Compares the classes of one bundle with what it may reach. Power lies in members: a class that is only mentioned does nothing, so what is
 * looked at is each member that code refers to, in instructions or constants, and what classes extend and implement. Members are looked for
 * in superclasses and interfaces as the Java virtual machine does (JVMS 5.4.3); where that leaves the bundle, all that lies above counts,
 * which may refuse too much but not too little. Used by one thread at a time.
 */
final class Verifier {

    /** Java SE 7: before it there are subroutines, and no obligatory proof of types (JVMS 4.10.1). */
    private static final int OLDEST = ClassFile.JAVA_7_VERSION;
    /** What compilers make lambdas, texts, records and switches with. Another one would be given a Lookup of the class's. */
    private static final Set<String> BOOTSTRAPS = Set.of("java.lang.invoke.LambdaMetafactory",
            "java.lang.invoke.StringConcatFactory", "java.lang.runtime.ObjectMethods",
            "java.lang.runtime.SwitchBootstraps");
    private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");
    private static final String OWN = "code of Java's own packages cannot be a bundle's";

    private final Rules rules;
    private final Code code;
    private final List<Violation> found = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    /** What was found out about members, by owner, name and descriptor; empty for those that may be reached. */
    private final Map<String, String> members = new HashMap<>();

    Verifier(Rules rules, Code code) {
        this.rules = rules;
        this.code = code;
    }

    /** What has been found in all classes so far, one for each member that is reached from each place. */
    List<Violation> violations() {
        return List.copyOf(found);
    }

    /** @param name as it is called where it was found, for people */
    void verify(String name, byte[] bytes) {
        try {
            verify(Code.parse(bytes));
        } catch (RuntimeException e) { // of whatever kind: what cannot be read is not linked
            tell(name, "the class file", "it cannot be read: " + e.getMessage());
        }
    }

    private void verify(ClassModel model) {
        String type = Code.name(model.thisClass());
        if (model.majorVersion() < OLDEST) {
            tell(type, "class file version " + model.majorVersion(), "it must be compiled for Java 7 or later");
            return;
        }
        if (platform(type)) {
            tell(type, "its name", OWN);
        }
        model.superclass().ifPresent(above -> extended(type, Code.name(above)));
        model.interfaces().forEach(above -> extended(type, Code.name(above)));
        for (MethodModel method : model.methods()) {
            method(type + "." + method.methodName().stringValue(), method);
        }
        // what no instruction refers to, such as the methods of method references
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case MemberRefEntry member -> member(type, member);
                case ConstantDynamicEntry _ -> tell(type, "a constant that is computed when it is used",
                        "nobody can say what computes it; a switch with cases of types and of constants is made so: use two");
                default -> {
                }
            }
        }
    }

    private void extended(String place, String above) {
        String refusal = typeRefusal(above);
        if (refusal != null) {
            tell(place, "extends or implements " + above, refusal);
        }
    }

    private void method(String place, MethodModel method) {
        if (method.flags().has(AccessFlag.NATIVE)) {
            tell(place, "a native method", "code of the host is not an extension's");
        }
        if (method.methodName().equalsString("finalize") && method.methodType().equalsString("()V")) {
            tell(place, "a finalizer", "it would run in a thread of the virtual machine's, which all wait for");
        }
        if (method.code().isEmpty()) {
            return;
        }
        CodeAttribute body = (CodeAttribute) method.code().get();
        for (var element : body) {
            switch (element) {
                case InvokeInstruction call -> member(place, call.method());
                case FieldInstruction access -> member(place, access.field());
                case InvokeDynamicInstruction dynamic -> dynamic(place, dynamic.invokedynamic());
                case ConstantInstruction.LoadConstantInstruction load when load
                        .constantEntry() instanceof ClassEntry type ->
                    named(place, type);
                default -> {
                }
            }
        }
        if (EndlessHandlers.in(body)) {
            tell(place, "an exception handler that catches what it throws itself",
                    "it may be endless without ever looking whether it is to stop");
        }
    }

    private void dynamic(String place, InvokeDynamicEntry entry) {
        String bootstrap = Code.name(entry.bootstrap().bootstrapMethod().reference().owner());
        if (!BOOTSTRAPS.contains(bootstrap)) {
            tell(place, "a call that " + bootstrap + " links", "nobody can say what it links to");
        }
        for (LoadableConstantEntry argument : entry.bootstrap().arguments()) {
            if (argument instanceof ClassEntry type) {
                named(place, type); // another interface of a lambda, or a type that a switch asks for
            }
        }
        if (entry.typeSymbol().returnType().isClassOrInterface()) {
            extended(place, name(entry.typeSymbol().returnType())); // a lambda of that interface
        }
    }

    /** A class as a constant: what is registered as a service is named by it. */
    private void named(String place, ClassEntry type) {
        String name = Code.name(type).replaceFirst("^\\[+L(.*);$", "$1");
        String refusal = name.startsWith("[") ? null : typeRefusal(name);
        if (refusal != null) {
            tell(place, name + ".class", refusal);
        }
    }

    private static String name(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    private void member(String place, MemberRefEntry member) {
        String owner = Code.name(member.owner());
        if (owner.startsWith("[")) {
            return; // an array's own: length and clone
        }
        String name = member.name().stringValue();
        String descriptor = member.type().stringValue();
        String refusal = members.computeIfAbsent(owner + "." + name + descriptor, _ -> {
            String why = refusal(owner, name, descriptor, new HashSet<>());
            return why == null ? "" : why;
        });
        if (!refusal.isEmpty() && told.add(owner + "." + name)) {
            tell(place, owner + (name.equals("<init>") ? " (to make one)" : "." + name), refusal);
        }
    }

    private String refusal(String owner, String name, String descriptor, Set<String> seen) {
        if (!seen.add(owner)) {
            return null;
        }
        String refusal = typeRefusal(owner);
        if (refusal != null) {
            return refusal;
        }
        if (!foreign(owner)) {
            return ownRefusal(owner, name, descriptor, seen);
        }
        refusal = rules.refusal(owner, name, descriptor);
        return refusal != null ? refusal : aboveRefusal(owner, name, descriptor, seen);
    }

    private String ownRefusal(String owner, String name, String descriptor, Set<String> seen) {
        for (Code.Facts facts : code.of(owner)) {
            if (!facts.members().contains(name + descriptor)) {
                for (String above : facts.above()) {
                    String refusal = refusal(above, name, descriptor, seen);
                    if (refusal != null) {
                        return refusal;
                    }
                }
            }
        }
        return null;
    }

    /** What rules say of that member in the classes of Java above one of them: it may be inherited from there. */
    private String aboveRefusal(String owner, String name, String descriptor, Set<String> seen) {
        if (!owner.startsWith("java.") || name.equals("<init>")) {
            return null;
        }
        try {
            Class<?> type = Class.forName(owner, false, ClassLoader.getPlatformClassLoader());
            List<Class<?>> above = new ArrayList<>(List.of(type.getInterfaces()));
            if (type.getSuperclass() != null) {
                above.add(type.getSuperclass());
            }
            for (Class<?> one : above) {
                String refusal = seen.add(one.getName()) ? inherited(one, name, descriptor) : null;
                refusal = refusal != null ? refusal : aboveRefusal(one.getName(), name, descriptor, seen);
                if (refusal != null) {
                    return refusal;
                }
            }
            return null;
        } catch (ClassNotFoundException e) {
            return "there is no such class";
        }
    }

    /** What is not named, such as the classes that the JDK shares code in, is as good as what inherits from it; what is closed is not. */
    private String inherited(Class<?> type, String name, String descriptor) {
        if (rules.denial(type.getName()) != null) {
            return Arrays.stream(type.getDeclaredMethods()).anyMatch(method -> method.getName().equals(name))
                    ? rules.denial(type.getName())
                    : null;
        }
        return rules.refusal(type.getName()) == null ? rules.refusal(type.getName(), name, descriptor) : null;
    }

    /** Whether a class is another's, so that rules speak of its members. */
    private boolean foreign(String type) {
        return platform(type) || rules.knows(Rules.packageOf(type));
    }

    /** @return why a class cannot be extended, named or called, or null */
    String typeRefusal(String type) {
        if (foreign(type)) {
            return rules.refusal(type);
        }
        return code.hasOrImports(Rules.packageOf(type)) ? null : rules.refusal(type);
    }

    /** Names that belong to Java, or that a framework may be told to take from outside the bundle whatever it has. */
    private static boolean platform(String type) {
        return PLATFORM.stream().anyMatch(type::startsWith);
    }

    void tell(String place, String reached, String reason) {
        if (told.add(place + " " + reached)) {
            found.add(new Violation(place, reached, reason));
        }
    }
}
