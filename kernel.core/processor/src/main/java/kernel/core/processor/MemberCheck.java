package kernel.core.processor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;
import kernel.core.processor.Declared.Item;
import kernel.core.processor.Report.Place;

/** The rules of a component with respect to one event: methods, keys, guard, filters. */
final class MemberCheck {

    private final TypeElement component;
    private final EventModel event;
    private final Declared declared;
    private final Types types;
    private final KeyText values;
    private final SideEffects effects;
    private final Report report;
    private final List<ExecutableElement> handled;

    MemberCheck(TypeElement component, EventModel event, Declared declared, ProcessingEnvironment environment,
            Report report) {
        this.component = component;
        this.event = event;
        this.declared = declared;
        types = environment.getTypeUtils();
        values = new KeyText(environment.getElementUtils(), types);
        effects = new SideEffects(environment);
        this.report = report;
        handled = event.methods(declared.texts("methods"));
    }

    void check() {
        for (Item item : declared.all("methods")) {
            if (!event.methodNames().contains(item.text())) {
                report.error(item.place(), event.name() + " has no method " + item.text() + "; it has "
                        + event.methodNames());
            }
        }
        declared.all("key").forEach(this::key);
        if (declared.one("guard") != null) {
            guard(declared.one("guard"));
        }
        declared.all("filter").forEach(this::filter);
    }

    private void key(Item item) {
        int equals = item.text().indexOf('=');
        if (equals <= 0) {
            return; // said already
        }
        String key = item.text().substring(0, equals).strip();
        String value = item.text().substring(equals + 1).strip();
        if (!event.keys().contains(key)) {
            report.error(item.place(), declared.name() + " wants " + key + "=" + value + ", but " + event.name()
                    + (event.keys().isEmpty() ? " has no keys" : " has the keys " + event.keys()));
            return;
        }
        for (ExecutableElement method : handled) {
            TypeMirror type = event.keyType(key, method);
            if (type == null) {
                report.error(item.place(), declared.name() + " wants " + key + "=" + value + ", but "
                        + event.show(method) + " has no such key: name the methods that it handles, methods = ...");
                continue;
            }
            String fault = values.fault(value, type);
            if (fault != null) {
                report.error(item.place(), declared.name() + " wants " + key + "=" + value + ", which is no "
                        + event.show(type) + ": " + fault);
                return;
            }
        }
    }

    private void guard(Item item) {
        Set<ExecutableElement> found = new LinkedHashSet<>();
        for (ExecutableElement method : handled) {
            ExecutableElement guard = find(item, "guard \"" + item.text() + "\" of " + declared.name(), item.text(),
                    method,
                    null);
            if (guard != null) {
                found.add(guard);
            }
        }
        for (ExecutableElement guard : found) {
            String field = effects.assigned(guard);
            if (field != null) {
                report.warning(Place.of(guard), "guard \"" + item.text() + "\" of " + declared.name() + " assigns "
                        + field + ": a guard may be asked any number of times and must have no side effects; do it in "
                        + "the handler");
            }
        }
    }

    private void filter(Item item) {
        int equals = item.text().indexOf('=');
        if (equals <= 0) {
            return; // said already
        }
        String parameter = item.text().substring(0, equals).strip();
        String name = item.text().substring(equals + 1).strip();
        for (ExecutableElement method : handled) {
            int index = event.parameter(method, parameter);
            if (index < 0) {
                report.error(item.place(), declared.name() + " changes \"" + parameter + "\", which "
                        + event.show(method) + " does not have: name a parameter by its number from 0, by its @Key, or "
                        + "by its name if the interface is compiled with -parameters");
            } else {
                find(item, declared.name() + " changes \"" + parameter + "\" by \"" + name + "\"", name, method,
                        event.parameterType(method, index));
            }
        }
    }

    // ---- methods of the component

    /**
     * A method of the component with an event's parameters.
     *
     * @param result its type, null for boolean
     * @return null if there is none that can be called, which has been said
     */
    private ExecutableElement find(Item item, String who, String name, ExecutableElement method, TypeMirror result) {
        String wanted = "public " + (result == null ? "boolean" : event.show(result)) + " " + name
                + event.parameters(method);
        StringBuilder others = new StringBuilder();
        for (TypeElement owner : closure(component, types)) {
            for (ExecutableElement candidate : ElementFilter.methodsIn(owner.getEnclosedElements())) {
                if (!candidate.getSimpleName().contentEquals(name)) {
                    continue;
                }
                boolean resultFits = result == null
                        ? candidate.getReturnType().getKind() == TypeKind.BOOLEAN
                        : types.isSameType(types.erasure(candidate.getReturnType()), result);
                if (resultFits && event.sameParameters(candidate, method)) {
                    return callable(item, who, candidate, wanted) ? candidate : null;
                }
                others.append(others.isEmpty() ? "; there is " : " and ").append(event.show(candidate.getReturnType()))
                        .append(' ').append(name).append(event.parameters(candidate));
            }
        }
        report.error(item.place(), who + ": there is no method " + wanted + " in " + component.getQualifiedName()
                + others);
        return null;
    }

    private boolean callable(Item item, String who, ExecutableElement method, String wanted) {
        Set<Modifier> modifiers = method.getModifiers();
        if (modifiers.contains(Modifier.STATIC)) {
            report.error(item.place(), who + ": the method is static: make it " + wanted);
            return false;
        }
        if (!modifiers.contains(Modifier.PUBLIC)) {
            report.error(item.place(), who + ": the method is not public: make it " + wanted);
            return false;
        }
        return true;
    }

    /** A class with all that it extends and implements, itself first. */
    static Set<TypeElement> closure(TypeElement type, Types types) {
        Set<TypeElement> found = new LinkedHashSet<>();
        collect(type, types, found);
        return found;
    }

    private static void collect(TypeElement type, Types types, Set<TypeElement> found) {
        if (found.add(type)) {
            for (TypeMirror parent : types.directSupertypes(type.asType())) {
                if (parent.getKind() == TypeKind.DECLARED) {
                    collect((TypeElement) ((DeclaredType) parent).asElement(), types, found);
                }
            }
        }
    }
}
