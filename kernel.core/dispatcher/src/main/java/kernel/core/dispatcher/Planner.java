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

    /** The key by which the last plan chooses; empty if it has none. */
    private String key = "";
    /** Whether {@link #key} and what follows are those of the last plan, and nothing was removed since. */
    private boolean valid;
    /** What runs for the values of the key that somebody wants, so that one more handler costs no look at the others. */
    private final Map<Object, List<Step>> sequences = new HashMap<>();
    /** What runs for all other values; without a key: always. */
    private List<Step> everywhere = List.of();
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
     */
    Object plan(List<Member> members, Object fallback) {
        key = primary(members);
        valid = true;
        sequences.clear();
        inUse.clear();
        everywhere = steps(members.stream().filter(m -> !m.keys.containsKey(key)).toList());
        otherwise = sequence(everywhere, fallback);
        if (key.isEmpty()) {
            return otherwise;
        }
        Map<Object, Object> plans = new LinkedHashMap<>();
        byValue(members).forEach((value, some) -> {
            sequences.put(value, steps(some));
            plans.put(value, sequence(sequences.get(value), fallback));
        });
        table = new KeyTable(plans, otherwise);
        return family.keyed(key, table, otherwise);
    }

    /**
     * Makes the plan that has one handler or filter more than the last one, without a look at all others.
     *
     * @param fallback that of the last plan
     * @return null if this does not do: {@link #plan} must be called
     */
    Object more(Member added, Object fallback) {
        boolean keyed = added.keys.containsKey(key);
        if (!valid || !key.isEmpty() && !keyed || !key.equals(primary(List.of(added)))) {
            return null;
        }
        Step step = step(added);
        if (key.isEmpty()) {
            List<Step> all = Sequence.with(everywhere, step);
            if (all == null) {
                return null;
            }
            everywhere = all;
            inUse.clear();
            otherwise = sequence(all, fallback);
            return otherwise;
        }
        for (Object value : added.keys.get(key)) {
            List<Step> all = Sequence.with(sequences.getOrDefault(value, everywhere), step);
            if (all == null) {
                return null;
            }
            sequences.put(value, all);
            table = table.with(value, sequence(all, fallback));
        }
        return family.keyed(key, table, otherwise);
    }

    /** The first of the event's keys that somebody names. */
    private String primary(List<Member> members) {
        for (String candidate : event.keys()) {
            for (Member member : members) {
                if (member.keys.containsKey(candidate)) {
                    return candidate;
                }
            }
        }
        return "";
    }

    private Map<Object, List<Member>> byValue(List<Member> members) {
        Map<Object, List<Member>> all = new LinkedHashMap<>();
        List<Member> always = new ArrayList<>();
        for (Member member : members) {
            Set<Object> values = member.keys.get(key);
            if (values == null) {
                always.add(member);
                all.values().forEach(list -> list.add(member));
            } else {
                values.forEach(value -> all.computeIfAbsent(value, v -> new ArrayList<>(always)).add(member));
            }
        }
        return all;
    }

    private List<Step> steps(List<Member> members) {
        return members.stream().map(this::step).toList();
    }

    private Step step(Member member) {
        if (member.step != null && member.stepKey.equals(key)) {
            return member.step;
        }
        List<Step.Test> tests = new ArrayList<>();
        int own = member.options.guard() == null ? 0 : 1;
        for (Guard guard : member.guards.subList(0, member.guards.size() - own)) {
            tests.add(guard.test()); // imposed ones come first
        }
        for (String other : member.keys.keySet()) {
            if (!other.equals(key)) {
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
        member.stepKey = key;
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
