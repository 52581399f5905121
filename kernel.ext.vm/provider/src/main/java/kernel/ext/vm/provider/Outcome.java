package kernel.ext.vm.provider;

/** How a fault ended. */
enum Outcome {
    /** Try the access again. */
    RESOLVED,
    /** No area has the address. */
    NOT_ALLOCATED,
    /** The area forbids it, or its pager has no such page. */
    FORBIDDEN,
    /** There is no free frame. */
    EXHAUSTED
}
