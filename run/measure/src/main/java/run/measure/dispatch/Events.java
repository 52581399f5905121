package run.measure.dispatch;

import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleContext;

/** Short ways to what the tasks do with the dispatcher. */
final class Events {

    private final Dispatcher dispatcher;

    Events(BundleContext context) {
        dispatcher = context.getService(context.getServiceReference(Dispatcher.class));
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Binds the event's own procedure and gives the stub. */
    <E> E own(Class<E> event, E procedure) {
        dispatcher.bind(Binding.intrinsic(event, procedure));
        E stub = dispatcher.stub(event);
        if (stub == procedure) {
            throw new IllegalStateException("What is raised is not the stub of " + event);
        }
        return stub;
    }

    /** Binds a handler of {@link Step} with a guard. @param guard name of the guard */
    Bound step(CountingHandler handler, String guard, int number) {
        return dispatcher.bind(binding(handler, guard, number));
    }

    static Binding<Step> binding(CountingHandler handler, String guard, int number) {
        Binding<Step> binding = Binding.handler(Step.class, handler).name("handler" + number);
        return guard.isEmpty() ? binding : binding.guard(guard);
    }

    static Binding<KeyedStep> keyed(int port) {
        return Binding.handler(KeyedStep.class, new KeyedHandler()).name("handler" + port).key("port", port);
    }

    /** Takes all of them away in one step. */
    void removeAll(List<Bound> bound) {
        dispatcher.swap(bound, List.of());
    }
}
