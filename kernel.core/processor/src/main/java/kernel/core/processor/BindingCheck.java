package kernel.core.processor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import kernel.core.processor.Declared.Item;
import kernel.core.processor.Report.Place;

/** The rules of a component that binds: what it provides, and what it says by itself. */
final class BindingCheck {

    private static final List<String> OVERFLOWS = List.of("wait", "drop", "run", "fail");

    private final TypeElement component;
    private final Declared declared;
    private final ProcessingEnvironment environment;
    private final Elements elements;
    private final Types types;
    private final Report report;
    private boolean resolved = true;

    BindingCheck(TypeElement component, Declared declared, ProcessingEnvironment environment, Report report) {
        this.component = component;
        this.declared = declared;
        this.environment = environment;
        elements = environment.getElementUtils();
        types = environment.getTypeUtils();
        this.report = report;
    }

    /** @return whether everything that it names is known in this round; if not, nothing was said */
    boolean check() {
        List<Service> services = services();
        for (TypeElement type : MemberCheck.closure(component, types)) {
            resolved &= isKnown(type);
        }
        if (!resolved) {
            return false;
        }
        if (!isComponent()) {
            return true;
        }
        role();
        options();
        combinations();
        for (EventModel event : events(services)) {
            new MemberCheck(component, event, declared, environment, report).check();
        }
        return true;
    }

    /** Whether what a class extends, and what its methods take and give, is known. */
    private static boolean isKnown(TypeElement type) {
        return !Mirrors.unresolved(type.getSuperclass()) && type.getInterfaces().stream().noneMatch(Mirrors::unresolved)
                && ElementFilter.methodsIn(type.getEnclosedElements()).stream()
                        .noneMatch(m -> Mirrors.unresolved(m.getReturnType())
                                || m.getParameters().stream().anyMatch(p -> Mirrors.unresolved(p.asType())));
    }

    private boolean isComponent() {
        if (component.getKind() != ElementKind.CLASS && component.getKind() != ElementKind.RECORD) {
            report.error(declared.place(),
                    component.getQualifiedName() + " is no class: only a component's class binds");
            return false;
        }
        if (Mirrors.find(component, Names.COMPONENT) == null) {
            report.error(declared.place(), component.getQualifiedName()
                    + " is no component, so nobody registers it: add "
                    + "@Component, or bind it by Dispatcher.bind or the service properties of Binding without this "
                    + "annotation");
            return false;
        }
        return true;
    }

    // ---- what it provides

    private record Service(TypeElement type, Place place) {}

    /** What Declarative Services registers: what {@code service} says, else the interfaces directly behind the name. */
    private List<Service> services() {
        List<Service> found = new ArrayList<>();
        AnnotationMirror ds = Mirrors.find(component, Names.COMPONENT);
        AnnotationValue written = ds == null ? null : Mirrors.written(ds, "service");
        if (written == null) {
            for (TypeMirror type : component.getInterfaces()) {
                add(found, type, declared.place());
            }
            return found;
        }
        for (AnnotationValue value : Mirrors.each(written)) {
            if (value.getValue() instanceof TypeMirror type) {
                add(found, type, new Place(component, ds, value));
            } else {
                resolved = false;
            }
        }
        return found;
    }

    private void add(List<Service> found, TypeMirror type, Place place) {
        if (Mirrors.unresolved(type)) {
            resolved = false;
        } else if (type instanceof DeclaredType declaredType) {
            TypeElement element = (TypeElement) declaredType.asElement();
            resolved &= new EventModel(element, elements, types).resolved();
            found.add(new Service(element, place));
        }
    }

    private List<EventModel> events(List<Service> services) {
        List<EventModel> events = new ArrayList<>();
        if (services.isEmpty()) {
            Set<String> inherited = inheritedEvents();
            report.error(declared.place(), component.getQualifiedName()
                    + " provides no service, so it binds to nothing: "
                    + (inherited.isEmpty()
                            ? "implement the event's interface"
                            : "interfaces that it inherits count only if they are named; say @Component(service = "
                                    + classes(inherited) + ")"));
        }
        for (Service service : services) {
            if (!types.isSubtype(types.erasure(component.asType()), types.erasure(service.type.asType()))) {
                report.error(service.place, component.getQualifiedName() + " does not implement "
                        + service.type.getQualifiedName() + ", which it provides");
                continue;
            }
            EventModel event = new EventModel(service.type, elements, types);
            if (event.isEvent()) {
                events.add(event);
            } else {
                noEvent(service);
            }
        }
        return events;
    }

    /** The dispatcher refuses all of a registration if one of its types is no event. */
    private void noEvent(Service service) {
        Set<String> events = inheritedEvents();
        report.error(service.place, component.getQualifiedName() + " provides " + service.type.getQualifiedName()
                + ", which is no event (it has no @Event), so the dispatcher refuses it: "
                + (events.isEmpty()
                        ? "implement an interface with @Event"
                        : "say @Component(service = " + classes(events) + "), and provide the rest by a component of "
                                + "its own"));
    }

