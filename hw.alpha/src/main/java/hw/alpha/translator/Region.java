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

    /** Address of its first instruction. */
    public long entry = -1;
    /** Instructions that it has executed, those of what it called left out; a strand's may get lost beside another's. */
    public long work;
    /** What HotSpot was told to compile it with, 0 if nothing; see {@link HostCompiler}. */
    volatile int compiled;
    /** {@link #work} when the present way of compiling it began. */
    long before;
    /** What of {@link #work} a region of an earlier machine has executed; see {@link Archive}. */
    long inherited;
    /** {@link #work} when it was looked at last. */
    long seen;
    /** Looks for which it has done nothing while it was observed. */
    int idle;
    /** Times that the second compiler's code was lost. */
    int lost;
    RegionShape shape;
    /** Times that it was entered from outside translated code; a strand's count may get lost beside another's. */
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
    /** It is being made again: whoever looks for what is to be done next leaves it alone. */
    volatile boolean remaking;
    /** Looks for which it was {@link #growing}. */
    int patience;
    /** A better translation of the same entry exists. */
    volatile boolean superseded;

    /** Counts that it was entered from outside translated code. */
    public final void countEntry() {
        entered++;
    }

    /** Made by the translator alone. */
    protected Region() {}

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
