package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.mmu.Host;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import java.util.Arrays;

/**
 * The part of a user context that translated code works on; its fields are public because that code is in classes of its
 * own. Used by the strand that runs the context.
 */
public abstract class GuestState implements CodeSpace {

    /** Stands for a callee that cannot be run: comes back at once, with where control is still to go. */
    private static final Region NO_CALLEE = new Region() {
        @Override
        public long run(GuestState state, long[] registers, int depth) {
            return state.called;
        }
    };

    /** Slots of {@link #entries}; a power of two. */
    static final int ENTRIES = 4096;

    /** Registers in the layout that {@link Decoder} describes. */
    public final long[] registers = new long[Decoder.REGISTER_FILE];
    /** Translation buffer. */
    public final TranslationBuffer buffer = new TranslationBuffer();
    /** Where the host has the address space's pages, and before them the rights to them; see {@link PageTable#windowBase}. */
    public long window = PageTable.NO_WINDOW;
    /** Instructions executed, as far as interpreter and regions have told. */
    public long executed;
    /** What {@code rduniq} reads. */
    public long unique;
    /** For each set of floating-point qualifiers, whether the host's arithmetic serves; constant while regions run. */
    public int fast;
    /** For each set of floating-point qualifiers, whether an inexact result needs no mention; constant while regions run. */
    public int careless;
    /** Floating-point control register, the summary bit left out, as translated code keeps it. */
    public long control;
    /** What {@link #control} was when translated code was entered: {@link #fast} and {@link #careless} follow from that. */
    public long controlBefore;
    /** Whether a load locked has been done and nothing has broken the lock since (AARM 4.2.4). */
    public boolean locked;
    /** Address of that load. */
    public long lockedAddress;
    /** What it loaded. */
    public long lockedValue;
    /** Regions that may be entered, each in the slot of its entry: those whose code the address space has now. */
    public final Region[] entries = new Region[ENTRIES];
    /** Where the last call went that no region was found for. */
    private long called;
    /** Entries into regions; see {@link Region#countEntry}. */
    int entered;
    /** Times that code of the second compiler was left where it could have gone on. */
    int exits;
    /** Whether a region of its own pays where control goes on after {@link #perform}. */
    protected boolean worthwhile;
    /** The region that was left at a place that a new translation could keep inside, or null. */
    public Region leaving;
    /** Address of the jump that {@link #leaving} was left by, or 0 if it was not by a jump. */
    public long leavingAt;

    /** A state with all registers zero. */
    protected GuestState() {
        for (int literal = 0; literal < 256; literal++) {
            registers[Decoder.LITERALS + literal] = literal;
        }
    }

    /** The slot of {@link #entries} for a region that begins at an address. */
    static int slot(long pc) {
        return (int) (pc >>> 2 ^ pc >>> 14) & ENTRIES - 1;
    }

    /** Lets translated code use the window of an address space, as it is now. */
    protected final void useWindow(PageTable table) {
        window = table.windowBase();
    }

    /** Forgets what regions may be entered. */
    protected final void forgetRegions() {
        Arrays.fill(entries, null);
    }

    /** Does a load locked of an aligned quadword that is at an address of the host. */
    public final long loadQuadLocked(long address, long host) {
        long value = (long) Host.ATOMIC_QUADWORD.getVolatile(Host.MEMORY, host);
        lock(address, value);
        return value;
    }

    /** Does a load locked of an aligned longword that is at an address of the host. */
    public final long loadLongLocked(long address, long host) {
        long value = (int) Host.ATOMIC_LONGWORD.getVolatile(Host.MEMORY, host);
        lock(address, value);
        return value;
    }

    private void lock(long address, long value) {
        locked = true;
        lockedAddress = address;
        lockedValue = value;
    }

    /** Whether a conditional store to an address may succeed; if not, the lock is gone. */
    public final boolean mayStore(long address) {
        locked &= lockedAddress == address;
        return locked;
    }

