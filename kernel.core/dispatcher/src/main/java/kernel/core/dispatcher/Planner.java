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
    private Map<Object, Object> byValue = Map.of();
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
        if (primary.isEmpty()) {
            inUse.clear();
            key = "";
            return sequence(steps(members, ""), fallback);
        }
        boolean more = added != null && primary.equals(key) && added.keys.containsKey(key);
        Map<Object, Object> plans;
        if (more) {
            plans = new HashMap<>(byValue);
            added.keys.get(key).forEach(value -> plans.put(value, subplan(members, primary, value, fallback)));
        } else {
            inUse.clear();
            plans = new LinkedHashMap<>();
            byValue(members, primary).forEach((value, some) -> plans.put(value,
                    sequence(steps(some, primary), fallback)));
            otherwise = subplan(members, primary, null, fallback);
        }
        key = primary;
        byValue = plans;
        return family.keyed(primary, new KeyTable(plans, otherwise), otherwise);
    }

    private String primary(List<Member> members, Member added) {
        if (added != null && !key.isEmpty() && event.keys().getFirst().equals(key)) {
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
            Set<Object> values = member.keys.get(primary);
            if (values == null || value != null && values.contains(value)) {
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
            tests.add(guard.test(family, member.methods)); // imposed ones come first
        }
        for (String other : member.keys.keySet()) {
            if (!other.equals(primary)) {
                tests.add(Admission.comparing(event, member, other).test(family, member.methods));
            }
        }
        if (own == 1) {
            tests.add(member.guards.getLast().test(family, member.methods));
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
            if (only.flags == Step.INTRINSIC && only.guards.length == 0 && only.methods == event.mask(List.of())) {
                return only.handler;
            }
        }
        if (steps.size() > Family.LONGEST_SHAPE && steps.stream().allMatch(step -> step.changes.isEmpty())) {
            return family.walk(hooks, steps, fallback);
        }
        String shape = Family.shapeOf(steps);
        inUse.add(shape);
        Object plan = family.shaped(shape, hooks, steps, fallback);
        if (plan != null) {
            return plan;
        }
        if (steps.stream().anyMatch(step -> !step.changes.isEmpty())) {
            family.makeShape(shape, steps);
            return family.shaped(shape, hooks, steps, fallback);
        }
        wanted.put(shape, steps);
        return family.walk(hooks, steps, fallback);
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
        key = "";
    }
}
