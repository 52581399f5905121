package hw.alpha.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows of address spaces: what they show, and who may load from and store to it. */
@Timeout(60)
class WindowTest {

    private static final int PAGE = 8192;
    private static final long HERE = 0x40000;
    private static final int READ = TranslationContext.READ, WRITE = TranslationContext.WRITE;
    private static final int BOTH = PageTable.LOAD | PageTable.STORE;

    private final PhysicalMemory memory = new PhysicalMemory(4L << 20);
    private final Translations translations = new Translations();
    private final PageTable table = (PageTable) translations.create();
    private final TranslationBuffer buffer = new TranslationBuffer();

    @BeforeEach
    void attach() {
        assumeTrue(PageTable.windows(), "this host has no windows");
        table.attach(buffer);
    }

    @AfterEach
    void detach() {
        table.detach(buffer);
        table.destroy();
    }

    private int rights(long address) {
        return Host.MEMORY.get(Host.BYTE, table.windowBase() - PageTable.WINDOW_PAGES + address / PAGE);
    }

    private long seen(long address) {
        return Host.MEMORY.get(Host.QUADWORD, table.windowBase() + address);
    }

    private Frame frame(int value) {
        Frame frame = memory.allocate();
        frame.write(0, new byte[]{(byte) value}, 0, 1);
        return frame;
    }

    @Test
    void nothingIsAllowedUntilItIsOpened() {
        table.map(HERE, frame(1), READ | WRITE);
        assertEquals(0, rights(HERE));
        table.open(HERE + 8, 8, PageTable.LOAD);
        assertEquals(Window.LOAD, rights(HERE));
        assertEquals(1, seen(HERE));
        table.open(HERE, 8, PageTable.STORE);
        assertEquals(BOTH, rights(HERE));
    }

    @Test
    void whatIsForbiddenOrNotThereIsNotOpened() {
        table.map(HERE, frame(1), READ);
        table.open(HERE, 3 * PAGE, BOTH);
        assertEquals(Window.LOAD, rights(HERE));
        assertEquals(0, rights(HERE + PAGE));
        table.open(1L << 40, 8, BOTH);
        table.open(-8, 8, BOTH);
    }

    @Test
    void aPageKnowsOfTheNextOne() {
        table.map(HERE, frame(1), READ | WRITE);
        table.map(HERE + PAGE, frame(2), READ | WRITE);
        table.open(HERE, PAGE + 1, PageTable.LOAD);
        assertEquals(Window.LOAD | Window.LOAD_BOTH, rights(HERE));
        table.open(HERE + PAGE, 1, PageTable.STORE);
        table.open(HERE, 1, PageTable.STORE);
        assertEquals(Window.LOAD | Window.LOAD_BOTH | Window.STORE | Window.STORE_BOTH, rights(HERE));
        table.protect(HERE + PAGE, READ);
        assertEquals(BOTH | Window.LOAD_BOTH, rights(HERE));
        assertEquals(Window.LOAD, rights(HERE + PAGE));
        table.protect(HERE + PAGE, 0);
        assertEquals(BOTH, rights(HERE));
        assertEquals(0, rights(HERE + PAGE));
    }

    @Test
    void aRangeLosesWhatItMayNoLonger() {
        for (int i = 0; i < 4; i++) {
            table.map(HERE + i * PAGE, frame(i), READ | WRITE);
        }
        int all = BOTH | Window.LOAD_BOTH | Window.STORE_BOTH;
        table.open(HERE, 4 * PAGE, BOTH);
        table.protect(HERE + PAGE, 2 * PAGE, READ);
        assertEquals(BOTH | Window.LOAD_BOTH, rights(HERE));
        assertEquals(Window.LOAD | Window.LOAD_BOTH, rights(HERE + PAGE));
        assertEquals(Window.LOAD | Window.LOAD_BOTH, rights(HERE + 2 * PAGE));
        assertEquals(BOTH, rights(HERE + 3 * PAGE));
        table.protect(HERE, Long.MAX_VALUE, READ | WRITE);
        assertEquals(Window.LOAD | Window.LOAD_BOTH, rights(HERE + PAGE));
        table.open(HERE, 4 * PAGE, BOTH);
        assertEquals(all, rights(HERE + PAGE));
        table.protect(0, 1L << 42, 0);
        assertEquals(0, rights(HERE));
        assertEquals(0, rights(HERE + 3 * PAGE));
        assertEquals(0, table.examine(HERE));
        assertEquals(TranslationContext.UNMAPPED, table.examine(HERE - PAGE));
    }

    @Test
    void rangesAcrossLeavesAndBeyondTheWindow() {
        long edge = 1L << 36;
        table.map(edge - PAGE, frame(1), READ | WRITE);
        table.map(edge, frame(2), READ | WRITE);
        table.open(edge - PAGE, 2 * PAGE, BOTH);
        table.fill(buffer, edge, true);
        table.protect(edge - 600L * PAGE, 1200L * PAGE, READ);
        assertEquals(Window.LOAD, rights(edge - PAGE));
        assertEquals(false, buffer.present(edge, true));
        assertEquals(true, buffer.present(edge, false));
        assertEquals(READ, table.examine(edge - PAGE));
        assertEquals(READ, table.examine(edge));
    }

