package kernel.ext.vm.provider;

/** What a {@link Page} is in. */
enum State {
    /** A frame is being filled. */
    ARRIVING,
    /** Has a frame. */
    RESIDENT,
    /** Has a frame, is mapped nowhere, and is being stored. */
    LEAVING,
    /** Has no frame. */
    OUT,
    /** Belongs to nobody. */
    GONE
}
