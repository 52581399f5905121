package hw.alpha.cpu;

import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PageTable.Outcome;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.time.VirtualClock;
import hw.alpha.translator.GuestState;
import hw.alpha.translator.Region;
import hw.alpha.translator.Translator;
import java.util.Objects;
import kernel.core.machine.DirectFile;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.UserContext;
import kernel.core.machine.UserWrites;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;

/** State of one user context. Used by the strand that runs it; see {@link UserContext} for what others may call. */
final class AlphaContext extends GuestState implements UserContext {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    private static final int V0 = 0, A0 = 16, A3 = 19;

    final Translator translator;
    final FloatingPoint floating = new FloatingPoint();
    final SoftFloat soft = new SoftFloat();

    /** Program counter: that of the next instruction, or of the present one while it is performed outside the main loop. */
    long pc;
    /** Page that the program counter is in, valid after {@link #resume}. */
    CodePage page;
    /** Unaligned accesses that were fixed up. */
    long unaligned;

    /** The decoded instruction that was performed last in place of translated code. */
    long performed;

    /** The main loop ends at its next jump or branch back after so many instructions: the rest goes one by one. */
    long giveUp = Long.MAX_VALUE;

    /** What instructions move on; null: nothing. */
    private final VirtualClock time;
    /** Instructions for which the time was moved on. */
    private long timed;
    /** The interval timer interrupts before the instruction after so many. */
    private long limit = Long.MAX_VALUE;
    /** For running single instructions of a page. */
    private CodePage stepping;
    private int interruptFlag;
    private final Events events;
    private final long[] arguments = new long[6];
    private PageTable table;
    private int codeEpoch;
    private int regionEpoch;
    private boolean running;
    /** Where bytes of a file were to be stored last that the window does not show. */
    private long hidden;
    private boolean stopping;
    private final KernelAccess kernel = new KernelAccess(this);
    private boolean failed;
    /** How often the kernel has changed registers or address space. */
    private int changes;
    private long result;
    private Object owner;

    AlphaContext(Events events, Translator translator, TranslationContext translation, VirtualClock time) {
        this.events = events;
        this.translator = translator;
        this.time = time;
        table = own(translation);
    }

    private static PageTable own(TranslationContext translation) {
        if (Objects.requireNonNull(translation) instanceof PageTable table) {
            return table;
        }
        throw new IllegalArgumentException("not a translation context of this machine");
    }

    /** The instruction word at the program counter, which is in {@link #page}. */
    int word() {
        return page.word((int) (pc >>> 2) & CodePage.INSTRUCTIONS - 1);
    }

    /** Sets the flag of RC and RS. @return what it was */
    int exchangeFlag(int value) {
        int before = interruptFlag;
        interruptFlag = value;
        return before;
    }

    // Running

    /** Forgets regions that may not be entered any more. To be called before any is entered. */
    void refreshRegions() {
        int code = table.codeEpoch();
        int regions = translator.epoch();
        if (code != codeEpoch || regions != regionEpoch) {
            codeEpoch = code;
            regionEpoch = regions;
            forgetRegions();
        }
        useWindow(table);
        giveControl();
    }

    private void giveControl() {
        fast = floating.fast;
        careless = floating.careless;
        control = floating.exactControl();
        controlBefore = control;
    }

    /** Takes over what translated code has done to the floating-point control register. */
    void takeControl() {
        if (control != controlBefore) {
            floating.setControl(control);
            giveControl();
        }
    }

    @Override
    public CodePage codeAt(long address) {
        CodePage found = buffer.code(address);
        if (found == null) {
            kernelMode();
            found = table.fetch(buffer, address) == Outcome.DONE ? buffer.code(address) : null;
            buffer.enterUser();
        }
        return found;
    }

    @Override
    protected void grow(Region region) {
        translator.grow(this, region);
    }

    @Override
    protected Region look(long pc, boolean wanted) {
        return Translated.look(this, pc, wanted);
    }

    @Override
    protected long perform(long at, int wanted) {
        return Translated.performAt(this, at, wanted);
    }

    /** What {@link #perform} tells besides. */
    void setWorthwhile(boolean pays) {
        worthwhile = pays;
    }

