package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.device.SwapDisk;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.Reclaim;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.MemoryStatistics;
import kernel.ext.vm.api.PageStore;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory that is too small, on the machine's own memory management. */
class PagingTest {

    private static final int PAGE = 8192;
    private static final int FRAMES = 64;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;

    private final AtomicReference<PageReplacement> policy = new AtomicReference<>();
    private final AtomicReference<Reclaim> reclaim = new AtomicReference<>();
    private final PhysicalMemory memory = new PhysicalMemory((long) FRAMES * PAGE,
            frames -> policy.get().choose(frames), candidate -> reclaim.get().reclaim(candidate));
    private final VirtualMemory vm = new VirtualMemory(new Translations(), memory);
    private final SecondChance secondChance = new SecondChance(vm);
    private final DiskStore disk = new DiskStore(new SwapDisk(512, PAGE));

    @BeforeEach
    void defaults() {
        policy.set(secondChance);
        reclaim.set(secondChance);
    }

    private void swapOn() {
        vm.addStore(disk, Map.of(PageStore.NAME, "disk"));
    }

    private AddressSpace space(int pages) {
        AddressSpace space = vm.create("test");
        space.map(PAGE, (long) pages * PAGE, RW, Pager.ZERO, "[anon]");
        return space;
    }

    /** As user code would: tries, faults, tries again. */
    private Outcome touch(AddressSpace space, long address, byte[] bytes, boolean write) {
        PageTable table = (PageTable) space.translation();
        while (true) {
            PageTable.Outcome outcome = write
                    ? table.copyOut(address, bytes, 0, bytes.length)
                    : table.copyIn(address, bytes, 0, bytes.length);
            if (outcome == PageTable.Outcome.DONE) {
                return Outcome.RESOLVED;
            }
            Outcome resolved = vm.find(space.translation()).resolve(address, write ? Access.WRITE : Access.READ);
            if (resolved != Outcome.RESOLVED) {
                return resolved;
            }
        }
    }

    private static byte[] contents(int seed) {
        byte[] bytes = new byte[PAGE];
        for (int i = 0; i < PAGE; i++) {
            bytes[i] = (byte) (seed * 31 + i * (seed | 1) / 64);
        }
        return bytes;
    }

    private void put(AddressSpace space, int page, int seed) {
        assertEquals(Outcome.RESOLVED, touch(space, (long) page * PAGE, contents(seed), true));
    }

    private void expect(AddressSpace space, int page, int seed) {
        byte[] bytes = new byte[PAGE];
        assertEquals(Outcome.RESOLVED, touch(space, (long) page * PAGE, bytes, false));
        assertArrayEquals(contents(seed), bytes, "page " + page);
    }

    private void allIsFree() {
        assertEquals(FRAMES, memory.free());
        assertEquals(0, disk.used());
    }

    @Test
    void aProgramUsesThriceTheMemory() {
        swapOn();
        AddressSpace space = space(3 * FRAMES);
        for (int page = 1; page <= 3 * FRAMES; page++) {
            put(space, page, page);
        }
        assertTrue(space.resident() <= FRAMES);
        assertEquals(3 * FRAMES, space.resident() + space.swapped());
        for (int page = 3 * FRAMES; page >= 1; page--) {
            expect(space, page, page);
        }
        MemoryStatistics statistics = vm.statistics();
        assertTrue(statistics.stored() >= 2 * FRAMES && statistics.loaded() >= 2 * FRAMES, statistics.toString());
        space.destroy();
        allIsFree();
    }

    @Test
    void pagesThatAreSharedSinceAForkAreSwappedAndCopiedOnWrite() {
        swapOn();
        AddressSpace parent = space(FRAMES);
        for (int page = 1; page <= FRAMES; page++) {
            put(parent, page, page);
        }
        AddressSpace child = parent.copy("child");
        for (int page = 1; page <= FRAMES; page += 2) {
            put(child, page, 1000 + page);
        }
        for (int page = 1; page <= FRAMES; page++) {
            expect(parent, page, page);
            expect(child, page, page % 2 == 1 ? 1000 + page : page);
        }
        parent.destroy();
        for (int page = 1; page <= FRAMES; page++) {
            expect(child, page, page % 2 == 1 ? 1000 + page : page);
        }
        child.destroy();
        allIsFree();
    }

