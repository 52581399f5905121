package kernel.core.processor;

import java.util.LinkedHashSet;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * The annotation processor that compilers find by {@code META-INF/services}. It makes no files and claims no annotations.
 * A type that names what does not exist yet is looked at again in the next round, when another processor may have made
 * it; what never comes the compiler reports itself.
 */
public final class EventProcessor extends AbstractProcessor {

    /** Names of components and events that could not be judged yet. */
    private final Set<String> waiting = new LinkedHashSet<>();

    /** Made by the compiler. */
    public EventProcessor() {}

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(Names.EVENT, Names.KEY, Names.HANDLER, Names.INTRINSIC, Names.DEFAULT, Names.FILTER,
                Names.COMPONENT);
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if (round.processingOver()) {
            return false;
        }
        Elements elements = processingEnv.getElementUtils();
        Report report = new Report(processingEnv.getMessager());
        Set<TypeElement> todo = new LinkedHashSet<>();
        for (String name : waiting) {
            TypeElement type = elements.getTypeElement(name);
            if (type != null) {
                todo.add(type);
            }
        }
        waiting.clear();
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                if (annotation.getQualifiedName().contentEquals(Names.KEY)) {
                    EventCheck.key(element, report);
                } else if (element instanceof TypeElement type) {
                    todo.add(type);
                }
            }
        }
        todo.forEach(type -> check(type, report));
        return false;
    }

    private void check(TypeElement type, Report report) {
        Elements elements = processingEnv.getElementUtils();
        Types types = processingEnv.getTypeUtils();
        boolean judged = true;
        if (Mirrors.find(type, Names.EVENT) != null) {
            EventModel event = new EventModel(type, elements, types);
            judged = event.resolved();
            if (judged) {
                new EventCheck(event, types, report).check();
            }
        }
        Declared declared = new Declared(type);
        if (judged && declared.binds()) {
            judged = new BindingCheck(type, declared, processingEnv, report).check();
        }
        if (!judged) {
            waiting.add(type.getQualifiedName().toString());
        }
    }
}
