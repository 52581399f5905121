package kernel.core.processor;

import java.util.List;

/**
 * What {@code kernel.core.dispatch} calls things. Repeated here because that module is compiled with this processor and so
 * cannot be among what the processor is made of; the tests run against its sources.
 */
final class Names {

    static final String PACKAGE = "kernel.core.dispatch.";
    static final String EVENT = PACKAGE + "Event";
    static final String KEY = PACKAGE + "Key";
    static final String HANDLER = PACKAGE + "Handler";
    static final String INTRINSIC = PACKAGE + "Intrinsic";
    static final String DEFAULT = PACKAGE + "Default";
    static final String FILTER = PACKAGE + "Filter";
    static final String COMPONENT = "org.osgi.service.component.annotations.Component";

    /** Annotations that make a component a binding; in lower case and without the package each is its role. */
    static final List<String> ROLES = List.of(INTRINSIC, HANDLER, FILTER, DEFAULT);

    /** Prefix of the service properties of a binding. */
    static final String PREFIX = "kernel.event.";

    /** Calls of one binding, or raises of one event, that may be outstanding. */
    static final int QUEUE_MAX = 65_536;

    /** Abstract methods of an event's interface. */
    static final int METHODS_MAX = Long.SIZE;

    private Names() {}

    /** The annotation as people write it. */
    static String written(String annotation) {
        return "@" + annotation.substring(annotation.lastIndexOf('.') + 1);
    }
}
