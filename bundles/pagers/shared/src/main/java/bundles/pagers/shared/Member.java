package bundles.pagers.shared;

/** A kernel that has a segment mapped, as its {@link Manager} sees it. Calls return at once, and come in their order. */
interface Member {

    /**
     * It has a right from now on.
     *
     * @param offset of the page in the segment, in bytes
     * @param rights {@link Rights#READ} or {@link Rights#WRITE}
     * @param contents of the page; null: it has them
     */
    void grant(long offset, int rights, byte[] contents);

    /**
     * It is to lose a right, and to say when it has, by {@link Manager#returned}.
     *
     * @param left what it may keep: {@link Rights#NONE} or {@link Rights#READ}
     */
    void recall(long offset, int left);

    /** A page that it has asked for cannot be had any more. */
    void refuse(long offset, String reason);

    /** The segment is gone. */
    void end(String reason);
}
