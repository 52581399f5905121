package kernel.core.memory;

/**
 * Who holds a frame that may be taken away, and is asked for it when memory is short. Must be thread-safe. Calls come in the
 * strand that needs memory, one at a time for all owners, with no lock of the kernel held but the one that makes them come one
 * at a time; an owner that allocates frames meanwhile gets what is left, nothing is taken away for it.
 */
public interface FrameOwner {

    /**
     * Whether the frame was used since this was asked last. An owner answers with {@link Frame#USED}, which it then clears, and
     * {@linkplain TranslationContext#refresh refreshes} the translations, so that the next use is noticed.
     */
    boolean used(Frame frame);

    /**
     * Gives a frame back: nothing may be mapped to it any more, and what it holds is saved if it is needed. Then it is
     * {@linkplain PhysAddr#free freed}.
     *
     * @return whether it was freed; {@code false}: it is being used in a way that cannot be interrupted, what it holds cannot be
     *         saved, or it is this owner's no longer; another frame is asked for
     */
    boolean repossess(Frame frame);
}
