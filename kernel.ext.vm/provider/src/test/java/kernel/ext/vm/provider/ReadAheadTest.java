package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.device.SwapDisk;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.core.strand.AdmissionException;
import kernel.core.strand.Strands;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.MemoryStatistics;
import kernel.ext.vm.api.PageStore;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that are fetched before they are touched, on the machine's own memory management. Strands run when the test says so. */
@Timeout(60)
class ReadAheadTest {

    private static final int PAGE = 8192;
    private static final int FRAMES = 512;
    private static final int READ = TranslationContext.READ;
    private static final int RW = READ | TranslationContext.WRITE;

    private final AtomicReference<SecondChance> policy = new AtomicReference<>();
    private final PhysicalMemory memory = new PhysicalMemory((long) FRAMES * PAGE,
            frames -> policy.get().choose(frames),
            candidate -> policy.get().reclaim(candidate));
    private final VirtualMemory vm = new VirtualMemory(new Translations(), memory);
    private final DiskStore disk = new DiskStore(new SwapDisk(4096, PAGE));
    private final Queue<Runnable> forked = new ArrayDeque<>();
    private final Set<Long> filled = new ConcurrentSkipListSet<>();
    private boolean admits = true;
    private final Strands strands = (Strands) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[]{Strands.class}, (self, method, arguments) -> {
                if (!admits) {
                    throw new AdmissionException("no");
                }
                forked.add((Runnable) arguments[arguments.length - 1]);
                return null;
            });
    private final Pager file = (offset, frame) -> {
        filled.add(offset / PAGE);
        frame.write(0, new byte[]{(byte) (offset / PAGE)}, 0, 1);
    };

    @BeforeEach
    void begin() {
        policy.set(new SecondChance(vm));
        vm.addStore(disk, Map.of(PageStore.NAME, "disk"));
        vm.setStrands(strands);
    }

    private AddressSpace space(int pages, int protection, Pager pager) {
        AddressSpace space = vm.create("test");
        space.map(PAGE, (long) pages * PAGE, protection, pager, "test");
        return space;
    }

    /** As user code would. */
    private int load(AddressSpace space, int page) {
        byte[] one = new byte[1];
        while (((PageTable) space.translation()).copyIn(PAGE + (long) page * PAGE, one, 0,
                1) != PageTable.Outcome.DONE) {
            assertEquals(Outcome.RESOLVED,
                    vm.find(space.translation()).resolve(PAGE + (long) page * PAGE, Access.READ));
        }
        return one[0] & 0xFF;
    }

    private void store(AddressSpace space, int page, int value) {
        byte[] one = {(byte) value};
        while (((PageTable) space.translation()).copyOut(PAGE + (long) page * PAGE, one, 0,
                1) != PageTable.Outcome.DONE) {
            assertEquals(Outcome.RESOLVED,
                    vm.find(space.translation()).resolve(PAGE + (long) page * PAGE, Access.WRITE));
        }
    }

    private void runForked() {
        for (Runnable next = forked.poll(); next != null; next = forked.poll()) {
            next.run();
        }
    }

    private void allIsFree() {
        assertEquals(FRAMES, memory.free());
        assertEquals(0, disk.used());
        MemoryStatistics did = vm.statistics();
        assertEquals(did.ahead(), did.aheadUsed() + did.aheadGiven(), "each is accounted for: " + did);
    }

    @Test
    void aFileThatIsReadInOrderIsThereWhenItIsTouched() {
        AddressSpace space = space(200, READ, Pager.ahead(file));
        for (int page = 0; page < 200; page++) {
            assertEquals(page, load(space, page));
            runForked();
        }
        MemoryStatistics did = vm.statistics();
        assertEquals(198, did.ahead());
        assertEquals(198, did.aheadUsed());
        space.destroy();
        allIsFree();
    }

    @Test
    void itIsNeverFarAhead() {
        AddressSpace space = space(200, READ, Pager.ahead(file));
        for (int page = 0; page < 100; page++) {
            load(space, page);
            runForked();
            long most = page + Streams.MOST;
            assertTrue(filled.stream().allMatch(one -> one <= most), () -> most + " < " + filled);
        }
        space.destroy();
        allIsFree();
    }

    @Test
    void aPagerIsNotAskedAheadUnlessItSaysSo() {
        AddressSpace space = space(100, READ, file);
        for (int page = 0; page < 50; page++) {
            load(space, page);
            runForked();
        }
        assertEquals(50, filled.size());
        assertEquals(0, vm.statistics().ahead());
        space.destroy();
        allIsFree();
    }

    /** Somebody writes to the file when half of it was read: what was fetched before and not touched is fetched again. */
    @Test
    void whatHasChangedSinceItWasFetchedIsFetchedAgain() {
        AtomicLong version = new AtomicLong();
        Pager changing = Pager.ahead((offset, frame) -> frame.write(0,
                new byte[]{(byte) (offset / PAGE + version.get())}, 0, 1), version::get);
        AddressSpace space = space(100, READ, changing);
        for (int page = 0; page < 100; page++) {
            assertEquals(page + page / 50, load(space, page), "page " + page);
            runForked();
            version.set((page + 1) / 50);
        }
        MemoryStatistics did = vm.statistics();
        assertTrue(did.aheadUsed() > 50, () -> "what has not changed is used: " + did);
        assertTrue(did.aheadGiven() > 10, () -> "what has is given up: " + did);
        for (int page = 0; page < 100; page++) {
            assertEquals(page + page / 50, load(space, page), "who has seen a page sees it as it was");
        }
        space.destroy();
        allIsFree();
    }

    /** A page that was fetched and not touched is moved, pinned and shared by a copy of its space: it is still noticed that it has changed. */
    @Test
    void whatHasChangedIsFetchedAgainWhateverWasDoneWithItsPlace() {
        AtomicLong version = new AtomicLong();
        Pager changing = Pager.ahead((offset, frame) -> frame.write(0,
                new byte[]{(byte) (offset / PAGE + version.get())}, 0, 1), version::get);
        AddressSpace space = space(20, RW, changing);
        load(space, 0);
        load(space, 1);
        runForked();
        assertTrue(vm.statistics().ahead() >= 4, () -> vm.statistics().toString());
        AddressSpace copy = space.copy("copy");
        assertTrue(space.pin(3 * PAGE, PAGE, true));
        space.move(4 * PAGE, PAGE, 40 * PAGE);
        version.set(100);
        assertEquals(102, load(space, 2));
        assertEquals(103, load(space, 39), "moved");
        store(copy, 4, 7);
        assertEquals(7, load(copy, 4));
        assertEquals(104, load(space, 4));
        assertEquals(102, load(copy, 2));
        space.destroy();
        copy.destroy();
        allIsFree();
    }

    @Test
    void templatesTooAndEachSpaceSeesItsOwn() {
        try (var template = vm.template(Pager.ahead(file))) {
            AddressSpace space = vm.create("test");
            space.map(PAGE, 100L * PAGE, RW, template, 0, "test");
            AddressSpace other = vm.create("other");
            other.map(PAGE, 100L * PAGE, RW, template, 0, "test");
            for (int page = 0; page < 100; page++) {
                assertEquals(page, load(space, page));
                runForked();
                store(space, page, 200);
                assertEquals(page, load(other, page));
            }
            assertTrue(vm.statistics().ahead() > 90);
            space.destroy();
            other.destroy();
        }
        allIsFree();
    }

    @Test
    void whatWasSwappedIsFetchedAhead() {
        int pages = FRAMES + 300;
        AddressSpace space = space(pages, RW, Pager.ZERO);
        for (int page = 0; page < pages; page++) {
            store(space, page, page);
        }
        space.discard(PAGE + (long) (pages - 300) * PAGE, 300L * PAGE); // room again
        for (int page = 0; page < 250; page++) {
            assertEquals(page & 0xFF, load(space, page));
            runForked();
        }
        MemoryStatistics did = vm.statistics();
        assertTrue(did.ahead() > 200 && did.aheadUsed() > 200, did.toString());
        space.destroy();
        allIsFree();
    }

    @Test
    void noFrameIsTakenFromAnybodyForIt() {
        int most = FRAMES - memory.low() - 3;
        AddressSpace full = space(most, RW, Pager.ZERO);
        for (int page = 0; page < most; page++) {
            store(full, page, page);
        }
        AddressSpace space = space(100, READ, Pager.ahead(file));
        load(space, 0);
        load(space, 1);
        runForked();
        assertEquals(1, vm.statistics().ahead(), "one is free above the low mark");
        assertEquals(0, memory.reclaimed().rounds());
        full.destroy();
        space.destroy();
        allIsFree();
    }

    @Test
    void aSixteenthOfMemoryAtMostIsTakenForIt() {
        AddressSpace space = space(1000, READ, Pager.ahead(file));
        for (int i = 0; i < 8; i++) {
            for (int start = 0; start < 1000; start += 250) { // four places at once
                load(space, start + i);
            }
            runForked();
            MemoryStatistics did = vm.statistics();
            assertTrue(did.ahead() - did.aheadUsed() - did.aheadGiven() <= FRAMES / 16, did.toString());
        }
        space.destroy();
        allIsFree();
    }

    @Test
    void whatIsNotUsedGoesFirst() {
        AddressSpace space = space(100, READ, Pager.ahead(file));
        for (int page = 0; page < 6; page++) {
            load(space, page);
            runForked();
        }
        long ahead = vm.statistics().ahead() - vm.statistics().aheadUsed();
        assertTrue(ahead > 5);
        AddressSpace other = space(FRAMES, RW, Pager.ZERO);
        for (int page = 0; vm.statistics().dropped() < ahead; page++) {
            store(other, page, page);
        }
        assertEquals(ahead, vm.statistics().aheadGiven());
        assertTrue(vm.statistics().stored() < 4, "others only to fill the last round");
        filled.clear();
        for (int page = 0; page < 6; page++) {
            load(space, page);
        }
        assertTrue(filled.isEmpty(), "those that were used are there yet");
        space.destroy();
        other.destroy();
        allIsFree();
    }

    @Test
    void aSpaceThatGoesMeanwhileIsLeftAlone() {
        AddressSpace space = space(100, READ, Pager.ahead(file));
        load(space, 0);
        load(space, 1);
        assertFalse(forked.isEmpty());
        space.destroy();
        runForked();
        assertEquals(2, filled.size());
        allIsFree();
    }

    @Test
    void withoutStrandsOrAdmissionOrInATimeOfItsOwnNothingIsFetchedAhead() {
        admits = false;
        AddressSpace space = space(100, READ, Pager.ahead(file));
        load(space, 0);
        load(space, 1);
        vm.unsetStrands(strands);
        load(space, 2);
        admits = true;
        vm.setStrands(strands);
        vm.setTime(null);
        load(space, 3);
        load(space, 4);
        assertTrue(forked.isEmpty());
        vm.unsetTime(null);
        for (int page = 5; page < 20; page++) {
            load(space, page);
        }
        runForked();
        assertTrue(vm.statistics().ahead() > 0, "it goes on when there is somebody again");
        space.destroy();
        allIsFree();
    }
}
