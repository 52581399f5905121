package hw.alpha.translator;

/**
 * A piece of Alpha code that was translated to bytecode: each is an instance of a class of its own, made by {@link
 * RegionWriter}. It has no state of its own but what is counted; any number of strands may run it at once.
 */
public abstract class Region {

    /** Bit of {@link #run}'s result: the instruction there must be performed before translated code goes on. */
    public static final long PERFORM = 1;
    /** Bit of {@link #run}'s result: the region cannot be run now; nothing was done. */
    public static final long REFUSED = 2;
    /** These bits of {@link #run}'s result: all that wait must return; the context knows where to go on. */
    public static final long LEAVE = PERFORM | REFUSED;
    /** How deep regions may call each other; deeper calls return to whoever called the first one. */
    public static final int DEPTH = 120;

    /**
     * {@link #limit} of a region that nobody observes: one that loops is left now and then, so that it is known what it has executed, and
     * code that was made better meanwhile is entered.
     */
    static final int PATIENCE = 1 << 22;

    /** Instructions for which a region is observed at most: some milliseconds. */
    static final int RIPE = Integer.getInteger("spin.alpha.ripe", 50_000);
    /** Times that it is entered meanwhile at most. */
    private static final int ENTRIES = Integer.getInteger("spin.alpha.entries", 500);

    /** The ways in which a region is run, one after the other. */
    enum Stage {
        /** As HotSpot likes, or in tests. */
        UNMANAGED,
        /** In code of HotSpot's first compiler. */
        QUICK,
        /** By HotSpot's bytecode interpreter, which counts what the second compiler wants to know. */
        OBSERVED,
        /** Not: {@link Region#instead} is. It waits for the second compiler. */
        WAITING,
        /** In code of HotSpot's second compiler. */
        THOROUGH
    }

    /** What {@link #work} is counted by: a power of two. */
    static final int GRAIN = 1 << 11;
    /** Entries and exits of a context of which one is counted, for all. A power of two. */
    static final int SHARE = 64;

    /** Instructions that one which is left soon executes each time that it is entered, at most. */
    private static final int BRIEF = Integer.getInteger("spin.alpha.brief", 200);

    /** Address of its first instruction. */
    public long entry = -1;
    /**
     * Instructions that it has executed, those of what it called left out, as far as is known: whoever leaves it when a strand's count
     * of instructions passes a multiple of {@link #GRAIN} adds that for all who did not. A strand's may get lost beside another's.
     */
    public long work;
    /** Instructions after which it is left, at the next poll, if it runs as long without being left otherwise. */
    public int limit = PATIENCE;
    /** How it is run; see {@link Tiers}. */
    volatile Stage stage = Stage.UNMANAGED;
    /** What runs in its place until the second compiler has made it, unless somebody is to observe it. */
    Region instead;
    /** {@link #work} when it began to be observed. */
    long before;
    /** What of {@link #work} a region of an earlier machine has executed; see {@link Archive}. */
    long inherited;
    /** What of {@link #work} was done lately; see {@link Tiers}. */
    long recent;
    /** {@link #work} when it was looked at last. */
    long seen;
    /** Looks for which it has done nothing while it was observed. */
    int idle;
    /** The second compiler has made it without knowing what it does mostly: where that matters it is to be made again. */
    boolean blind;
    /** Times that the second compiler's code was lost. */
    int lost;
    RegionShape shape;
    /** Where it has registers. */
    Registers registers;
    /** Times that it was entered from outside translated code, see {@link #countEntry}; a strand's count may get lost beside another's. */
    long entered;
    /** Times that it was left where following the code would have kept it inside; see {@link GuestState#leaving}. */
    int left;
    /** It will not be made again because of where it is left. */
    boolean settled;
    /** It will not be made again for any reason: nobody need look at how it is left. */
    public boolean finished;
    /** How often this entry was translated already. */
    int generation;
    /** It is to be made again with more instructions, by who runs it and sees this; see {@link Translator#grow}. */
    public volatile boolean growing;
    /** It has as many instructions as it may have, or was made with as many as it could have. */
    boolean grown;
    /** Its registers stay in the register file: it is to be made again before the second compiler gets it. */
    boolean quick;
    /** What it was to become has been made, for the second compiler: it stays as it is until that has it, and if it gives up. */
    volatile boolean done;
    /** It is being made again: whoever looks for what is to be done next leaves it alone. */
    volatile boolean remaking;
    /** Looks for which it was {@link #growing}. */
    int patience;
    /** A better translation of the same entry exists. */
    volatile boolean superseded;

    /**
     * Counts that it was entered from outside translated code. Strands on other processors run it as well, and who writes to what they read
     * makes them wait: so only while it is observed each entry is counted, and else one of {@link #SHARE} stands for all.
     */
    public final void countEntry(GuestState state) {
        if (stage == Stage.OBSERVED) {
            entered++;
        } else if ((++state.entered & SHARE - 1) == 0) {
            entered += SHARE;
        }
    }

    /** Made by the translator alone. */
    protected Region() {}

    /** Whether it was left soon, as far as can be told from how often it was entered from outside translated code. */
    final boolean isBrief() {
        return entered > 0 && (work - inherited) / entered < BRIEF;
    }

    /** Whether it is to be looked for each time that it is entered, as that will soon end. */
    public final boolean isPassing() {
        return stage == Stage.OBSERVED;
    }

    /** Whether enough was observed. */
    final boolean ripe() {
        return work - before >= RIPE || entered >= ENTRIES;
    }

    /** Whether it may be entered now. */
    final boolean enterable() {
        return stage != Stage.WAITING && (stage != Stage.OBSERVED || !ripe());
    }

    /**
     * Runs until control leaves the region. All registers are in {@code registers} then, and instructions that were executed
     * have been counted. The context must be in user mode, and the region's code be what its address space has now.
     *
     * @param registers those of {@code state}
     * @param depth how many regions wait for this one to return
     * @return address of the next instruction, and perhaps {@link #PERFORM} with what was wanted ({@link Refusal}), {@link #REFUSED}
     *         or {@link #LEAVE}
     */
    public abstract long run(GuestState state, long[] registers, int depth);
}
