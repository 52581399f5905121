package bundles.pagers.compressed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.mmu.PhysicalMemory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.PageStore;
import org.junit.jupiter.api.Test;

class CompressedStoreTest {

    private static final int PAGE = 8192;
    private static final int FRAMES = 64;

    private final PhysicalMemory memory = new PhysicalMemory((long) FRAMES * PAGE);
    private final Next next = new Next();
    private final CompressedStore store = new CompressedStore(memory, next);
    private final Frame frame = memory.allocate();

    /** A page of which a part is random. */
    private static byte[] page(int seed, int random) {
        byte[] page = new byte[PAGE];
        new Random(seed).nextBytes(page);
        for (int i = random; i < PAGE; i++) {
            page[i] = (byte) seed;
        }
        return page;
    }

    private long put(byte[] page) {
        frame.write(0, page, 0, PAGE);
        return store.store(frame);
    }

    private void expect(byte[] page, long place) throws IOException {
        store.load(place, frame);
        byte[] found = new byte[PAGE];
        frame.read(0, found, 0, PAGE);
        assertArrayEquals(page, found);
    }

    @Test
    void pagesThatBecomeSmallAreKeptInFewFrames() throws IOException {
        Map<Integer, Long> places = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            places.put(i, put(page(i, i * 60)));
        }
        assertEquals(60, store.used());
        assertTrue(memory.free() >= FRAMES - 25, "free: " + memory.free());
        for (int i = 0; i < 60; i++) {
            expect(page(i, i * 60), places.get(i));
            store.free(places.get(i));
        }
        assertEquals(0, store.used());
        assertEquals(FRAMES - 1, memory.free());
    }

    @Test
    void aPageThatDoesNotBecomeSmallIsNotTaken() {
        assertEquals(PageStore.NONE, put(page(1, PAGE)));
        assertEquals(FRAMES - 1, memory.free());
    }

    @Test
    void framesThatAreTakenAwayGoToTheNextStore() throws IOException {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            places.add(put(page(i, 1500)));
        }
        // Somebody else needs memory: the boxes are the oldest frames.
        List<Frame> others = new ArrayList<>();
        for (Frame other = memory.allocate(store); other != null
                && others.size() < FRAMES; other = memory.allocate(store)) {
            others.add(other);
        }
        assertTrue(next.used() > 0);
        for (int i = 0; i < 40; i++) {
            expect(page(i, 1500), places.get(i));
            store.free(places.get(i));
        }
        assertEquals(0, store.used());
        assertEquals(0, next.used());
    }

    @Test
    void whatCannotBeMovedStays() throws IOException {
        next.room = 0;
        List<Long> places = new ArrayList<>();
        for (long place = put(page(0, 3000)); place >= 0; place = put(page(places.size(), 3000))) {
            places.add(place);
        }
        assertTrue(places.size() >= FRAMES / 2, "half of memory is used, two pages to a frame or more");
        for (int i = 0; i < places.size(); i++) {
            expect(page(i, 3000), places.get(i));
        }
    }

    /** Who takes frames away has chosen one just before it was given back, and the bundle that had it, stopping, may allocate no more. */
    @Test
    void aFrameThatWasGivenBackIsNotAskedForAnything() {
        long place = put(page(1, 1000));
        List<Frame> frames = new ArrayList<>();
        CompressedStore goes = new CompressedStore(stopping(frames), next);
        frame.write(0, page(2, 1000), 0, PAGE);
        goes.free(goes.store(frame));
        assertEquals(1, frames.size());
        assertFalse(goes.repossess(frames.getFirst()), "it has no such frame any more");
        goes.close();
        assertFalse(goes.repossess(frames.getFirst()));
        store.free(place);
    }

    /** Memory that a frame can be had of once. @param given that frame */
    private PhysAddr stopping(List<Frame> given) {
        return (PhysAddr) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{PhysAddr.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("allocate")) {
                        if (!given.isEmpty()) {
                            throw new IllegalStateException("the capability was revoked");
                        }
                        given.add(memory.allocate());
                        return given.getFirst();
                    }
                    return method.invoke(memory, arguments);
                });
    }

    /** Frees and loads go on while frames are taken away. */
    @Test
    void freedWhileItMoves() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<Long> places = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                places.add(put(page(i, 1000)));
            }
            Thread taker = Thread.ofPlatform().start(() -> {
                List<Frame> others = new ArrayList<>();
                for (int i = 0; i < FRAMES - 8; i++) {
                    Frame other = memory.allocate(store);
                    if (other != null) {
                        others.add(other);
                    }
                }
                others.forEach(memory::free);
            });
            for (int i = 0; i < 40; i++) {
                if (ThreadLocalRandom.current().nextBoolean()) {
                    expect(page(i, 1000), places.get(i));
                }
                store.free(places.get(i));
            }
            taker.join();
            assertEquals(0, store.used());
            assertEquals(0, next.used());
        }
    }

    /** The store behind. */
    private static final class Next implements PageStore {
        long room = 1000;
        private final Map<Long, byte[]> pages = new HashMap<>();
        private long last;

        @Override
        public synchronized long store(Frame frame) {
            byte[] page = new byte[PAGE];
            frame.read(0, page, 0, PAGE);
            pages.put(++last, page);
            return last;
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
            return room;
        }

        @Override
        public synchronized long used() {
            return pages.size();
        }
    }
}
