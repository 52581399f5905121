package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpace.Region;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpaceTest {

    private static final int PAGE = FakeMachine.PAGE;
    private static final int READ = TranslationContext.READ;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;

    private final FakeMachine machine = new FakeMachine(64);
    private final VirtualMemory memory = new VirtualMemory(machine, machine);
    private final Space space = (Space) memory.create("test");

    @Test
    void pagesThatAreBlankAreKnown() {
        space.map(PAGE, 2 * PAGE, RW, Pager.ZERO, "");
        space.map(3 * PAGE, PAGE, RW, (offset, frame) -> {}, "");
        assertEquals(Outcome.RESOLVED, space.resolve(PAGE + 5, Access.WRITE));
        assertFalse(space.blank(PAGE));
        assertFalse(space.blank(2 * PAGE - 1));
        assertTrue(space.blank(2 * PAGE));
        assertFalse(space.blank(3 * PAGE), "its pager may fill it");
        assertFalse(space.blank(4 * PAGE));
        assertFalse(space.regions().getFirst().shared());
    }

    @Test
    void pagesComeWhenTouchedAndGoWhenUnmapped() {
        space.map(PAGE, 4 * PAGE, RW, Pager.ZERO, "a");
        assertEquals(0, space.resident());
        assertEquals(Outcome.RESOLVED, space.resolve(PAGE + 100, Access.READ));
        assertEquals(Outcome.RESOLVED, space.resolve(3 * PAGE, Access.WRITE));
        assertEquals(Outcome.FORBIDDEN, space.resolve(3 * PAGE, Access.EXECUTE));
        assertEquals(Outcome.NOT_ALLOCATED, space.resolve(5 * PAGE, Access.READ));
        assertEquals(2, space.resident());
        assertEquals(2, space.faults());
        assertNotNull(space.translation().frame(PAGE));
        space.unmap(PAGE, 1);
        assertEquals(1, space.resident());
        assertEquals(1, machine.used.size());
        space.destroy();
        space.destroy();
        assertEquals(0, machine.used.size());
        assertTrue(memory.spaces().isEmpty());
    }

    @Test
    void aSplitRegionKeepsThePagersOffsets() {
        var asked = new AtomicInteger();
        space.map(PAGE, 4 * PAGE, RW, (offset, frame) -> asked.set((int) (offset / PAGE)), "file");
        assertTrue(space.protect(2 * PAGE, PAGE, READ));
        assertEquals(3, space.regions().size());
        space.resolve(4 * PAGE, Access.READ);
        assertEquals(3, asked.get());
        assertTrue(space.protect(2 * PAGE, PAGE, RW));
        assertEquals(List.of(new Region(PAGE, 5 * PAGE, RW, "file", false, false)), space.regions());
    }

    @Test
    void protectingAHoleChangesNothing() {
        space.map(PAGE, PAGE, RW, Pager.ZERO, "a");
        space.map(3 * PAGE, PAGE, RW, Pager.ZERO, "a");
        assertFalse(space.protect(PAGE, 3 * PAGE, READ));
        assertEquals(RW, space.regions().getFirst().protection());
        assertFalse(space.covers(PAGE, 2 * PAGE));
        assertTrue(space.covers(3 * PAGE, PAGE));
    }

    @Test
    void protectChangesPresentPages() {
        space.map(PAGE, PAGE, RW, Pager.ZERO, "a");
        space.resolve(PAGE, Access.WRITE);
        space.protect(PAGE, PAGE, READ);
        assertEquals(READ, space.translation().examine(PAGE));
        assertEquals(Outcome.FORBIDDEN, space.resolve(PAGE, Access.WRITE));
    }

    @Test
    void aFailingPagerIsABadAddressAndLosesNoFrame() {
        space.map(PAGE, PAGE, RW, (offset, frame) -> {
            throw new IOException("no such page");
        }, "file");
        assertEquals(Outcome.FORBIDDEN, space.resolve(PAGE, Access.READ));
        assertEquals(0, machine.used.size());
    }

    @Test
    void aRegionThatChangesWhileItsPagerWorksIsLookedUpAgain() {
        var second = new AtomicInteger();
        space.map(PAGE, PAGE, RW, (offset, frame) -> space.map(PAGE, PAGE, RW, (o, f) -> second.incrementAndGet(), "b"),
                "a");
        assertEquals(Outcome.RESOLVED, space.resolve(PAGE, Access.READ));
        assertEquals(1, second.get());
        assertEquals(1, machine.used.size());
    }

    @Test
    void memoryCanRunOut() {
        space.map(PAGE, 100L * PAGE, RW, Pager.ZERO, "big");
        for (int i = 1; i <= 64; i++) {
            assertEquals(Outcome.RESOLVED, space.resolve((long) i * PAGE, Access.WRITE));
        }
        assertEquals(Outcome.EXHAUSTED, space.resolve(65L * PAGE, Access.WRITE));
    }

    @Test
    void rangesOutsideTheAddressesOfUserCodeAreRefused() {
        for (long[] range : new long[][]{{PAGE, 0}, {-PAGE, PAGE}, {FakeMachine.LIMIT, PAGE}, {PAGE, -1},
                {PAGE, Long.MAX_VALUE}, {FakeMachine.LIMIT - PAGE, 2 * PAGE}}) {
            assertThrows(IllegalArgumentException.class, () -> space.map(range[0], range[1], RW, Pager.ZERO, ""));
            space.unmap(range[0], range[1]);
            space.protect(range[0], range[1], READ);
            space.covers(range[0], range[1]);
        }
        assertEquals(-1, space.findGap(0, FakeMachine.LIMIT));
        assertEquals(-1, space.findGap(0, -5));
        assertEquals(-1, space.findGap(0, Long.MAX_VALUE));
    }

    @Test
    void randomOperationsAgreeWithAModelOfPages() {
        var random = new Random(42);
        int pages = 40;
        int[] model = new int[pages];
        for (int step = 0; step < 20_000; step++) {
            int from = 1 + random.nextInt(pages - 1);
            int count = 1 + random.nextInt(pages - from);
            int protection = 1 + random.nextInt(7);
            switch (random.nextInt(4)) {
                case 0 -> {
                    space.map((long) from * PAGE, (long) count * PAGE - random.nextInt(PAGE), protection, Pager.ZERO,
                            "");
                    fill(model, from, count, protection);
                }
                case 1 -> {
                    space.unmap((long) from * PAGE, (long) count * PAGE);
                    fill(model, from, count, 0);
                }
                case 2 -> {
                    if (space.protect((long) from * PAGE, (long) count * PAGE, protection)) {
                        assertTrue(covered(model, from, count));
                        fill(model, from, count, protection);
                    } else {
                        assertFalse(covered(model, from, count));
                    }
                }
                default -> {
                    Outcome outcome = space.resolve((long) from * PAGE, Access.READ);
                    assertEquals(model[from] == 0
                            ? Outcome.NOT_ALLOCATED
                            : (model[from] & READ) == 0 ? Outcome.FORBIDDEN : Outcome.RESOLVED, outcome);
                    checkGap(model, from, count);
                }
            }
            compare(model);
        }
    }

    private void compare(int[] model) {
        int[] actual = new int[model.length];
        Region before = null;
        for (Region region : space.regions()) {
            assertTrue(before == null || before.end() < region.start()
                    || before.end() == region.start() && before.protection() != region.protection(),
                    "merged and sorted");
            fill(actual, (int) (region.start() / PAGE), (int) ((region.end() - region.start()) / PAGE),
                    region.protection());
            before = region;
        }
        assertEquals(java.util.Arrays.toString(model), java.util.Arrays.toString(actual));
        int mapped = 0;
        for (int page = 0; page < model.length; page++) {
            int protection = space.translation().examine((long) page * PAGE);
            if (protection != TranslationContext.UNMAPPED) {
                assertEquals(model[page], protection);
                mapped++;
            }
        }
        assertEquals(mapped, space.resident());
        assertEquals(mapped, machine.used.size());
    }

    private void checkGap(int[] model, int from, int count) {
        long gap = space.findGap((long) from * PAGE, (long) count * PAGE);
        int page = (int) (gap / PAGE);
        for (int i = page; i < Math.min(page + count, model.length); i++) {
            assertEquals(0, model[i]);
        }
        for (int at = from; at < page && at + count <= model.length; at++) {
            assertFalse(free(model, at, count), "a lower gap was free");
        }
    }

    private static boolean free(int[] model, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (model[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean covered(int[] model, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (model[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private static void fill(int[] model, int from, int count, int value) {
        java.util.Arrays.fill(model, from, from + count, value);
    }

    @Test
    void spacesAreFoundByTranslation() {
        AddressSpace other = memory.create("other");
        assertEquals(other, memory.find(other.translation()));
        assertEquals(2, memory.spaces().size());
        other.destroy();
        assertEquals(null, memory.find(other.translation()));
    }
}