    private static String classes(Set<String> names) {
        List<String> all = names.stream().map(name -> name + ".class").toList();
        return all.size() == 1 ? all.getFirst() : "{" + String.join(", ", all) + "}";
    }

    private Set<String> inheritedEvents() {
        Set<String> found = new LinkedHashSet<>();
        for (TypeElement type : MemberCheck.closure(component, types)) {
            if (type.getKind() == ElementKind.INTERFACE && Mirrors.find(type, Names.EVENT) != null) {
                found.add(type.getSimpleName().toString());
            }
        }
        return found;
    }

    // ---- what it says by itself

    private void role() {
        if (declared.roles().size() > 1) {
            List<String> written = declared.roles().stream()
                    .map(r -> "@" + r.getAnnotationType().asElement().getSimpleName()).toList();
            report.error(new Place(component, declared.roles().getLast(), null), component.getQualifiedName()
                    + " has " + String.join(" and ", written)
                    + ", but a registration binds in one way: make a component for each");
        }
        List<String> right = Names.ROLES.stream()
                .map(n -> Names.written(n).substring(1).toLowerCase(java.util.Locale.ROOT)).toList();
        for (Item item : declared.all("role")) {
            if (declared.roles().isEmpty() ? !right.contains(item.text()) : !item.text().equals(declared.role())) {
                report.error(item.place(), wrong("role", item.text(), declared.roles().isEmpty()
                        ? "intrinsic, handler, filter or default"
                        : declared.role() + ", as its annotation says: leave it out"));
            }
        }
    }

    private String wrong(String member, String value, String right) {
        return declared.name() + ": " + member + " is \"" + value + "\"; it must be " + right;
    }

    private void options() {
        Item order = declared.one("order");
        if (order != null && !order.text().equals("first") && !order.text().equals("last")
                && !order.text().matches("(before|after):.+")) {
            report.error(order.place(), wrong("order", order.text(), "first, last, before:NAME or after:NAME"));
        } else if (order != null && order.text().matches("(before|after):\\Q" + declared.name() + "\\E")) {
            report.error(order.place(), wrong("order", order.text(), "beside another binding, not beside itself"));
        }
        Item overflow = declared.one("overflow");
        if (overflow != null && !OVERFLOWS.contains(overflow.text())) {
            report.error(overflow.place(), wrong("overflow", overflow.text(), "wait, drop, run or fail"));
        }
        range("queue", 1, Names.QUEUE_MAX, "1 to 65536 calls");
        range("limit", 0, Long.MAX_VALUE, "microseconds, or 0 for none");
        for (String member : List.of("queue", "overflow")) {
            if (declared.one(member) != null && declared.role().equals("handler") && !declared.flag("async")) {
                report.warning(declared.one(member).place(), declared.name() + ": " + member
                        + " means nothing without async = true");
            }
        }
        pairs("key", "KEY=VALUE");
        pairs("filter", "PARAMETER=METHOD");
    }

    private void range(String member, long least, long most, String right) {
        Item item = declared.one(member);
        try {
            if (item != null && (Long.parseLong(item.text()) < least || Long.parseLong(item.text()) > most)) {
                report.error(item.place(), wrong(member, item.text(), right));
            }
        } catch (NumberFormatException e) {
            report.error(item.place(), wrong(member, item.text(), right));
        }
    }

    private void pairs(String member, String form) {
        for (Item item : declared.all(member)) {
            if (item.text().indexOf('=') <= 0) {
                report.error(item.place(), declared.name() + ": " + member + " \"" + item.text() + "\": write " + form);
            }
        }
    }

    private void combinations() {
        String role = declared.role();
        if (role.equals("filter") && declared.all("filter").isEmpty()) {
            report.error(declared.place(), declared.name()
                    + ": a filter names what it changes: say filter = \"PARAMETER=METHOD\"");
        }
        for (Item item : role.equals("filter") ? List.<Item>of() : declared.all("filter")) {
            report.error(item.place(), declared.name() + ": only a filter names what it changes: make it a @Filter");
        }
        boolean own = role.equals("intrinsic") || role.equals("default");
        for (String member : List.of("guard", "key", "order")) {
            if (own && declared.one(member) != null) {
                report.error(declared.one(member).place(),
                        declared.name() + ": an intrinsic or default handler cannot have a "
                                + member + ": make it a @Handler");
            }
        }
        for (String member : List.of("async", "cancel")) {
            if ((own || role.equals("filter")) && declared.flag(member)) {
                report.error(declared.one(member).place(), declared.name() + ": a binding that is " + role
                        + " cannot be " + member + ": make it a @Handler");
            }
        }
        Item limit = declared.one("limit");
        if (role.equals("filter") && limit != null && !limit.text().equals("0")) {
            report.error(limit.place(), declared.name() + ": a filter cannot have a time limit");
        }
    }
}
