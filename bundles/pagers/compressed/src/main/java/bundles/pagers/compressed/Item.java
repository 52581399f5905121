package bundles.pagers.compressed;

/** A page that is kept: in a slot of a box, or in the next store. Guarded by the store's monitor. */
final class Item {

    Box box;
    int slot;
    int length;
    /** Where it is in the next store, if it is in no box. */
    long next;
    boolean freed;
}
