package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.PageStore;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that is withdrawn, or fails, while a page is fetched from it. */
@Timeout(60)
class StoreThatGoesTest {

    private static final int PAGE = 8192;
    private static final int FRAMES = 32;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;

    private final AtomicReference<SecondChance> policy = new AtomicReference<>();
    private final PhysicalMemory memory = new PhysicalMemory((long) FRAMES * PAGE,
            frames -> policy.get().choose(frames),
            candidate -> policy.get().reclaim(candidate));
    private final VirtualMemory vm = new VirtualMemory(new Translations(), memory);
    private final Map<Long, byte[]> stored = new ConcurrentHashMap<>();
    private final AtomicLong places = new AtomicLong();
    /** What is done when a page is freed. */
    private final AtomicReference<Runnable> freed = new AtomicReference<>(() -> {});
    private final PageStore store = new PageStore() {
        @Override
        public long store(Frame frame) {
            byte[] bytes = new byte[PAGE];
            frame.read(0, bytes, 0, PAGE);
            stored.put(places.incrementAndGet(), bytes);
            return places.get();
        }

        @Override
        public void load(long place, Frame frame) {
            frame.write(0, stored.get(place), 0, PAGE);
        }

        @Override
        public void free(long place) {
            stored.remove(place);
            freed.get().run();
        }

        @Override
        public long capacity() {
            return 1000;
        }

        @Override
        public long used() {
            return stored.size();
        }

        @Override
        public boolean keepsLoaded() {
            return false;
        }
    };

    @BeforeEach
    void begin() {
        policy.set(new SecondChance(vm));
        vm.addStore(store, Map.of(PageStore.NAME, "heap"));
    }

    private Outcome access(AddressSpace space, int page, byte[] one, boolean write) {
        PageTable table = (PageTable) space.translation();
        while ((write
                ? table.copyOut((long) page * PAGE, one, 0, 1)
                : table.copyIn((long) page * PAGE, one, 0,
                        1)) != PageTable.Outcome.DONE) {
            Outcome outcome = vm.find(table).resolve((long) page * PAGE, write ? Access.WRITE : Access.READ);
            if (outcome != Outcome.RESOLVED) {
                return outcome;
            }
        }
        return Outcome.RESOLVED;
    }

    private AddressSpace twiceTheMemory() {
        AddressSpace space = vm.create("test");
        space.map(PAGE, 2L * FRAMES * PAGE, RW, Pager.ZERO, "test");
        for (int page = 1; page <= 2 * FRAMES; page++) {
            assertEquals(Outcome.RESOLVED, access(space, page, new byte[]{(byte) page}, true));
        }
        return space;
    }

    /** The bundle of a store stops when its withdrawal has returned: nobody may call it afterwards. */
    @Test
    void withdrawalWaitsForWhoIsInTheStore() throws InterruptedException {
        AddressSpace space = twiceTheMemory();
        AtomicBoolean returned = new AtomicBoolean();
        AtomicBoolean tooEarly = new AtomicBoolean();
        Thread remover = new Thread(() -> {
            vm.removeStore(store);
            returned.set(true);
        });
        freed.set(() -> {
            if (remover.getState() == Thread.State.NEW && stored.isEmpty()) {
                remover.start();
                while (remover.getState() != Thread.State.BLOCKED && remover.isAlive()) {
                    Thread.onSpinWait();
                }
                tooEarly.set(returned.get());
            }
        });
        space.unmap(PAGE, (long) FRAMES * PAGE); // room for the rest, of which the last to be freed is the last in the store
        for (int page = FRAMES + 1; page <= 2 * FRAMES; page++) {
            byte[] one = new byte[1];
            assertEquals(Outcome.RESOLVED, access(space, page, one, false));
            assertEquals(page, one[0]);
        }
        space.destroy();
        remover.join();
        assertTrue(returned.get(), "it was withdrawn");
        assertFalse(tooEarly.get(), "the store was still at work for a page");
        assertEquals(FRAMES, memory.free());
    }

    @Test
    void aStoreThatCannotForgetHarmsNobody() {
        AddressSpace space = twiceTheMemory();
        freed.set(() -> {
            throw new IllegalStateException("on purpose");
        });
        for (int page = 1; page <= 2 * FRAMES; page++) {
            byte[] one = new byte[1];
            assertEquals(Outcome.RESOLVED, access(space, page, one, false));
            assertEquals(page, one[0]);
        }
        assertTrue(vm.statistics().stores().getFirst().failures() > 0);
        space.destroy();
        assertEquals(FRAMES, memory.free());
    }
}