    /** Whether code is what it was under a page table and in an epoch, so that regions that wait may be returned to. */
    boolean sameCode(PageTable before, int epoch) {
        return table == before && codeEpoch == epoch;
    }

    /** The address space's page table. */
    PageTable table() {
        return table;
    }

    /** The epoch of code that {@link #refreshRegions} found last. */
    int codeEpoch() {
        return codeEpoch;
    }

    @Override
    protected boolean left(Region region, long jump, long to) {
        return translator.left(this, region, jump, to);
    }

    /** Whoever runs it calls this before {@link #resume} and {@link #end} after. */
    void begin() {
        if (running) {
            throw new IllegalStateException("the context is running");
        }
        stopping = false;
        running = true;
        table.attach(buffer);
        forgetRegions();
    }

    void end() {
        kernelMode();
        table.detach(buffer);
        locked = false;
        running = false;
    }

    /**
     * Goes (back) to user mode at the program counter, after what waits for the context was done.
     *
     * @return {@code false}: the context was stopped
     */
    boolean resume() {
        while (true) {
            kernelMode();
            if (stopping) {
                return false;
            }
            if (buffer.take(TranslationBuffer.ATTENTION)) {
                locked = false;
                events.attention().deliver(this);
                continue;
            }
            if (time != null && due()) {
                locked = false;
                time.interrupt();
                events.attention().deliver(this);
                continue;
            }
            buffer.take(TranslationBuffer.SHOOTDOWN);
            pc &= ~3L;
            page = buffer.code(pc);
            if (page == null) {
                Outcome outcome = table.fetch(buffer, pc);
                if (outcome != Outcome.DONE) {
                    fault(outcome, pc, Access.EXECUTE);
                }
                continue;
            }
            buffer.enterUser();
            // Who invalidated an entry just before that did not wait for us: look again.
            if ((buffer.poll() & TranslationBuffer.SHOOTDOWN) == 0) {
                return true;
            }
        }
    }

    void kernelMode() {
        if (buffer.inUser()) {
            buffer.leaveUser();
            if (time != null) {
                time.ran(executed - timed);
                timed = executed;
            }
        }
    }

    /** Looks when the interval timer interrupts. @return now */
    private boolean due() {
        long left = time.left();
        limit = left == Long.MAX_VALUE ? left : executed + left;
        giveUp = left == Long.MAX_VALUE ? left : limit - CodePage.INSTRUCTIONS - 1;
        return left == 0;
    }

    /** Whether so few instructions are left that they must be run one by one: the main loop does not look after each. */
    boolean nearLimit() {
        return executed >= giveUp;
    }

    /** Whether user code may go on without the kernel, one instruction at least. */
    boolean mayStep() {
        return executed < limit && buffer.poll() == 0;
    }

    /** The page of the program counter, such that only the instruction there is run. */
    CodePage singly() {
        if (stepping == null || !stepping.stepsThrough(page)) {
            stepping = page.stepping();
        }
        return stepping;
    }

    /** What RPCC tells: the host's time, or the machine's if it is its own. */
    long cycles() {
        return time == null ? System.nanoTime() : time.monotonicTime() + (executed - timed) * VirtualClock.INSTRUCTION;
    }

    // Traps. Each returns with the context in kernel mode; the interpreter then goes on by resume().

    void systemCall() {
        kernelMode();
        locked = false;
        System.arraycopy(registers, A0, arguments, 0, arguments.length);
        events.syscall().syscall(this, (int) registers[V0]);
    }

    void trap(ProcessorTrap.Kind kind, long info) {
        kernelMode();
        locked = false;
        events.trap().trap(this, kind, info);
    }

