package kernel.core.memory;

/** What user code tried to do with an address. */
public enum Access {
    /** Load. */
    READ(TranslationContext.READ),
    /** Store. */
    WRITE(TranslationContext.WRITE),
    /** Instruction fetch. */
    EXECUTE(TranslationContext.EXECUTE);

    private final int protection;

    Access(int protection) {
        this.protection = protection;
    }

    /** The protection bit that allows it. */
    public int protection() {
        return protection;
    }
}
