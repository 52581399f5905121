package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.core.dispatcher.link.Signature;

/** Guards that an event's owner imposed on bindings, by their name. Not thread-safe: belongs to the event's lock. */
final class Imposed {

    private final Signature event;
    private final Map<String, List<Object>> guards = new HashMap<>();

    Imposed(Signature event) {
        this.event = event;
    }

    /**
     * Adds a guard to all bindings of a name, those to come included; or takes it away.
     *
     * @param present who is bound now
     * @throws kernel.core.dispatch.BindingException it does not fit
     */
    void change(String name, Object guard, boolean on, List<Member> present) {
        List<Object> all = guards.computeIfAbsent(name, n -> new ArrayList<>());
        if (on) {
            Guard.function(event, -1, guard, "what is imposed on " + name); // fits, or throws
            all.add(guard);
        } else {
            all.remove(guard);
        }
        for (Member member : present) {
            if (!member.name().equals(name)) {
                continue;
            }
            if (on) {
                impose(member, guard);
            } else {
                List<Guard> less = new ArrayList<>(member.guards);
                less.removeIf(g -> g.target() == guard);
                member.guards = less;
            }
            member.step = null;
        }
    }

    /** Adds to a binding that comes what was imposed on its name. */
    void on(Member member) {
        guards.getOrDefault(member.name(), List.of()).forEach(guard -> impose(member, guard));
    }

    private void impose(Member member, Object guard) {
        List<Guard> more = new ArrayList<>();
        more.add(Guard.function(event, member.methods, guard, "what is imposed on " + member.name()));
        more.addAll(member.guards);
        member.guards = more;
        member.step = null;
    }
}