    @Test
    void pagesThatNobodyChangedAreAskedForAgain() {
        AtomicInteger filled = new AtomicInteger();
        AddressSpace space = vm.create("file");
        space.map(PAGE, 2L * FRAMES * PAGE, RW, (offset, frame) -> {
            filled.incrementAndGet();
            frame.write(0, contents((int) (offset / PAGE)), 0, PAGE);
        }, "file");
        for (int round = 0; round < 2; round++) {
            for (int page = 1; page <= 2 * FRAMES; page++) {
                expect(space, page, page - 1);
            }
        }
        assertEquals(4 * FRAMES, filled.get());
        assertEquals(0, vm.statistics().stored());
        space.destroy();
        allIsFree();
    }

    @Test
    void whatIsDiscardedIsAsThePagerGivesIt() {
        AddressSpace space = vm.create("file");
        MemoryObject object = vm.object(Pager.ZERO);
        space.map(PAGE, PAGE, RW, (offset, frame) -> frame.write(0, contents(5), 0, PAGE), "file");
        space.map(2 * PAGE, PAGE, RW, object, 0, "shared");
        put(space, 1, 6);
        put(space, 2, 7);
        AddressSpace child = space.copy("child");
        space.discard(PAGE, 2 * PAGE);
        assertEquals(0, space.resident());
        expect(space, 1, 5);
        expect(space, 2, 7);
        expect(child, 1, 6);
        object.close();
        space.destroy();
        child.destroy();
        allIsFree();
    }

    @Test
    void memoryThatCannotBeSavedEndsAnOutcomeAndAllOfItComesBack() {
        AddressSpace space = space(2 * FRAMES);
        int page = 1;
        while (touch(space, (long) page * PAGE, contents(page), true) == Outcome.RESOLVED) {
            page++;
        }
        assertTrue(page > FRAMES - memory.high() && page <= FRAMES + 1, "page " + page);
        for (int i = 1; i < page; i++) {
            expect(space, i, i);
        }
        space.destroy();
        allIsFree();
    }

    @Test
    void aStoreIsTakenAwayWithoutLosingAPage() {
        Heap heap = new Heap();
        vm.addStore(heap, Map.of(PageStore.NAME, "heap"));
        AddressSpace space = space(2 * FRAMES);
        for (int page = 1; page <= 2 * FRAMES; page++) {
            put(space, page, page);
        }
        assertTrue(heap.used() >= FRAMES);
        swapOn();
        vm.removeStore(heap);
        assertEquals(0, heap.used());
        for (int page = 1; page <= 2 * FRAMES; page++) {
            expect(space, page, page);
        }
        assertEquals(0, vm.statistics().lost());
        space.destroy();
        allIsFree();
    }

    @Test
    void aStoreThatGoesWithNoRoomElsewhereLosesPagesAndSaysHowMany() {
        Heap heap = new Heap();
        vm.addStore(heap, Map.of(PageStore.NAME, "heap"));
        AddressSpace space = space(2 * FRAMES);
        for (int page = 1; page <= 2 * FRAMES; page++) {
            put(space, page, page);
        }
        vm.removeStore(heap);
        int lost = 0;
        for (int page = 1; page <= 2 * FRAMES; page++) {
            lost += touch(space, (long) page * PAGE, new byte[8], false) == Outcome.FORBIDDEN ? 1 : 0;
        }
        assertTrue(lost >= FRAMES);
        assertEquals(lost, vm.statistics().lost());
        space.destroy();
        allIsFree();
    }

    @Test
    void aStoreThatFailsIsPassedOver() {
        Heap failing = new Heap();
        failing.broken.set(true);
        vm.addStore(failing, Map.of(PageStore.NAME, "failing", "service.ranking", 10));
        swapOn();
        AddressSpace space = space(2 * FRAMES);
        for (int page = 1; page <= 2 * FRAMES; page++) {
            put(space, page, page);
        }
        for (int page = 1; page <= 2 * FRAMES; page++) {
            expect(space, page, page);
        }
        assertEquals(List.of("failing", "disk"),
                vm.statistics().stores().stream().map(MemoryStatistics.Store::name).toList());
        assertTrue(vm.statistics().stores().getFirst().failures() > 0);
        space.destroy();
        allIsFree();
    }

