package kernel.core.dispatcher;

import java.util.Arrays;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatcher.link.Step;

/** Puts one more step where it belongs, by a look at its neighbours alone. */
final class Sequence {

    private Sequence() {}

    /**
     * The same sequence with one step more.
     *
     * @return null if the neighbours do not tell the place: the whole must be ordered anew
     */
    static List<Step> with(List<Step> steps, Step added) {
        Member member = (Member) added.owner;
        String order = member.options.order();
        int at = steps.size();
        switch (order) {
            case Binding.FIRST -> at = 0;
            case Binding.LAST -> {
                // behind all others
            }
            case "" -> {
                while (at > 0 && isBehind(owner(steps, at - 1))) {
                    at--;
                }
            }
            default -> {
                return null;
            }
        }
        int neighbour = order.equals(Binding.FIRST) ? at : at - 1;
        if (neighbour >= 0 && neighbour < steps.size() && overtakes(member, owner(steps, neighbour))) {
            return null;
        }
        Step[] all = new Step[steps.size() + 1];
        Step[] old = steps.toArray(Step[]::new);
        System.arraycopy(old, 0, all, 0, at);
        all[at] = added;
        System.arraycopy(old, at, all, at + 1, old.length - at);
        return Arrays.asList(all);
    }

    private static Member owner(List<Step> steps, int at) {
        return (Member) steps.get(at).owner;
    }

    /** Whether handlers without a wish run before it. */
    private static boolean isBehind(Member member) {
        return member.intrinsic() || member.options.order().equals(Binding.LAST);
    }

    /** Whether it was asked for earlier than one with the same wish that is there already. */
    private static boolean overtakes(Member member, Member other) {
        return !other.intrinsic() && other.options.order().equals(member.options.order())
                && other.sequence > member.sequence;
    }
}