    /** Stores a quadword if memory still holds what was loaded locked. @return 1 or 0 */
    public final long storeQuadConditional(long host, long value) {
        locked = false;
        return Host.ATOMIC_QUADWORD.compareAndSet(Host.MEMORY, host, lockedValue, value) ? 1 : 0;
    }

    /** Stores a longword if memory still holds what was loaded locked. @return 1 or 0 */
    public final long storeLongConditional(long host, long value) {
        locked = false;
        return Host.ATOMIC_LONGWORD.compareAndSet(Host.MEMORY, host, (int) lockedValue, (int) value) ? 1 : 0;
    }

    /** Lets a region be entered; its code must be what the address space has now. */
    public final void remember(Region region) {
        entries[slot(region.entry)] = region;
    }

    /** The region that begins at an address and may be entered, or null if it must be looked for. */
    public final Region region(long pc) {
        Region region = entries[slot(pc)];
        return region != null && region.entry == pc ? region : null;
    }

    /**
     * The region that a call enters, or one that does nothing: if there is none, too many wait already, or the kernel has to look; a
     * function that calls itself may have no branch back.
     *
     * @param depth how many regions wait for the caller to return
     */
    public final Region callee(long pc, int depth) {
        Region region = entries[slot(pc)];
        if (region == null || region.entry != pc || depth >= Region.DEPTH || buffer.poll() != 0) {
            called = pc;
            return NO_CALLEE;
        }
        return region;
    }

    /**
     * Goes on with translated code, region after region, until control comes to where a caller waits for it. Instructions that are
     * not translated, system calls among them, are performed on the way, so that those who wait need not return for them.
     *
     * @param next where to begin
     * @param back where the caller waits
     * @param depth how many regions wait for that caller to return
     * @return {@code back}, or what all that wait must return
     */
    public final long follow(long next, long back, int depth) {
        long at = next;
        while (at != back && depth < Region.DEPTH && buffer.poll() == 0) {
            boolean wanted = true;
            if ((at & Region.LEAVE) != 0) {
                if ((at & Region.LEAVE) != Region.PERFORM) {
                    break;
                }
                at = perform(Refusal.address(at), Refusal.wanted(at));
                if (at == back || (at & Region.LEAVE) != 0) {
                    break;
                }
                wanted = worthwhile;
            } else if (leaving != null) {
                wanted = !foreseen(at);
            }
            Region region = region(at);
            if (region == null) {
                region = look(at, wanted);
                if (region == null) {
                    break;
                }
            }
            region.countEntry(this);
            if (region.growing) {
                grow(region);
            }
            at = region.run(this, registers, depth + 1);
        }
        return at;
    }

    /** Whether a new translation of what was left will include where it was left for. */
    private boolean foreseen(long to) {
        Region left = leaving;
        long jump = leavingAt;
        leaving = null;
        leavingAt = 0;
        return !left.finished && (jump != 0 || !left.settled) && left(left, jump, to);
    }

    /**
     * Performs the instruction at an address with all consequences: events may be raised, and control may come to quite another
     * place. Sets {@link #worthwhile}.
     *
     * @param wanted what translated code wanted there and did not have, see {@link Refusal}
     * @return where to go on; with {@link Region#LEAVE} if regions that wait may not be returned to, or user code may not go on
     */
    protected abstract long perform(long pc, int wanted);

    /** Looks for a region to enter at an address, and asks for one that is often missed. @param wanted whether to ask for it */
    protected abstract Region look(long pc, boolean wanted);

    /** Has a region made again with more instructions; see {@link Translator#grow}. */
    protected abstract void grow(Region region);

    /**
     * Told that a region was left where it could have gone on; see {@link Translator#left}.
     *
     * @return whether it will be made again, so that where it was left for needs no region of its own
     */
    protected abstract boolean left(Region region, long jump, long to);
}