    @Test
    void policiesThatFailOrAnswerNonsenseAreReplacedByTheOldestFrame() {
        swapOn();
        AddressSpace space = space(2 * FRAMES);
        List<PageReplacement> policies = List.of(frames -> -1, frames -> Integer.MAX_VALUE, frames -> {
            throw new IllegalStateException("no idea");
        });
        for (int page = 1; page <= 2 * FRAMES; page++) {
            policy.set(policies.get(page % policies.size()));
            put(space, page, page);
        }
        assertTrue(memory.reclaimed().misled() > 0);
        for (int page = 1; page <= 2 * FRAMES; page++) {
            expect(space, page, page);
        }
        space.destroy();
        allIsFree();
    }

    @Test
    void anotherFrameMayBeOfferedAndIsTakenIfItCanBe() {
        swapOn();
        AddressSpace space = space(2 * FRAMES);
        Frame[] offer = new Frame[1];
        reclaim.set(candidate -> offer[0]);
        for (int page = 1; page <= FRAMES / 2; page++) {
            put(space, page, page);
        }
        offer[0] = space.translation().frame(7L * PAGE);
        for (int page = FRAMES / 2 + 1; page <= FRAMES; page++) {
            put(space, page, page);
        }
        assertEquals(TranslationContext.UNMAPPED, space.translation().examine(7L * PAGE), "it went first");
        // Once it is gone the offer means nothing.
        assertEquals(1, memory.reclaimed().offered());
        for (int page = 1; page <= FRAMES; page++) {
            expect(space, page, page);
        }
        space.destroy();
        allIsFree();
    }

    /** Else who fills a page, or is asked what to take in its place, could read and write what programs have there later. */
    @Test
    void framesThatWereLentAreOfNoUseAfterwards() {
        swapOn();
        List<Frame> kept = new ArrayList<>();
        AddressSpace space = vm.create("lent");
        space.map(PAGE, 2L * FRAMES * PAGE, RW, (offset, frame) -> {
            frame.write(0, new byte[]{1, 2, 3}, 0, 3);
            kept.add(frame);
        }, "pager's");
        reclaim.set(candidate -> {
            candidate.read(0, new byte[1], 0, 1);
            kept.add(candidate);
            return null;
        });
        for (int page = 1; page <= 2 * FRAMES; page++) {
            put(space, page, page);
        }
        assertTrue(kept.size() > 2 * FRAMES);
        for (Frame frame : kept) {
            assertThrows(IllegalStateException.class, () -> frame.write(0, new byte[1], 0, 1));
            assertThrows(IllegalStateException.class, () -> frame.read(0, new byte[1], 0, 1));
            assertThrows(IllegalArgumentException.class, () -> space.translation().map(PAGE, frame, RW));
        }
        for (int page = 1; page <= 2 * FRAMES; page++) {
            expect(space, page, page);
        }
        space.destroy();
        allIsFree();
    }

    /** Whatever else happens; and as all others again when that is over. */
    @Test
    void pinnedPagesStayInMemory() {
        swapOn();
        AddressSpace space = space(3 * FRAMES);
        int pins = FRAMES / 2;
        put(space, 1, 1);
        assertTrue(space.pin(PAGE, (long) pins * PAGE, true));
        assertFalse(space.pin(0, 2L * PAGE, true), "page 0 belongs to nobody");
        for (int page = 2; page <= 3 * FRAMES; page++) {
            put(space, page, page);
        }
        AddressSpace copy = space.copy("child");
        for (int page = 1; page <= 3 * FRAMES; page++) {
            if (page > pins) {
                expect(copy, page, page);
            }
        }
        long loaded = vm.statistics().loaded();
        for (int page = 1; page <= pins; page++) {
            assertNotNull(space.translation().frame((long) page * PAGE), "page " + page);
            expect(space, page, page);
        }
        assertEquals(loaded, vm.statistics().loaded());
        copy.destroy();
        assertTrue(space.pin(PAGE, (long) pins * PAGE, false));
        for (int page = 3 * FRAMES; page > pins; page--) {
            expect(space, page, page);
        }
        assertTrue(space.resident() <= FRAMES);
        assertNull(space.translation().frame(PAGE));
        space.destroy();
        allIsFree();
    }

