package bundles.pagers.shared;

import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;

/** What a kernel may do with a page: one of three states, the greater ones including the smaller. */
final class Rights {

    /** Nothing: the page is not here, or not valid. */
    static final int NONE = 0;
    /** Read it, as others may at the same time. */
    static final int READ = TranslationContext.READ | TranslationContext.EXECUTE;
    /** Read it and write to it, as nobody else may at the same time. */
    static final int WRITE = READ | TranslationContext.WRITE;

    private Rights() {}

    /** The least state that allows an access. */
    static int forAccess(Access access) {
        return access == Access.WRITE ? WRITE : READ;
    }
}
