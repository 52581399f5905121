package kernel.core.processor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;
import kernel.core.processor.Report.Place;

/** The rules of an interface with {@code @Event}. */
final class EventCheck {

    private final EventModel event;
    private final Types types;
    private final Report report;
    private final AnnotationMirror annotation;

    EventCheck(EventModel event, Types types, Report report) {
        this.event = event;
        this.types = types;
        this.report = report;
        annotation = Mirrors.find(event.type(), Names.EVENT);
    }

    void check() {
        if (!shape()) {
            return;
        }
        numbers();
        String fold = Mirrors.text(annotation, "fold", "LAST");
        for (ExecutableElement method : event.methods()) {
            results(method, fold);
        }
        folder(fold);
        for (ExecutableElement method : event.methods()) {
            parameterKeys(method);
        }
        event.extractors().forEach(this::extractor);
    }

    private boolean shape() {
        Place here = new Place(event.type(), annotation, null);
        if (event.type().getKind() != ElementKind.INTERFACE
                || !event.type().getModifiers().contains(Modifier.PUBLIC)) {
            report.error(here, event.name() + " is no event: it must be a public interface");
            return false;
        }
        if (event.type().getModifiers().contains(Modifier.SEALED)) {
            report.error(here, event.name() + " cannot be sealed: the dispatcher's stub and other bundles' handlers "
                    + "implement it");
        }
        int count = event.methods().size();
        if (count == 0 || count > Names.METHODS_MAX) {
            report.error(here, event.name() + " has " + count
                    + " abstract methods; an event interface has 1 to 64: each of them is an event");
        }
        return true;
    }

    private void numbers() {
        range("queue", 1, Names.QUEUE_MAX, "1 to 65536 raises");
        range("tolerance", 0, Integer.MAX_VALUE, "a number of failures, or 0 for never");
        range("stall", 0, Long.MAX_VALUE, "milliseconds, or 0 for as long as they like");
        if (Mirrors.written(annotation, "queue") != null && !async()) {
            report.warning(at("queue"), event.name() + ": queue means nothing without async = true");
        }
    }

    private boolean async() {
        return Boolean.parseBoolean(Mirrors.text(annotation, "async", "false"));
    }

    private void range(String member, long least, long most, String right) {
        long value = Long.parseLong(Mirrors.text(annotation, member, String.valueOf(least)));
        if (value < least || value > most) {
            report.error(at(member), event.name() + ": " + member + " is " + value + "; it must be " + right);
        }
    }

    private Place at(String member) {
        return new Place(event.type(), annotation, Mirrors.written(annotation, member));
    }

    /** At the method if it stands in this interface, else at the annotation. */
    private Place at(ExecutableElement method, String member) {
        return method.getEnclosingElement().equals(event.type()) ? Place.of(method) : at(member);
    }

    private void results(ExecutableElement method, String fold) {
        TypeKind result = method.getReturnType().getKind();
        if ((fold.equals("ANY") || fold.equals("ALL")) && result != TypeKind.BOOLEAN) {
            report.error(at(method, "fold"), event.show(method) + " cannot be folded by " + fold
                    + ": its result must be boolean; change it, or say fold = LAST or BY");
        }
        if (result == TypeKind.VOID) {
            return;
        }
        if (Mirrors.text(annotation, "unanswered", "WAIT").equals("IGNORE")) {
            report.error(at(method, "unanswered"), event.show(method) + " has a result, so a raise that nobody answers "
                    + "cannot be ignored: say unanswered = FAIL or WAIT, or make it void");
        }
        if (async()) {
            report.error(at(method, "async"), event.show(method)
                    + " has a result, so its raises cannot be asynchronous: make it void");
        }
    }

    private void folder(String fold) {
        String name = Mirrors.text(annotation, "folder", "");
        if (!fold.equals("BY")) {
            if (!name.isEmpty()) {
                report.warning(at("folder"), event.name() + ": folder means nothing without fold = BY");
            }
            return;
        }
        for (ExecutableElement method : event.methods()) {
            TypeMirror result = types.erasure(method.getReturnType());
            if (result.getKind() != TypeKind.VOID && !hasFolder(name, result)) {
                String shown = event.show(result);
                report.error(name.isEmpty() ? at("fold") : at("folder"), event.show(method) + " is folded by \"" + name
                        + "\": " + event.name() + " needs a public static method " + shown + " "
                        + (name.isEmpty() ? "NAME" : name) + "(" + shown + " soFar, " + shown + " next)"
                        + (name.isEmpty() ? ", and folder = \"NAME\"" : ""));
            }
        }
    }