    @Test
    void whatAnExtensionDidToAProtectionIsThereWhenThePageComesBack() {
        swapOn();
        AddressSpace space = space(2 * FRAMES);
        put(space, 1, 1);
        space.translation().protect(PAGE, TranslationContext.READ);
        for (int page = 2; page <= 2 * FRAMES; page++) {
            put(space, page, page);
        }
        assertEquals(TranslationContext.UNMAPPED, space.translation().examine(PAGE));
        expect(space, 1, 1);
        assertEquals(TranslationContext.READ, space.translation().examine(PAGE));
        put(space, 1, 2);
        assertEquals(RW, space.translation().examine(PAGE));
    }

    @Test
    void memoryObjectsAreSwappedAndReadBack() throws IOException {
        swapOn();
        MemoryObject object = vm.object(Pager.ZERO);
        AddressSpace one = vm.create("one");
        AddressSpace two = vm.create("two");
        one.map(PAGE, 2L * FRAMES * PAGE, RW, object, 0, "shared");
        two.map(PAGE, 2L * FRAMES * PAGE, RW, object, 0, "shared");
        for (int page = 1; page <= 2 * FRAMES; page++) {
            put(page % 2 == 0 ? one : two, page, page);
        }
        byte[] bytes = new byte[PAGE];
        for (int page = 1; page <= 2 * FRAMES; page++) {
            expect(page % 2 == 0 ? two : one, page, page);
            assertTrue(object.read((page - 1L) * PAGE, bytes));
            assertArrayEquals(contents(page), bytes);
        }
        one.destroy();
        object.close();
        expect(two, 5, 5);
        two.destroy();
        allIsFree();
    }

    /** Strands share, copy and fork spaces, while stores come and go and policies change. */
    @Test
    void manyAtOnce() throws Exception {
        swapOn();
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        AddressSpace shared = space(FRAMES);
        for (int page = 1; page <= FRAMES; page++) {
            put(shared, page, page);
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int me = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < 12 && wrong.get() == null; round++) {
                        work(shared, me, round);
                    }
                } catch (Throwable e) {
                    wrong.compareAndSet(null, e);
                }
            }));
        }
        Thread changer = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                Heap heap = new Heap();
                vm.addStore(heap, Map.of(PageStore.NAME, "heap", "service.ranking", 5));
                policy.set(frames -> frames.oldest());
                pause();
                vm.removeStore(heap);
                policy.set(secondChance);
                pause();
            }
        });
        for (Thread thread : threads) {
            thread.join();
        }
        over.set(true);
        changer.join();
        if (wrong.get() != null) {
            throw new AssertionError(wrong.get());
        }
        shared.destroy();
        assertEquals(0, vm.statistics().lost());
        allIsFree();
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(AddressSpace shared, int me, int round) {
        AddressSpace own = shared.copy("own");
        for (int page = 1 + me; page <= FRAMES; page += 2) {
            put(own, page, 10_000 * me + round + page);
        }
        AddressSpace child = own.copy("child");
        for (int page = 1; page <= FRAMES; page++) {
            boolean mine = page > me && (page - 1 - me) % 2 == 0;
            expect(shared, page, page);
            expect(child, page, mine ? 10_000 * me + round + page : page);
        }
        own.destroy();
        child.destroy();
    }

    /** A store on the heap of the test. */
    private static final class Heap implements PageStore {
        final AtomicBoolean broken = new AtomicBoolean();
        private final Map<Long, byte[]> pages = new HashMap<>();
        private long next;

        @Override
        public synchronized long store(Frame frame) throws IOException {
            if (broken.get()) {
                throw new IOException("broken");
            }
            byte[] page = new byte[PAGE];
            frame.read(0, page, 0, PAGE);
            pages.put(next, page);
            return next++;
        }

        @Override
        public synchronized void load(long place, Frame frame) {
            frame.write(0, pages.get(place), 0, PAGE);
        }

        @Override
        public synchronized void free(long place) {
            if (pages.remove(place) == null) {
                throw new IllegalStateException("freed twice");
            }
        }

        @Override
        public long capacity() {
            return 1000;
        }

        @Override
        public synchronized long used() {
            return pages.size();
        }
    }
}