    /**
     * Makes the translation buffer's entry for an address usable, raising events as needed. An event breaks the lock.
     *
     * @return {@code false}: after an event the instruction must not go on, but be fetched again
     */
    boolean reach(long address, boolean store) {
        while (!buffer.present(address, store)) {
            kernelMode();
            Outcome outcome = table.fill(buffer, address, store);
            if (outcome == Outcome.DONE) {
                buffer.enterUser();
            } else if (!faultOnly(outcome, address, store ? Access.WRITE : Access.READ)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Raises an event.
     *
     * @return whether that has done nothing to this context but resolve the fault, so that the instruction may go on where it is: a
     *         way that is a third shorter
     */
    private boolean faultOnly(Outcome outcome, long address, Access access) {
        int before = changes;
        fault(outcome, address, access);
        return changes == before && !stopping && time == null && buffer.poll() == 0;
    }

    private void fault(Outcome outcome, long address, Access access) {
        locked = false;
        if (!raise(outcome, address, access) && !stopping) {
            stopping = true;
            LOG.log(System.Logger.Level.WARNING,
                    "user context stopped: nobody resolved {0} at address 0x{1} ({2}), pc 0x{3}",
                    outcome == Outcome.NOT_PRESENT ? "PageNotPresent" : "ProtectionFault",
                    Long.toHexString(address), access, Long.toHexString(pc));
        }
    }

    boolean raise(Outcome outcome, long address, Access access) {
        return outcome == Outcome.NOT_PRESENT
                ? events.notPresent().pageNotPresent(this, address, access)
                : events.forbidden().protectionFault(this, address, access);
    }

    // The kernel's view

    @Override
    public long register(int number) {
        return switch (number) {
            case FPCR -> floating.control();
            case PC -> pc;
            case UNIQUE -> unique;
            default -> registers[Objects.checkIndex(number, FPCR)];
        };
    }

    @Override
    public void setRegister(int number, long value) {
        changes++;
        switch (number) {
            case FPCR -> floating.setControl(value);
            case PC -> pc = value;
            case UNIQUE -> unique = value;
            case 31 -> {
                // always zero
            }
            default -> registers[Objects.checkIndex(number, FPCR)] = value;
        }
    }

    @Override
    public long pc() {
        return pc;
    }

    @Override
    public void setPc(long pc) {
        changes++;
        this.pc = pc;
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    @Override
    public void setArgument(int index, long value) {
        arguments[index] = value;
    }

    @Override
    public void succeed(long value) {
        changes++;
        failed = false;
        result = value;
        registers[V0] = value;
        registers[A3] = 0;
    }

    @Override
    public void fail(int error) {
        changes++;
        failed = true;
        result = error;
        registers[V0] = error;
        registers[A3] = 1;
    }

    @Override
    public boolean failed() {
        return failed;
    }

    @Override
    public long result() {
        return result;
    }

    @Override
    public TranslationContext translation() {
        return table;
    }

    @Override
    public void setTranslation(TranslationContext translation) {
        changes++;
        PageTable next = own(translation);
        if (running) {
            table.detach(buffer);
            next.attach(buffer);
        }
        table = next;
        forgetRegions();
        locked = false;
    }

    @Override
    public int copyIn(long address, byte[] to, int offset, int length) {
        return kernel.copy(address, to, offset, length, Access.READ);
    }

    @Override
    public int copyOut(long address, byte[] from, int offset, int length) {
        return kernel.copy(address, from, offset, length, Access.WRITE);
    }

    @Override
    public int readNow(DirectFile file, long position, long address, int length) {
        if (!running || kernel.observed() || buffer.inUser()) {
            return -1;
        }
        int got = DirectRead.read(buffer, table, file, position, address, length);
        if (got != DirectRead.HIDDEN) {
            return got;
        }
        if (address != hidden) {
            hidden = address;
            return -1;
        }
        // A buffer that only the kernel writes to: translated code never asked for it.
        table.open(address, length, PageTable.LOAD | PageTable.STORE);
        return Math.max(-1, DirectRead.read(buffer, table, file, position, address, length));
    }

    @Override
    public void observeWrites(UserWrites writes) {
        kernel.observe(writes);
    }

    @Override
    public long compareAndExchange(long address, int expected, int value) {
        return kernel.compareAndExchange(address, expected, value);
    }

    @Override
    public boolean kernelAccess() {
        return kernel.inside();
    }

    @Override
    public Object owner() {
        return owner;
    }

    @Override
    public void setOwner(Object owner) {
        this.owner = owner;
    }

    @Override
    public void requestAttention() {
        buffer.request(TranslationBuffer.ATTENTION);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public long unaligned() {
        return unaligned;
    }

    @Override
    public long instructions() {
        return executed;
    }
}