    @Test
    void aRightThatIsGivenConcernsNoProcessor() {
        table.map(HERE, frame(1), READ);
        table.fill(buffer, HERE, false);
        buffer.take(TranslationBuffer.SHOOTDOWN);
        table.protect(HERE, READ | WRITE);
        assertEquals(false, buffer.take(TranslationBuffer.SHOOTDOWN));
        assertEquals(true, buffer.present(HERE, false));
        assertEquals(PageTable.Outcome.DONE, table.fill(buffer, HERE, true));
        table.protect(HERE, READ);
        assertEquals(true, buffer.take(TranslationBuffer.SHOOTDOWN));
        assertEquals(false, buffer.present(HERE, true));
        assertEquals(true, buffer.present(HERE, false));
    }

    @Test
    void rightsGoWithProtectionAndMapping() {
        table.map(HERE, frame(1), READ | WRITE);
        table.open(HERE, 8, BOTH);
        table.protect(HERE, READ);
        assertEquals(Window.LOAD, rights(HERE));
        table.open(HERE, 8, BOTH);
        assertEquals(Window.LOAD, rights(HERE));
        table.map(HERE, frame(2), READ);
        assertEquals(0, rights(HERE));
        table.open(HERE, 8, BOTH);
        assertEquals(2, seen(HERE));
        table.unmap(HERE);
        assertEquals(0, rights(HERE));
        table.map(HERE, frame(3), READ);
        table.open(HERE, 8, BOTH);
        assertEquals(3, seen(HERE));
    }

    @Test
    void marksSayThatItMayHaveBeenUsed() {
        Frame frame = memory.allocate();
        table.map(HERE, frame, READ | WRITE);
        frame.clear(Frame.USED | Frame.CHANGED);
        table.open(HERE, 8, PageTable.LOAD);
        assertEquals(Frame.USED, frame.marks());
        table.open(HERE, 8, PageTable.STORE);
        assertEquals(Frame.USED | Frame.CHANGED, frame.marks());
        frame.clear(Frame.USED | Frame.CHANGED);
        table.refresh(HERE);
        assertEquals(0, rights(HERE));
    }

    @Test
    void codeThatIsDecodedIsNotStoredToUnseen() {
        Frame frame = memory.allocate();
        PageTable other = (PageTable) translations.create();
        TranslationBuffer second = new TranslationBuffer();
        other.attach(second);
        table.map(HERE, frame, READ | WRITE);
        other.map(0, frame, READ | TranslationContext.EXECUTE);
        table.open(HERE, 8, BOTH);
        other.fetch(second, 0);
        assertEquals(Window.LOAD, rights(HERE));
        CodePage before = second.code(0);
        table.open(HERE, 8, PageTable.STORE);
        assertEquals(true, before.stale());
        assertEquals(BOTH, rights(HERE));
        other.detach(second);
        other.destroy();
    }

    @Test
    void twoSpacesSeeOneFrame() {
        Frame frame = frame(5);
        PageTable other = (PageTable) translations.create();
        TranslationBuffer second = new TranslationBuffer();
        other.attach(second);
        table.map(HERE, frame, READ | WRITE);
        other.map(PAGE, frame, READ);
        table.open(HERE, 8, BOTH);
        other.open(PAGE, 8, BOTH);
        Host.MEMORY.set(Host.QUADWORD, table.windowBase() + HERE, 77);
        assertEquals(77, Host.MEMORY.get(Host.QUADWORD, other.windowBase() + PAGE));
        byte[] bytes = new byte[1];
        frame.read(0, bytes, 0, 1);
        assertEquals(77, bytes[0]);
        other.detach(second);
        other.destroy();
    }

    @Test
    void aDestroyedSpaceKeepsItsWindowUntilItsLastProcessorHasLeft() {
        table.map(HERE, frame(1), READ);
        table.open(HERE, 8, BOTH);
        long base = table.windowBase();
        table.destroy();
        assertEquals(base, table.windowBase());
        assertEquals(1, seen(HERE));
        table.detach(buffer);
        assertEquals(PageTable.NO_WINDOW, table.windowBase());
        table.attach(buffer);
    }

    @Test
    void manyWindowsCanBeOpenedAndClosed() {
        for (int i = 0; i < 5000; i++) {
            PageTable one = (PageTable) translations.create();
            TranslationBuffer own = new TranslationBuffer();
            one.attach(own);
            Frame frame = memory.allocate();
            one.map(HERE, frame, READ);
            one.open(HERE, 8, BOTH);
            assertNotEquals(PageTable.NO_WINDOW, one.windowBase());
            one.detach(own);
            one.destroy();
            memory.free(frame);
        }
    }

    @Test
    void pagesHereAndThereDoNotUseUpTheHostsMappings() {
        for (int i = 0; i < 60_000; i++) {
            long at = (long) i * 512 * PAGE % (1L << 35);
            Frame frame = memory.allocate();
            table.map(at, frame, READ);
            table.open(at, 8, BOTH);
            assertEquals(Window.LOAD, rights(at));
            table.unmap(at);
            memory.free(frame);
        }
    }

    @Test
    void manyMemoriesThatNobodyReachesDoNotKeepTheirFiles() {
        // many more than a thousand, which some hosts allow, and less than the virtual machine would collect for by itself
        for (int i = 0; i < 4_000; i++) {
            new PhysicalMemory(PAGE).allocate();
        }
        String[] files = new File("/proc/self/fd").list();
        assertTrue(files.length < 1_000, files.length + " open files");
    }
}
