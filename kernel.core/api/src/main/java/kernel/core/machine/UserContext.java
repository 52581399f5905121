package kernel.core.machine;

import kernel.core.memory.TranslationContext;

/**
 * The processor state of one user strand, as its traps show it to the kernel. Belongs to the strand that runs it: only
 * that strand may use it, from inside the events it raises, or whoever prepares it before it runs;
 * {@link #requestAttention()} alone may be called by anybody.
 *
 * <p>Registers are numbered as the machine's debugger numbers them. On the Alpha (as in GDB): 0-31 integer, 32-62 floating
 * (bits of the 64-bit register), {@link #FPCR}, {@link #PC}, {@link #UNIQUE}.
 */
public interface UserContext {

    /** Floating-point control register. */
    int FPCR = 63;
    /** Program counter, in bytes. */
    int PC = 64;
    /** The thread pointer that user code reads and writes by {@code rduniq} and {@code wruniq}. */
    int UNIQUE = 66;

    /**
     * A register's value.
     *
     * @throws IndexOutOfBoundsException no such register
     */
    long register(int number);

    /**
     * Sets a register; writes to one that always reads zero are ignored.
     *
     * @throws IndexOutOfBoundsException no such register
     */
    void setRegister(int number, long value);

    /** The program counter, in bytes: where user code goes on. */
    long pc();

    /** Sets the program counter. */
    void setPc(long pc);

    /**
     * Argument of the system call that is being served, as it was at the trap, whatever became of the registers since.
     *
     * @param index 0 to 5
     */
    long argument(int index);

    /**
     * Changes an argument of the system call that is being served, for the handlers that come later and the intrinsic one. The
     * program's registers stay: a call that is made again after a signal has the arguments that the program gave.
     *
     * @param index 0 to 5
     */
    void setArgument(int index, long value);

    /** Ends the system call well: what user code sees is {@code value}. */
    void succeed(long value);

    /**
     * Ends the system call with an error.
     *
     * @param error positive error number, in the numbers of the emulated system
     */
    void fail(int error);

    /** Whether the system call that was served last ended by {@link #fail}. */
    boolean failed();

    /** What {@link #succeed} or {@link #fail} was called with last. */
    long result();

    /** The address space. */
    TranslationContext translation();

    /**
     * Replaces the address space (as {@code execve} does).
     *
     * @param translation the new one
     */
    void setTranslation(TranslationContext translation);

    /**
     * Copies from user memory, raising the events of {@link kernel.core.memory} as user code would.
     *
     * @return bytes copied; fewer than {@code length} when the byte after them cannot be read (no signal is caused)
     */
    int copyIn(long address, byte[] to, int offset, int length);

    /**
     * Copies to user memory, raising the events of {@link kernel.core.memory} as user code would.
     *
     * @return bytes copied; fewer than {@code length} when the byte after them cannot be written
     */
    int copyOut(long address, byte[] from, int offset, int length);

    /**
     * Reads from a file straight to user memory, where that raises no event and nobody waits: else it does nothing. Translations stay as
     * they are meanwhile, and who changes one waits.
     *
     * @param length bytes, at least one; so few that whoever waits does not mind
     * @return as {@link DirectFile#readNow}; -1 as well if some of the memory cannot be stored to at once, if {@link #observeWrites} has
     *     somebody who is to be told, or if the context does not run
     */
    default int readNow(DirectFile file, long position, long address, int length) {
        return -1;
    }

    /**
     * Has somebody told of each later {@link #copyOut}, such as one who records what a program was given. There is one at most; who
     * stops must not leave his behind.
     *
     * @param writes who is told, or null for nobody
     */
    default void observeWrites(UserWrites writes) {
        throw new UnsupportedOperationException("writes to this context cannot be observed");
    }

    /**
     * Replaces a 32-bit word of user memory if it is as expected, atomically as far as user code on any processor can tell;
     * raises the events of {@link kernel.core.memory} as a store would.
     *
     * @param address a multiple of 4
     * @return what the word was, zero-extended, or -1 if it cannot be written
     */
    long compareAndExchange(long address, int expected, int value);

    /**
     * Whether the memory event that is being served comes from {@link #copyIn} or {@link #copyOut}: then who cannot
     * resolve it answers {@code false} and must not make user code pay for it, by a signal say. False outside such events.
     */
    boolean kernelAccess();

    /** What the kernel attached to this context, or null. */
    Object owner();

    /** Attaches something of the kernel's, such as the process; the machine does not look at it. */
    void setOwner(Object owner);

    /**
     * Makes the context raise {@link AsyncTrap} soon: at the next instruction boundary if it waits in an event, within a
     * bounded number of instructions if it runs. Requests made before it is served are served once. Any thread.
     */
    void requestAttention();

    /** Makes {@link Processor#run} return when the event that is being served has returned. */
    void stop();

    /** Unaligned accesses that were done in pieces so far. Any thread, may lag. */
    default long unaligned() {
        return 0;
    }

    /** Instructions executed so far; for {@code ps} and for measurements. Any thread, may lag. */
    long instructions();
}
