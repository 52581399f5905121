package run.measure.soak.relink;

import kernel.core.dispatch.Binding;

/**
 * The model of one binding.
 *
 * @param id of its visitor; its name is made of it
 * @param intrinsic an intrinsic handler
 * @param rank the service ranking, which decides among intrinsic handlers
 * @param order as in {@link Binding#ORDER}
 * @param modulus of the guard, or 0 for none
 */
record Member(int id, boolean intrinsic, int rank, String order, int modulus) {

    String name() {
        return name(id);
    }

    static String name(int id) {
        return "visitor" + id;
    }

    boolean first() {
        return order.equals(Binding.FIRST);
    }

    boolean last() {
        return order.equals(Binding.LAST);
    }

    boolean relative() {
        return order.startsWith(Binding.BEFORE) || order.startsWith(Binding.AFTER);
    }

    /** Whether it runs in this raise, if it is an ordinary handler. */
    boolean wants(long number) {
        return modulus == 0 || Visitor.accepts(number, modulus);
    }
}
