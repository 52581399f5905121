package kernel.core.processor;

import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Reads annotations without their classes. */
final class Mirrors {

    private Mirrors() {}

    /** The annotation of that name; null if there is none. */
    static AnnotationMirror find(Element element, String annotation) {
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            if (((TypeElement) mirror.getAnnotationType().asElement()).getQualifiedName().contentEquals(annotation)) {
                return mirror;
            }
        }
        return null;
    }

    /** A member that is written; null if it has its default. */
    static AnnotationValue written(AnnotationMirror annotation, String member) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> entry : annotation.getElementValues()
                .entrySet()) {
            if (entry.getKey().getSimpleName().contentEquals(member)) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** A member's value as text, enum constants by their name. */
    static String text(AnnotationMirror annotation, String member, String otherwise) {
        AnnotationValue value = written(annotation, member);
        return value == null ? otherwise : text(value);
    }

    /** A value as text, enum constants by their name. */
    static String text(AnnotationValue value) {
        return value.getValue() instanceof VariableElement constant
                ? constant.getSimpleName().toString()
                : String.valueOf(value.getValue());
    }

    /** The values of an array; the value itself if it is none. */
    static List<AnnotationValue> each(AnnotationValue value) {
        return value.getValue() instanceof List<?> list
                ? list.stream().map(AnnotationValue.class::cast).toList()
                : List.of(value);
    }

    /** Whether it names what does not exist, or not yet: another processor may make it. The compiler says so itself. */
    static boolean unresolved(TypeMirror type) {
        return type.getKind() == TypeKind.ERROR || type instanceof ArrayType array
                && unresolved(array.getComponentType());
    }
}
