package run.micro.jcstress;

import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A page loses its mapping, or its right to be stored to, while a processor stores to it: when that is done no store comes any more,
 * so the frame can be somebody else's. {@code r1}: what its next owner writes to the frame and finds there at the end;
 * {@code r2}: the processor's last access was refused.
 */
public final class ShootDown {

    static final PhysicalMemory MEMORY = new PhysicalMemory(64L << 20);
    private static final long HERE = 0x40000;
    private static final int ALL = TranslationContext.READ | TranslationContext.WRITE;
    private static final long NEXT = 5;

    private ShootDown() {}

    /** A page with a frame that a processor may store to. */
    private abstract static class Stores {
        final PageTable table = (PageTable) UserCode.UNIT.create();
        final UserCode code = new UserCode(table, (address, access) -> false);
        final Frame frame = MEMORY.allocate();

        Stores() {
            table.map(HERE, frame, ALL);
        }

        /** The frame is the next one's now, who writes to it. */
        void reuse() {
            write(frame, NEXT);
        }

        void finish(II_Result result) {
            result.r1 = (int) read(frame);
            table.destroy();
            MEMORY.free(frame);
        }
    }

    static void write(Frame frame, long value) {
        frame.write(0, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), 0, 8);
    }

    static long read(Frame frame) {
        byte[] bytes = new byte[8];
        frame.read(0, bytes, 0, 8);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The processor comes from kernel mode for each store: an access that goes on after its miss was resolved. */
    @JCStressTest
    @State
    @Outcome(id = "5, 1", expect = Expect.ACCEPTABLE, desc = "Nothing was stored to the frame after it was unmapped.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A store came after the unmapping.")
    public static class OnTheWayIntoUserMode extends Stores {

        /** Stores until that is refused. */
        @Actor
        public void user(II_Result result) {
            while (code.store(HERE, 7)) {
                code.begin();
            }
            code.end();
            result.r2 = 1;
        }

        /** Takes the frame away. */
        @Actor
        public void kernel() {
            table.unmap(HERE);
            reuse();
        }

        /** Looks who wrote last. */
        @Arbiter
        public void end(II_Result result) {
            finish(result);
        }
    }

    /** The processor is in user mode all the time, and polls. */
    @JCStressTest
    @State
    @Outcome(id = "5, 1", expect = Expect.ACCEPTABLE, desc = "Nothing was stored to the frame after it was unmapped.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A store came after the unmapping.")
    public static class InUserMode extends Stores {

        /** Stores until that is refused. */
        @Actor
        public void user(II_Result result) {
            code.resume();
            while (code.store(HERE, 7)) {
                code.poll();
            }
            code.end();
            result.r2 = 1;
        }

        /** Takes the frame away. */
        @Actor
        public void kernel() {
            table.unmap(HERE);
            reuse();
        }

        /** Looks who wrote last. */
        @Arbiter
        public void end(II_Result result) {
            finish(result);
        }
    }

    /** The processor is in user mode all the time, and does not come near the page: it is not waited for in vain. */
    @JCStressTest
    @State
    @Outcome(id = "5, 1", expect = Expect.ACCEPTABLE, desc = "The processor was waited for as long as it took to poll.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Nobody asked the processor to poll, and it was waited for.")
    public static class ElsewhereInUserMode extends Stores {

        private volatile boolean over;

        /** Polls, so that the other one goes on. */
        @Actor
        public void user(II_Result result) {
            if (!code.store(HERE, 7)) { // it came too late; else it is in user mode now
                code.resume();
            }
            long end = System.nanoTime() + Ended.PATIENCE;
            while (!over && System.nanoTime() < end) {
                code.poll();
            }
            result.r2 = over ? 1 : 0;
            code.end();
        }

        /** Takes the frame away. */
        @Actor
        public void kernel() {
            table.unmap(HERE);
            reuse();
            over = true;
        }

        /** Looks who wrote last. */
        @Arbiter
        public void end(II_Result result) {
            finish(result);
        }
    }

    /** Translated code stores through the window; the page becomes read-only. */
    @JCStressTest
    @State
    @Outcome(id = "5, 1", expect = Expect.ACCEPTABLE,
            desc = "Nothing was stored through the window after the right was gone.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A store came after the right was gone.")
    public static class InAWindow extends Stores {

        private final boolean windows = PageTable.windows();

        /** Shows the page. */
        public InAWindow() {
            table.open(HERE, 8, PageTable.LOAD | PageTable.STORE);
        }

        /** Stores until that is refused. */
        @Actor
        public void user(II_Result result) {
            code.resume();
            while (windows && code.storeInWindow(HERE, 7)) {
                code.poll();
            }
            code.end();
            result.r2 = 1;
        }

        /** Takes the right away. */
        @Actor
        public void kernel() {
            table.protect(HERE, TranslationContext.READ);
            reuse();
        }

        /** Looks who wrote last. */
        @Arbiter
        public void end(II_Result result) {
            finish(result);
        }
    }

    /** Another frame is mapped in place of the first, and both are shown in the window in turn. */
    @JCStressTest
    @State
    @Outcome(id = "5, 1", expect = Expect.ACCEPTABLE, desc = "All stores after the change went to the second frame.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A store went to the first frame after it was replaced.")
    public static class ReplacedInAWindow extends Stores {

        private final Frame second = MEMORY.allocate();
        private volatile boolean over;

        /** Stores to whatever is there. */
        @Actor
        public void user(II_Result result) {
            code.resume();
            while (!over) {
                if (!code.storeInWindow(HERE, 7)) {
                    code.begin();
                    table.open(HERE, 8, PageTable.LOAD | PageTable.STORE);
                    code.resume();
                    if (!PageTable.windows()) {
                        break;
                    }
                }
                code.poll();
            }
            code.end();
            result.r2 = 1;
        }

        /** Replaces the frame. */
        @Actor
        public void kernel() {
            table.map(HERE, second, ALL);
            reuse();
            over = true;
        }

        /** Looks who wrote last to the first one. */
        @Arbiter
        public void end(II_Result result) {
            finish(result);
            MEMORY.free(second);
        }
    }
}
