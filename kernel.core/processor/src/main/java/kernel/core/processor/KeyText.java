package kernel.core.processor;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Whether a text is a value of a key's type. */
final class KeyText {

    private static final Map<TypeKind, long[]> RANGES = Map.of(TypeKind.BYTE,
            new long[]{Byte.MIN_VALUE, Byte.MAX_VALUE},
            TypeKind.SHORT, new long[]{Short.MIN_VALUE, Short.MAX_VALUE}, TypeKind.CHAR,
            new long[]{Character.MIN_VALUE, Character.MAX_VALUE}, TypeKind.INT,
            new long[]{Integer.MIN_VALUE, Integer.MAX_VALUE}, TypeKind.LONG,
            new long[]{Long.MIN_VALUE, Long.MAX_VALUE}, TypeKind.BOOLEAN, new long[]{0, 1});

    /** Classes whose {@code valueOf} can be asked here, because it is the one that will be asked then. */
    private static final Map<String, Class<?>> BOXES = Map.of("java.lang.Byte", Byte.class, "java.lang.Short",
            Short.class, "java.lang.Integer", Integer.class, "java.lang.Long", Long.class, "java.lang.Boolean",
            Boolean.class, "java.lang.Float", Float.class, "java.lang.Double", Double.class);

    private final Elements elements;
    private final Types types;

    KeyText(Elements elements, Types types) {
        this.elements = elements;
        this.types = types;
    }

    /** Why it is none; null if it is one, as far as can be known without running the type's own code. */
    String fault(String text, TypeMirror type) {
        if (type.getKind().isPrimitive()) {
            return RANGES.containsKey(type.getKind()) ? number(text, type.getKind()) : null;
        }
        if (types.isAssignable(elements.getTypeElement("java.lang.String").asType(), type)
                || !(type instanceof DeclaredType declared)) {
            return null;
        }
        TypeElement element = (TypeElement) declared.asElement();
        if (element.getKind() == ElementKind.ENUM) {
            return constant(text, element);
        }
        Class<?> box = BOXES.get(element.getQualifiedName().toString());
        if (box != null) {
            return boxed(text, box);
        }
        return hasFactory(element, type)
                ? null
                : element.getQualifiedName() + " cannot be written as text (it has no public static valueOf, of or "
                        + "parse that takes a String): bind with Dispatcher.bind";
    }

    private static String number(String text, TypeKind kind) {
        if (kind == TypeKind.BOOLEAN && (text.equals("true") || text.equals("false"))
                || kind == TypeKind.CHAR && text.length() == 1) {
            return null;
        }
        try {
            long value = Long.decode(text);
            long[] range = RANGES.get(kind);
            return value >= range[0] && value <= range[1]
                    ? null
                    : "out of range, which is " + range[0] + " to " + range[1];
        } catch (NumberFormatException e) {
            return kind == TypeKind.BOOLEAN ? "write true or false" : "write it in decimal, 0x or 0 notation";
        }
    }

    private static String constant(String text, TypeElement type) {
        var names = type.getEnclosedElements().stream().filter(e -> e.getKind() == ElementKind.ENUM_CONSTANT)
                .map(e -> e.getSimpleName().toString()).toList();
        return names.contains(text) ? null : "it has " + names;
    }

    private static String boxed(String text, Class<?> box) {
        try {
            box.getMethod("valueOf", String.class).invoke(null, text);
            return null;
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(box + " has lost its valueOf", e);
        }
    }

    /** As the dispatcher looks for one: a public static method, which classes inherit and interfaces do not. */
    private boolean hasFactory(TypeElement element, TypeMirror type) {
        Iterable<? extends Element> members = element.getKind() == ElementKind.INTERFACE
                ? element.getEnclosedElements()
                : elements.getAllMembers(element);
        for (ExecutableElement method : ElementFilter.methodsIn(members)) {
            String name = method.getSimpleName().toString();
            if ((name.equals("valueOf") || name.equals("of") || name.equals("parse"))
                    && method.getModifiers().contains(Modifier.STATIC)
                    && method.getModifiers().contains(Modifier.PUBLIC) && method.getParameters().size() == 1
                    && types.isSameType(types.erasure(method.getParameters().getFirst().asType()),
                            elements.getTypeElement("java.lang.String").asType())
                    && types.isSubtype(types.erasure(method.getReturnType()), type)) {
                return true;
            }
        }
        return false;
    }
}
