package kernel.core.processor;

import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;

/** Says what is wrong where it is written. */
record Report(Messager messager) {

    /**
     * Where something is written.
     *
     * @param element what is annotated
     * @param annotation null if the element itself is meant
     * @param value null if the whole annotation is meant
     */
    record Place(Element element, AnnotationMirror annotation, AnnotationValue value) {

        static Place of(Element element) {
            return new Place(element, null, null);
        }
    }

    void error(Place place, String message) {
        messager.printMessage(Kind.ERROR, message, place.element, place.annotation, place.value);
    }

    void warning(Place place, String message) {
        messager.printMessage(Kind.WARNING, message, place.element, place.annotation, place.value);
    }
}
