package hw.alpha.mmu;

import hw.alpha.isa.Decoder;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The decoded instructions of one page frame, shared by all who run it wherever they map it: nothing in it depends on the
 * virtual address. It is filled as instructions are first run; filling twice at once does no harm, as both write the same.
 */
public final class CodePage {

    /** Bytes of a page. */
    public static final int BYTES = PageFrame.SIZE;
    /** Instructions in a page. */
    public static final int INSTRUCTIONS = PageFrame.SIZE / 4;

    /** Decoded instructions, 0 where not yet decoded, and {@link Decoder#END_OF_PAGE} behind the last. */
    public final long[] decoded = new long[INSTRUCTIONS + 1];

    /**
     * How often an instruction was branched back to or called, counted by whoever runs it: a hint for the translator, so
     * that a lost count does no harm.
     */
    public final short[] heat = new short[INSTRUCTIONS];

    private static final AtomicLong SERIALS = new AtomicLong();

    private static final int JUMP_TARGETS = 128;
    /** Where jumps and calls went, by their index. */
    private final long[][] targets = new long[INSTRUCTIONS][];

    private final long serial = SERIALS.incrementAndGet();
    private final long host;
    private final Translations unit;
    private volatile boolean stale;
    /** What it is a {@link #stepping} of, or null. */
    private CodePage origin;

    CodePage(long host, Translations unit) {
        this.host = host;
        this.unit = unit;
        decoded[INSTRUCTIONS] = Decoder.END_OF_PAGE;
    }

    /**
     * A page of instructions that is no machine's memory.
     *
     * @param arena whose the host's memory of it is
     */
    public static CodePage apart(Arena arena) {
        return new CodePage(arena.allocate(BYTES, BYTES).address(), null);
    }

    /** Puts an instruction word into a page that is no machine's memory. @param index 0 to {@link #INSTRUCTIONS} - 1 */
    public void put(int index, int word) {
        if (unit != null) {
            throw new IllegalStateException("a machine's memory is written as such");
        }
        Host.MEMORY.set(Host.LONGWORD, host + 4L * index, word);
    }

    /**
     * Decodes an instruction.
     *
     * @param index 0 to {@link #INSTRUCTIONS} - 1
     */
    public long decode(int index) {
        long instruction = Decoder.decode(word(index));
        decoded[index] = instruction;
        return instruction;
    }

    /** A copy that has {@link Decoder#STOP} in the place of every instruction, to be used by one strand. */
    public CodePage stepping() {
        CodePage copy = new CodePage(host, unit);
        Arrays.fill(copy.decoded, 0, INSTRUCTIONS, Decoder.STOP);
        copy.origin = this;
        return copy;
    }

    /** Whether it is a {@link #stepping} of another. */
    public boolean stepsThrough(CodePage other) {
        return origin == other;
    }

    /**
     * Notes where a jump or call went: a hint for the translator. Two who do it at once may lose one of their notes.
     *
     * @param index 0 to {@link #INSTRUCTIONS} - 1
     */
    public void went(int index, long to) {
        long[] known = targets[index];
        if (known == null || known[0] != to) {
            note(index, known, to);
        }
    }

    private void note(int index, long[] known, long to) {
        int count = known == null ? 0 : known.length;
        for (int i = 0; i < count; i++) {
            if (known[i] == to) {
                return;
            }
        }
        if (count < JUMP_TARGETS) {
            long[] more = count == 0 ? new long[1] : Arrays.copyOf(known, count + 1);
            more[count] = to;
            targets[index] = more;
        }
    }

    /** Where the jump or call at an index went, as far as was noted, or null. Not to be changed. */
    public long[] targets(int index) {
        return targets[index];
    }

    /** The instruction word at an index, as it is in memory now. */
    public int word(int index) {
        return Host.MEMORY.get(Host.LONGWORD, host + 4L * index);
    }

    /** Number that no other decoded page has or had: as long as it is not stale it stands for these instructions. */
    public long serial() {
        return serial;
    }

    /** Whether the frame was written since, so that this must not be entered any more. */
    public boolean stale() {
        return stale;
    }

    /** Its frame was written. */
    void expire() {
        stale = true;
        unit.codeChanged();
    }

    /** Its frame was freed: nobody can reach it through a page table any more. */
    void discard() {
        stale = true;
    }
}
