package run.measure.soak.relink;

import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Binding;

/**
 * The model of everything that is bound at one time, and what a raise must look like then. It is written from what
 * {@code kernel.core.dispatch} promises and knows nothing of how the dispatcher does it; where no order is promised, any
 * is right.
 *
 * @param members in the order of their registration
 */
record BindingSet(List<Member> members) {

    BindingSet {
        members = List.copyOf(members);
    }

    BindingSet with(Member member) {
        List<Member> more = new ArrayList<>(members);
        more.removeIf(other -> other.id() == member.id());
        more.add(member);
        return new BindingSet(more);
    }

    BindingSet without(Member member) {
        return new BindingSet(members.stream().filter(other -> other.id() != member.id()).toList());
    }

    List<Member> handlers() {
        return members.stream().filter(member -> !member.intrinsic()).toList();
    }

    List<Member> intrinsics() {
        return members.stream().filter(Member::intrinsic).toList();
    }

    /** The intrinsic handler in force: the highest rank, then the one registered first; {@code null} if there is none. */
    Member inForce() {
        Member found = null;
        for (Member member : members) {
            if (member.intrinsic() && (found == null || member.rank() > found.rank()
                    || member.rank() == found.rank() && member.id() < found.id())) {
                found = member;
            }
        }
        return found;
    }

    /**
     * What is wrong with a raise, if this set was in force in it.
     *
     * @return {@code null} if it is right
     */
    String wrong(long number, Trace trace, long result) {
        Member inForce = inForce();
        if (inForce == null) {
            return "there is no intrinsic handler, so it must wait";
        }
        List<Member> ran = new ArrayList<>();
        for (Member member : members) {
            boolean expected = member.intrinsic() ? member == inForce : member.wants(number);
            if (trace.position(member.id()) >= 0 != expected) {
                return member.name() + (expected ? " did not run" : " ran");
            }
            if (expected) {
                ran.add(member);
            }
        }
        if (trace.length() != ran.size()) {
            return "somebody ran twice, or is not bound";
        }
        if (result != Visitor.result(trace.visitor(trace.length() - 1), number)) {
            return "the result is not that of the handler that ran last";
        }
        return disorder(ran, trace);
    }

    private String disorder(List<Member> ran, Trace trace) {
        for (Member member : ran) {
            int at = trace.position(member.id());
            for (Member other : ran) {
                boolean earlier = at < trace.position(other.id());
                boolean placed = !other.relative() && other != member;
                if (placed && (member.first() && !other.first() || member.order().equals(Binding.BEFORE + other.name()))
                        && !earlier) {
                    return member.name() + " ran after " + other.name();
                }
                if (placed && (member.last() && !other.last() || member.order().equals(Binding.AFTER + other.name()))
                        && earlier) {
                    return member.name() + " ran before " + other.name();
                }
            }
        }
        return null;
    }
}
