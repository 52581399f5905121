package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.core.dispatcher.link.Family;
import kernel.core.dispatcher.link.Hooks;
import kernel.core.dispatcher.link.KeyTable;
import kernel.core.dispatcher.link.Signature;
import kernel.core.dispatcher.link.Step;

/** Makes plans of ordered bindings. Not thread-safe: belongs to the event's lock. */
final class Planner {

    private final Family family;
    private final Signature event;
    private final Hooks hooks;
    /** Sequences that went without a shape of their own. */
    private final Map<String, List<Step>> wanted = new HashMap<>();

    /** Shapes of the current plan. */
    private final Set<String> inUse = new HashSet<>();

    /** The last plan with a key, so that one more handler costs no look at the others. */
    private String key = "";
    /** Whether {@link #key} and what follows are those of the last plan, and nothing was removed since. */
    private boolean valid;
    private KeyTable table;
    private Object otherwise;

    Planner(Family family, Hooks hooks) {
        this.family = family;
        this.hooks = hooks;
        event = family.signature();
    }

    /**
     * Makes a plan.
     *
     * @param members in the order in which they run
     * @param fallback the default handler, or null
     * @param added the only member by which the last plan differs, if it was the last change and nothing was removed; or
     *            null
     */
    Object plan(List<Member> members, Object fallback, Member added) {
        String primary = primary(members, added);
        boolean more = added != null && valid && primary.equals(key) && added.keys.containsKey(key);
        valid = true;
        if (primary.isEmpty()) {
            inUse.clear();
            key = "";
            return sequence(steps(members, ""), fallback);
        }
        if (more) {
            for (Object value : added.keys.get(key)) {
                table = table.with(value, subplan(members, primary, value, fallback));
            }
        } else {
            inUse.clear();
            Map<Object, Object> plans = new LinkedHashMap<>();
            byValue(members, primary).forEach((value, some) -> plans.put(value,
                    sequence(steps(some, primary), fallback)));
            otherwise = subplan(members, primary, null, fallback);
            table = new KeyTable(plans, otherwise);
        }
        key = primary;
        return family.keyed(primary, table, otherwise);
    }

    private String primary(List<Member> members, Member added) {
        if (event.keys().isEmpty() || added != null && valid && key.isEmpty() && added.keys.isEmpty()) {
            return "";
        }
        if (added != null && valid && event.keys().getFirst().equals(key)) {
            return key;
        }
        for (String candidate : event.keys()) {
            for (Member member : members) {
                if (member.keys.containsKey(candidate)) {
                    return candidate;
                }
            }
        }
        return "";
    }

    private Map<Object, List<Member>> byValue(List<Member> members, String primary) {
        Map<Object, List<Member>> all = new LinkedHashMap<>();
        List<Member> everywhere = new ArrayList<>();
        for (Member member : members) {
            Set<Object> values = member.keys.get(primary);
            if (values == null) {
                everywhere.add(member);
                all.values().forEach(list -> list.add(member));
            } else {
                values.forEach(value -> all.computeIfAbsent(value, v -> new ArrayList<>(everywhere)).add(member));
            }
        }
        return all;
    }

    private Object subplan(List<Member> members, String primary, Object value, Object fallback) {
        List<Member> some = new ArrayList<>();
        for (Member member : members) {
            if (member.wants(primary, value)) {
                some.add(member);
            }
        }
        return sequence(steps(some, primary), fallback);
    }

    private List<Step> steps(List<Member> members, String primary) {
        List<Step> steps = new ArrayList<>(members.size());
        for (Member member : members) {
            steps.add(step(member, primary));
        }
        return steps;
    }

    private Step step(Member member, String primary) {
        if (member.step != null && member.stepKey.equals(primary)) {
            return member.step;
        }
        List<Step.Test> tests = new ArrayList<>();
        int own = member.options.guard() == null ? 0 : 1;
        for (Guard guard : member.guards.subList(0, member.guards.size() - own)) {
            tests.add(guard.test()); // imposed ones come first
        }
        for (String other : member.keys.keySet()) {
            if (!other.equals(primary)) {
                tests.add(Admission.comparing(event, member, other).test());
            }
        }
        if (own == 1) {
            tests.add(member.guards.getLast().test());
        }
        int flags = (member.options.cancel() ? Step.CANCEL : 0)
                | (member.options.async() || !member.changes.isEmpty() ? Step.SILENT : 0)
                | (member.intrinsic() && member.options.limit() == 0 ? Step.INTRINSIC : 0);
        member.step = new Step(member, member.handler, tests, flags, member.methods, member.changes);
        member.stepKey = primary;
        return member.step;
    }

    private Object sequence(List<Step> steps, Object fallback) {
        if (steps.size() == 1) {
            Step only = steps.getFirst();
            if (only.flags == Step.INTRINSIC && only.guards == 0 && only.methods == event.mask(List.of())) {
                return only.handler;
            }
        }
        if (steps.size() > Family.LONGEST_SHAPE && !changes(steps)) {
            return family.walk(hooks, steps, fallback);
        }
        String shape = Family.shapeOf(steps);
        inUse.add(shape);
        Object plan = family.shaped(shape, hooks, steps, fallback);
        if (plan != null) {
            return plan;
        }
        if (changes(steps)) {
            family.makeShape(shape, steps);
            return family.shaped(shape, hooks, steps, fallback);
        }
        wanted.put(shape, steps);
        return family.walk(hooks, steps, fallback);
    }

    private static boolean changes(List<Step> steps) {
        for (Step step : steps) {
            if (!step.changes.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Sequences that deserve a shape; forgotten when asked for. */
    Map<String, List<Step>> takeWanted() {
        Map<String, List<Step>> all = Map.copyOf(wanted);
        wanted.clear();
        return all;
    }

    /** Shapes of the current plan. */
    Set<String> inUse() {
        return inUse;
    }

    boolean wants() {
        return !wanted.isEmpty();
    }

    /** The next plan is made of nothing that was made before. */
    void forget() {
        valid = false;
    }
}
