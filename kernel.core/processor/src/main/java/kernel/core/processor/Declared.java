package kernel.core.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import kernel.core.processor.Report.Place;

/**
 * How a component says that it binds: the members of its annotations that are written, and the properties that
 * {@code @Component(property = "kernel.event.NAME=VALUE")} adds. Immutable.
 */
final class Declared {

    private final TypeElement component;
    private final Map<String, List<Item>> items = new LinkedHashMap<>();
    private final List<AnnotationMirror> roles = new ArrayList<>();
    private final AnnotationMirror annotation;

    /** One value of one property, and where it is written. */
    record Item(String text, Place place) {}

    Declared(TypeElement component) {
        this.component = component;
        for (String name : Names.ROLES) {
            AnnotationMirror mirror = Mirrors.find(component, name);
            if (mirror != null) {
                roles.add(mirror);
                read(mirror);
            }
        }
        AnnotationMirror ds = Mirrors.find(component, Names.COMPONENT);
        annotation = roles.isEmpty() ? ds : roles.getFirst();
        if (ds != null && Mirrors.written(ds, "property") != null) {
            for (AnnotationValue value : Mirrors.each(Mirrors.written(ds, "property"))) {
                property(ds, value);
            }
        }
    }

    private void read(AnnotationMirror mirror) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry : mirror.getElementValues()
                .entrySet()) {
            for (AnnotationValue value : Mirrors.each(entry.getValue())) {
                add(entry.getKey().getSimpleName().toString(), Mirrors.text(value), mirror, value);
            }
        }
    }

    /** {@code NAME=VALUE} or {@code NAME:TYPE=VALUE}, as Declarative Services writes properties. */
    private void property(AnnotationMirror ds, AnnotationValue value) {
        String text = Mirrors.text(value);
        int equals = text.indexOf('=');
        if (equals < 0 || !text.startsWith(Names.PREFIX)) {
            return;
        }
        String name = text.substring(Names.PREFIX.length(), equals);
        int colon = name.indexOf(':');
        add(colon < 0 ? name : name.substring(0, colon), text.substring(equals + 1), ds, value);
    }

    private void add(String name, String text, AnnotationMirror mirror, AnnotationValue value) {
        items.computeIfAbsent(name, n -> new ArrayList<>()).add(new Item(text, new Place(component, mirror, value)));
    }

    /** The annotations that make it a binding. */
    List<AnnotationMirror> roles() {
        return roles;
    }

    /** Whether it binds at all. */
    boolean binds() {
        return !roles.isEmpty() || items.containsKey("role");
    }

    /** What it is: by its annotation, else by its property. */
    String role() {
        return roles.isEmpty()
                ? items.get("role").getFirst().text
                : roles.getFirst().getAnnotationType().asElement().getSimpleName().toString()
                        .toLowerCase(java.util.Locale.ROOT);
    }

    /** The annotation that says so. */
    Place place() {
        return new Place(component, annotation, null);
    }

    /** All values of a property, none if it is not written. */
    List<Item> all(String property) {
        return items.getOrDefault(property, List.of());
    }

    List<String> texts(String property) {
        return all(property).stream().map(Item::text).toList();
    }

    /** The last value that is written and not empty; null if there is none. */
    Item one(String property) {
        Item last = all(property).isEmpty() ? null : all(property).getLast();
        return last == null || last.text.isEmpty() ? null : last;
    }

    boolean flag(String property) {
        Item item = one(property);
        return item != null && item.text.equals("true");
    }

    /** What people know it by. */
    String name() {
        Item name = one("name");
        return name == null ? component.getSimpleName().toString() : name.text;
    }
}
