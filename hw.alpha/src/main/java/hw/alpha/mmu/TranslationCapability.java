package hw.alpha.mmu;

import kernel.core.memory.Translation;
import kernel.core.memory.TranslationContext;

/**
 * The memory-management unit as one bundle has it. When the bundle stops, or lets go of the service, it is revoked: the contexts
 * that were made by it are destroyed, and no more can be made. Thread-safe.
 */
final class TranslationCapability implements Translation {

    private final Translations unit;
    private final String holder;
    private volatile boolean revoked;

    /** @param holder for people: whose it is */
    TranslationCapability(Translations unit, String holder) {
        this.unit = unit;
        this.holder = holder;
    }

    /** Ends all that was made of it. Idempotent. */
    void revoke() {
        revoked = true;
        unit.tables().stream().filter(table -> table.maker == this).forEach(PageTable::destroy);
    }

    @Override
    public TranslationContext create() {
        check();
        PageTable table = unit.create(this);
        if (revoked) {
            table.destroy();
        }
        check();
        return table;
    }

    private void check() {
        if (revoked) {
            throw new IllegalStateException("translations: the capability was revoked: bundle " + holder
                    + ", whose it was, has stopped or has let go of it; ask for the service again");
        }
    }

    @Override
    public long limit() {
        return unit.limit();
    }
}
