package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces bindings of several events in one step. While it happens every event concerned has a plan that looks at one
 * variable to know whether it is the old or the new one; to write that variable is the step.
 */
final class Swap {

    private final Map<EventType, List<Member>> out = new HashMap<>();
    private final Map<EventType, List<Member>> in = new HashMap<>();
    private volatile boolean done;

    void out(EventType type, Member member) {
        out.computeIfAbsent(type, t -> new ArrayList<>()).add(member);
        in.computeIfAbsent(type, t -> new ArrayList<>());
    }

    /** @param member prepared */
    void in(EventType type, Member member) {
        in.computeIfAbsent(type, t -> new ArrayList<>()).add(member);
        out.computeIfAbsent(type, t -> new ArrayList<>());
    }

    /** Does it. */
    void commit() {
        List<EventType> types = new ArrayList<>(out.keySet());
        types.sort(Comparator.comparingLong(type -> type.number));
        if (types.size() == 1) {
            types.getFirst().change(out.get(types.getFirst()), in.get(types.getFirst()));
            return;
        }
        types.forEach(type -> type.lock.lock());
        try {
            for (EventType type : types) {
                Object before = type.family().plan();
                type.apply(out.get(type), in.get(type));
                Object after = type.makePlan(null);
                type.family().setPlan(type.family().redirect(() -> done ? after : before));
            }
            done = true;
            for (EventType type : types) {
                if (!out.get(type).isEmpty()) {
                    type.retire(out.get(type));
                }
                type.publish(null);
            }
        } finally {
            types.forEach(type -> type.lock.unlock());
        }
    }
}
