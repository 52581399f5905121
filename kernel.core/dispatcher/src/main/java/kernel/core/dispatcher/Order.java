package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kernel.core.dispatch.Binding;

/**
 * Keeps bindings in the order in which a raise runs them (OSDI'96 section 2.3: first, last, before, after). Adding one at
 * an end costs no look at the others. Not thread-safe: belongs to the event's lock.
 */
final class Order {

    /** The intrinsic or default handler in force: highest ranking, then the one registered first. */
    private static final Comparator<Member> IN_FORCE = Comparator
            .comparingInt((Member m) -> m.options.ranking()).reversed()
            .thenComparingLong(m -> m.sequence);

    /** Runs first to last; {@link Binding#FIRST} ones, the latest first, are kept the other way round. */
    private final List<Member> first = new ArrayList<>();
    private final List<Member> middle = new ArrayList<>();
    private final List<Member> last = new ArrayList<>();
    private final List<Member> relative = new ArrayList<>();
    private final List<Member> intrinsic = new ArrayList<>();
    private final List<Member> fallback = new ArrayList<>();

    private List<Member> place(Member member) {
        if (member.intrinsic()) {
            return intrinsic;
        }
        if (member.options.role().equals(Binding.DEFAULT)) {
            return fallback;
        }
        return switch (member.options.order()) {
            case Binding.FIRST -> first;
            case Binding.LAST -> last;
            case "" -> middle;
            default -> relative;
        };
    }

    void add(Member member) {
        List<Member> list = place(member);
        int at = list.size();
        if (list == intrinsic || list == fallback) {
            while (at > 0 && IN_FORCE.compare(list.get(at - 1), member) > 0) {
                at--;
            }
        } else {
            while (at > 0 && list.get(at - 1).sequence > member.sequence) {
                at--;
            }
        }
        list.add(at, member);
    }

    /** @return whether it was there */
    boolean remove(Member member) {
        return place(member).remove(member);
    }

    /** Whether it is a handler or filter whose place depends on nobody's name, and nobody's on its. */
    boolean isPlain(Member member) {
        return relative.isEmpty() && !member.intrinsic() && !member.options.role().equals(Binding.DEFAULT);
    }

    /** Everything that is bound, in no order that means anything. */
    List<Member> all() {
        List<Member> all = new ArrayList<>(intrinsic);
        all.addAll(first);
        all.addAll(middle);
        all.addAll(last);
        all.addAll(relative);
        all.addAll(fallback);
        return all;
    }

    /** The intrinsic handler in force; null if there is none. */
    Member intrinsic() {
        return inForce(intrinsic);
    }

    /** The default handler in force; null if there is none. */
    Member fallback() {
        return inForce(fallback);
    }

    private static Member inForce(List<Member> candidates) {
        for (Member member : candidates) {
            if (!member.quarantined) {
                return member;
            }
        }
        return null;
    }

    /** Whether there would be another intrinsic handler without this one. */
    boolean canSpare(Member member) {
        return !member.intrinsic() || intrinsic.stream().anyMatch(m -> m != member && !m.quarantined);
    }

    /**
     * What a raise runs: at most one intrinsic handler and all others but the default, in order.
     *
     * @param faults gets a line for each wish that cannot be met
     */
    List<Member> list(List<String> faults) {
        List<Member> all = new ArrayList<>(first.size() + middle.size() + last.size() + relative.size() + 1);
        for (int i = first.size() - 1; i >= 0; i--) {
            addInForce(all, first.get(i));
        }
        for (Member member : middle) {
            addInForce(all, member);
        }
        Member own = intrinsic();
        if (own != null) {
            all.add(own);
        }
        for (Member member : last) {
            addInForce(all, member);
        }
        if (!relative.isEmpty()) {
            placeRelative(all, faults);
        }
        return all;
    }

    private static void addInForce(List<Member> all, Member member) {
        if (!member.quarantined) {
            all.add(member);
        }
    }

    /** Places those that want to stand beside another; several rounds, because the other may be one of them. */
    private void placeRelative(List<Member> all, List<String> faults) {
        List<Member> left = new ArrayList<>(relative);
        left.removeIf(m -> m.quarantined);
        boolean placed = true;
        while (placed && !left.isEmpty()) {
            placed = left.removeIf(m -> {
                int at = position(m.options.order(), all);
                if (at >= 0) {
                    all.add(at, m);
                }
                return at >= 0;
            });
        }
        for (Member m : left) {
            faults.add(m + " wants order \"" + m.options.order()
                    + "\", but there is no such binding; it runs first until there is");
            all.addFirst(m);
        }
    }

    private static int position(String order, List<Member> all) {
        boolean after = order.startsWith(Binding.AFTER);
        String name = order.substring((after ? Binding.AFTER : Binding.BEFORE).length());
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                return after ? i + 1 : i;
            }
        }
        return -1;
    }
}