    private boolean hasFolder(String name, TypeMirror result) {
        return ElementFilter.methodsIn(event.type().getEnclosedElements()).stream()
                .anyMatch(m -> m.getSimpleName().contentEquals(name)
                        && m.getModifiers().contains(Modifier.STATIC) && m.getModifiers().contains(Modifier.PUBLIC)
                        && types.isSameType(types.erasure(m.getReturnType()), result)
                        && m.getParameters().size() == 2
                        && types.isSameType(event.parameterType(m, 0), result)
                        && types.isSameType(event.parameterType(m, 1), result));
    }

    // ---- keys

    private void parameterKeys(ExecutableElement method) {
        Map<String, Element> seen = new HashMap<>();
        for (ExecutableElement extractor : event.extractors()) {
            if (event.sameParameters(extractor, method)) {
                unique(seen, extractor, extractor, method);
            }
        }
        for (VariableElement parameter : method.getParameters()) {
            if (EventModel.keyOf(parameter) != null) {
                unique(seen, parameter, method, method);
                keyType(parameter, types.erasure(parameter.asType()));
            }
        }
    }

    private void unique(Map<String, Element> seen, Element element, ExecutableElement owner, ExecutableElement method) {
        String key = EventModel.keyOf(element);
        if (seen.putIfAbsent(key, element) != null && owner.getEnclosingElement().equals(event.type())) {
            report.error(keyPlace(element), event.show(method) + " has the key \"" + key
                    + "\" twice: give each a name of its own");
        }
    }

    private void extractor(ExecutableElement method) {
        if (!method.getModifiers().contains(Modifier.PUBLIC)) {
            report.error(keyPlace(method), event.show(method) + ": a method that computes a key must be public");
        }
        if (method.getReturnType().getKind() == TypeKind.VOID) {
            report.error(keyPlace(method), event.show(method) + ": its result is the key, so it cannot be void");
            return;
        }
        keyType(method, types.erasure(method.getReturnType()));
        if (event.methods().stream().noneMatch(m -> event.sameParameters(m, method))) {
            List<String> wanted = event.methods().stream().map(event::parameters).distinct().toList();
            report.error(keyPlace(method), event.show(method) + " computes a key from the parameters of an event, but "
                    + "none has these: it must take " + String.join(" or ", wanted));
        }
    }

    private void keyType(Element element, TypeMirror type) {
        TypeKind kind = type.getKind();
        if (kind == TypeKind.FLOAT || kind == TypeKind.DOUBLE || kind == TypeKind.ARRAY) {
            report.error(keyPlace(element), "a key cannot be a " + event.show(type) + ": it must be a boolean, an "
                    + "integer, a char, or a class with equals and hashCode over an immutable state");
        }
    }

    private static Place keyPlace(Element element) {
        return new Place(element, Mirrors.find(element, Names.KEY), null);
    }

    /**
     * The rules of one {@code @Key}, whatever interface it stands in.
     *
     * @param element a parameter or a method
     */
    static void key(Element element, Report report) {
        AnnotationMirror key = Mirrors.find(element, Names.KEY);
        AnnotationValue value = Mirrors.written(key, "value");
        if (value == null) {
            return; // the compiler asks for it
        }
        String name = Mirrors.text(value);
        if (name.isBlank() || name.contains("=") || !name.equals(name.strip())) {
            report.error(new Place(element, key, value), "\"" + name + "\" cannot be a key's name: handlers write "
                    + "KEY=VALUE, so it has no \"=\" and no space at its ends");
        }
        boolean parameter = element.getKind() == ElementKind.PARAMETER;
        Element method = parameter ? element.getEnclosingElement() : element;
        boolean ofInterface = method.getEnclosingElement().getKind() == ElementKind.INTERFACE;
        Modifier wanted = parameter ? Modifier.ABSTRACT : Modifier.STATIC;
        if (!ofInterface || !method.getModifiers().contains(wanted)) {
            report.error(keyPlace(element),
                    "@Key belongs on a parameter of an event interface's abstract method, or on "
                            + "a static method of that interface that computes the key from the event's parameters");
        }
    }
}
