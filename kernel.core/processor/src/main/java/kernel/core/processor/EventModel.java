package kernel.core.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** An event's interface as reflection will show it to the dispatcher: methods by their erased types. */
final class EventModel {

    private final Elements elements;
    private final Types types;
    private final TypeElement type;
    private final Set<TypeElement> interfaces = new LinkedHashSet<>();
    private final List<ExecutableElement> methods;
    private final boolean resolved;

    EventModel(TypeElement type, Elements elements, Types types) {
        this.type = type;
        this.elements = elements;
        this.types = types;
        boolean known = collect(type);
        methods = findMethods();
        for (ExecutableElement method : methods) {
            known &= !Mirrors.unresolved(method.getReturnType())
                    && method.getParameters().stream().noneMatch(p -> Mirrors.unresolved(p.asType()));
        }
        resolved = known;
    }

    private boolean collect(TypeElement one) {
        boolean known = true;
        if (interfaces.add(one)) {
            for (TypeMirror parent : one.getInterfaces()) {
                known &= !Mirrors.unresolved(parent) && collect((TypeElement) ((DeclaredType) parent).asElement());
            }
        }
        return known;
    }

    private List<ExecutableElement> findMethods() {
        List<ExecutableElement> all = new ArrayList<>();
        for (TypeElement one : interfaces) {
            for (ExecutableElement method : ElementFilter.methodsIn(one.getEnclosedElements())) {
                if (!method.getModifiers().contains(Modifier.STATIC)
                        && !method.getModifiers().contains(Modifier.PRIVATE)) {
                    all.add(method);
                }
            }
        }
        return all.stream().filter(m -> m.getModifiers().contains(Modifier.ABSTRACT))
                .filter(m -> all.stream().noneMatch(other -> replaces(other, m))).toList();
    }

    /** Whether {@code Class.getMethods} would not show a method because of another. */
    private boolean replaces(ExecutableElement other, ExecutableElement method) {
        if (other == method || !other.getSimpleName().equals(method.getSimpleName())
                || !types.isSubtype(types.erasure(other.getEnclosingElement().asType()),
                        types.erasure(method.getEnclosingElement().asType()))) {
            return false;
        }
        boolean same = sameParameters(other, method) && types.isSameType(types.erasure(other.getReturnType()),
                types.erasure(method.getReturnType()));
        return same || !other.getModifiers().contains(Modifier.ABSTRACT) && elements.overrides(other, method, type);
    }

    /** Whether everything that it names is known in this round. */
    boolean resolved() {
        return resolved;
    }

    TypeElement type() {
        return type;
    }

    String name() {
        return type.getQualifiedName().toString();
    }

    /** Whether it has the annotation. */
    boolean isEvent() {
        return type.getKind() == ElementKind.INTERFACE && Mirrors.find(type, Names.EVENT) != null;
    }

    /** The abstract methods; each is an event. */
    List<ExecutableElement> methods() {
        return methods;
    }

    /** The methods of one name, or all. */
    List<ExecutableElement> methods(Collection<String> names) {
        return names.isEmpty()
                ? methods
                : methods.stream().filter(m -> names.contains(m.getSimpleName().toString())).toList();
    }

    Set<String> methodNames() {
        Set<String> names = new LinkedHashSet<>();
        methods.forEach(m -> names.add(m.getSimpleName().toString()));
        return names;
    }

    /** A parameter's type, erased. */
    TypeMirror parameterType(ExecutableElement method, int index) {
        return types.erasure(method.getParameters().get(index).asType());
    }

    boolean sameParameters(ExecutableElement a, ExecutableElement b) {
        if (a.getParameters().size() != b.getParameters().size()) {
            return false;
        }
        for (int i = 0; i < a.getParameters().size(); i++) {
            if (!types.isSameType(parameterType(a, i), parameterType(b, i))) {
                return false;
            }
        }
        return true;
    }

    // ---- keys

    /** The key's name that a parameter or method is annotated with; null if it has none. */
    static String keyOf(javax.lang.model.element.Element element) {
        AnnotationMirror key = Mirrors.find(element, Names.KEY);
        return key == null ? null : Mirrors.text(key, "value", "");
    }

    /** Static methods of the interface that compute keys. */
    List<ExecutableElement> extractors() {
        return ElementFilter.methodsIn(type.getEnclosedElements()).stream()
                .filter(m -> keyOf(m) != null && m.getModifiers().contains(Modifier.STATIC)).toList();
    }

    /** All keys, in no order that means anything. */
    Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        for (ExecutableElement method : methods) {
            method.getParameters().stream().map(EventModel::keyOf).filter(key -> key != null).forEach(keys::add);
        }
        extractors().forEach(m -> keys.add(keyOf(m)));
        return keys;
    }

    /** The erased type of a method's key; null if it does not have it. */
    TypeMirror keyType(String key, ExecutableElement method) {
        for (VariableElement parameter : method.getParameters()) {
            if (key.equals(keyOf(parameter))) {
                return types.erasure(parameter.asType());
            }
        }
        for (ExecutableElement extractor : extractors()) {
            if (key.equals(keyOf(extractor)) && sameParameters(extractor, method)) {
                return types.erasure(extractor.getReturnType());
            }
        }
        return null;
    }

    /** The index of a parameter that is named by number, key or name; -1 if there is none. */
    int parameter(ExecutableElement method, String name) {
        for (int i = 0; i < method.getParameters().size(); i++) {
            VariableElement parameter = method.getParameters().get(i);
            if (name.equals(Integer.toString(i)) || name.equals(keyOf(parameter))
                    || parameter.getSimpleName().contentEquals(name)) {
                return i;
            }
        }
        return -1;
    }

    // ---- for people

    /** A method as people write it, its types erased: {@code Syscall.syscall(UserContext context, int number)}. */
    String show(ExecutableElement method) {
        return type.getSimpleName() + "." + method.getSimpleName() + parameters(method);
    }

    /** The parameters as people write them, types erased, with their names. */
    String parameters(ExecutableElement method) {
        List<String> all = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            all.add(show(types.erasure(parameter.asType())) + " " + parameter.getSimpleName());
        }
        return "(" + String.join(", ", all) + ")";
    }

    /** A type as people write it: simple names. */
    String show(TypeMirror mirror) {
        TypeMirror erased = types.erasure(mirror);
        return erased instanceof DeclaredType declared
                ? declared.asElement().getSimpleName().toString()
                : erased instanceof javax.lang.model.type.ArrayType array
                        ? show(array.getComponentType()) + "[]"
                        : erased.toString();
    }
}
