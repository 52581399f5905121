package bundles.pagers.shared;

/**
 * The manager of a segment, as its {@link Member}s see it. Calls return at once, and in any strand; those of one member are served in
 * their order.
 */
interface Manager {

    /**
     * A member's program needs a right; {@link Member#grant} or {@link Member#refuse} is the answer.
     *
     * @param offset of the page in the segment, in bytes
     * @param rights {@link Rights#READ} or {@link Rights#WRITE}
     */
    void request(Member member, long offset, int rights);

    /**
     * The answer to {@link Member#recall}, or a page that a member brings back before it leaves.
     *
     * @param left what the member may still do with it
     * @param contents of a page that it might write to: what is in it now, or null if that is lost; else null
     */
    void returned(Member member, long offset, int left, byte[] contents);

    /** A member has no rights any more and wants none. If it had pages to write to that it has not returned, they are lost. */
    void left(Member member);
}
