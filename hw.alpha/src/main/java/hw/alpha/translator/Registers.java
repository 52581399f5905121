package hw.alpha.translator;

/** Where a region has the registers that it works with. */
enum Registers {

    /** In the register file alone: there is nothing to write back where it is left, and no long life for a compiler to look after. */
    FILE,
    /** In variables, and written back where the region is left: best for what stays in the region for long, as loops do. */
    VARIABLES,
    /**
     * In variables, and stored to the register file as well whenever they change, so that leaving costs nothing and no variable lives on for
     * it: best for what is left soon, as the parts of a large interpreter's loop are.
     */
    BOTH
}
