package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kernel.core.dispatch.Binding;

/** Puts bindings into the order in which a raise runs them (OSDI'96 section 2.3: first, last, before, after). */
final class Order {

    /** The intrinsic handler in force: highest ranking, then the one registered first. */
    private static final Comparator<Bound> IN_FORCE = Comparator.comparingInt(Bound::rank).reversed()
            .thenComparingLong(Bound::sequence);

    private Order() {}

    /**
     * @param bindings in any order
     * @param faults gets a line for each wish that cannot be met
     * @return at most one intrinsic handler and all others, in order
     */
    static List<Bound> of(List<Bound> bindings, List<String> faults) {
        List<Bound> first = new ArrayList<>(), middle = new ArrayList<>(), last = new ArrayList<>();
        List<Bound> relative = new ArrayList<>();
        bindings.stream().filter(b -> !b.intrinsic()).sorted(Comparator.comparingLong(Bound::sequence)).forEach(b -> {
            switch (b.order()) {
                case Binding.FIRST -> first.addFirst(b);
                case Binding.LAST -> last.addLast(b);
                case "" -> middle.add(b);
                default -> relative.add(b);
            }
        });
        List<Bound> all = new ArrayList<>(first);
        all.addAll(middle);
        bindings.stream().filter(Bound::intrinsic).min(IN_FORCE).ifPresent(all::add);
        all.addAll(last);
        placeRelative(relative, all, faults);
        return all;
    }

    /** Places those that want to stand beside another; several rounds, because the other may be one of them. */
    private static void placeRelative(List<Bound> relative, List<Bound> all, List<String> faults) {
        boolean placed = true;
        while (placed && !relative.isEmpty()) {
            placed = relative.removeIf(b -> {
                int at = position(b.order(), all);
                if (at >= 0) {
                    all.add(at, b);
                }
                return at >= 0;
            });
        }
        for (Bound b : relative) {
            faults.add(b.name() + " of " + b.bundle() + " wants order \"" + b.order()
                    + "\", but there is no such binding; it runs first. Say first, last, before:NAME or after:NAME");
            all.addFirst(b);
        }
    }

    private static int position(String order, List<Bound> all) {
        boolean after = order.startsWith(Binding.AFTER);
        if (!after && !order.startsWith(Binding.BEFORE)) {
            return -1;
        }
        String name = order.substring((after ? Binding.AFTER : Binding.BEFORE).length());
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                return after ? i + 1 : i;
            }
        }
        return -1;
    }
}
