package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.Count;
import kernel.core.dispatch.Dispatcher.EventState;
import kernel.core.dispatcher.link.Signature;

/** An event as people see it. */
final class Portrait {

    private Portrait() {}

    /**
     * What is bound, for each method.
     *
     * @param inForce what a raise runs, in order
     * @param order everything that is bound
     * @param meter null if nothing is counted
     */
    static List<EventState> of(Signature signature, List<Member> inForce, Order order, List<String> faults,
            Meter meter) {
        List<Member> shown = new ArrayList<>(inForce);
        if (order.fallback() != null) {
            shown.add(order.fallback());
        }
        order.all().stream().filter(m -> m.quarantined).forEach(shown::add);
        List<EventState> all = new ArrayList<>();
        for (int i = 0; i < signature.methods().size(); i++) {
            int method = i;
            List<BindingState> bound = shown.stream().filter(m -> (m.methods >>> method & 1) != 0)
                    .map(m -> state(m, method)).toList();
            Count count = meter == null ? null : meter.count(i);
            all.add(new EventState(signature.type().getName() + "." + signature.methods().get(i).getName(), bound,
                    signature.keys(), faults, count));
        }
        return all;
    }

    private static BindingState state(Member m, int method) {
        String modes = m.options.modes() + (m.mailbox == null ? "" : ", " + m.mailbox.state());
        return new BindingState(m.name(), m.options.role(), m.options.order(), m.options.conditions(), modes, m.bundle,
                m.bundleId, m.failures(), m.troubleNow(), m.meter == null ? null : m.meter.count(method));
    }
}
