package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.device.SwapDisk;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.PageStore;
import kernel.ext.vm.api.Pager;
import kernel.ext.vm.api.RightsPager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pagers that give rights page by page, on the machine's own memory management. */
class RightsTest {

    private static final int PAGE = 8192;
    private static final int FRAMES = 64;
    private static final int READ = TranslationContext.READ;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;
    private static final long AT = 10L * PAGE;

    private SecondChance secondChance;
    private final PhysicalMemory memory = new PhysicalMemory((long) FRAMES * PAGE,
            frames -> secondChance.choose(frames), candidate -> secondChance.reclaim(candidate));
    private final VirtualMemory vm = new VirtualMemory(new Translations(), memory);
    private final List<String> asked = new ArrayList<>();
    private final MemoryObject object = vm.object((RightsPager) this::unlock);
    private final AddressSpace one = vm.create("one");
    private final AddressSpace two = vm.create("two");
    private boolean gives = true;
    private boolean fails;

    @BeforeEach
    void map() {
        secondChance = new SecondChance(vm);
        one.map(AT, 4 * PAGE, RW, object, 0, "shared");
        two.map(AT, 4 * PAGE, RW, object, 0, "shared");
    }

    /** The contents of a page are the number of its latest right. */
    private void unlock(long offset, Access access) throws IOException {
        asked.add(access + " " + offset / PAGE);
        if (fails) {
            throw new IOException("on purpose");
        }
        if (gives) {
            object.supply(offset, page(asked.size()), access == Access.WRITE ? RW : READ);
        }
    }

    private static byte[] page(int value) {
        byte[] bytes = new byte[PAGE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** What user code does at once. */
    private static boolean can(AddressSpace space, int page, byte[] bytes, boolean write) {
        PageTable table = (PageTable) space.translation();
        long address = AT + (long) page * PAGE;
        return PageTable.Outcome.DONE == (write
                ? table.copyOut(address, bytes, 0, bytes.length)
                : table.copyIn(address, bytes, 0, bytes.length));
    }

    /** What it does with its faults resolved. */
    private Outcome touch(AddressSpace space, int page, byte[] bytes, boolean write) {
        while (!can(space, page, bytes, write)) {
            Outcome outcome = vm.find(space.translation()).resolve(AT + (long) page * PAGE,
                    write ? Access.WRITE : Access.READ);
            if (outcome != Outcome.RESOLVED) {
                return outcome;
            }
        }
        return Outcome.RESOLVED;
    }

    private int read(AddressSpace space, int page) {
        byte[] bytes = new byte[PAGE];
        assertEquals(Outcome.RESOLVED, touch(space, page, bytes, false));
        assertArrayEquals(page(bytes[0]), bytes);
        return bytes[0];
    }

    private void end() {
        one.destroy();
        two.destroy();
        object.close();
        assertEquals(FRAMES, memory.free());
    }

    @Test
    void rightsAreAskedForOneByOne() {
        assertEquals(1, read(one, 0));
        assertEquals(1, read(two, 0));
        assertEquals(Outcome.RESOLVED, touch(two, 0, page(7), true));
        assertEquals(7, read(one, 0));
        assertEquals(Outcome.RESOLVED, touch(one, 0, page(8), true));
        assertEquals(Outcome.RESOLVED, touch(one, 1, page(9), true));
        assertEquals(List.of("READ 0", "WRITE 0", "WRITE 1"), asked);
        end();
    }

    @Test
    void whatIsTakenIsTakenFromAll() throws IOException {
        touch(one, 0, page(5), true);
        assertEquals(5, read(two, 0));
        object.setRights(0, READ);
        assertFalse(can(one, 0, page(6), true));
        assertTrue(can(one, 0, new byte[PAGE], false));
        assertTrue(can(two, 0, new byte[PAGE], false));
        object.setRights(0, 0);
        assertFalse(can(one, 0, new byte[PAGE], false));
        assertFalse(can(two, 0, new byte[PAGE], false));
        byte[] left = new byte[PAGE];
        assertTrue(object.read(0, left));
        assertArrayEquals(page(5), left);
        object.setRights(0, RW);
        assertEquals(5, read(two, 0));
        assertEquals(1, asked.size());
        int free = memory.free();
        object.discard(0);
        assertEquals(free + 1, memory.free());
        assertFalse(object.read(0, left));
        assertEquals(2, read(one, 0));
        end();
    }

    /** A child has the region; so it has what its parent's kernel may do with it. */
    @Test
    void aChildHasNoMoreRights() {
        touch(one, 0, page(5), true);
        object.setRights(0, READ);
        AddressSpace child = one.copy("child");
        assertTrue(can(child, 0, new byte[PAGE], false));
        assertFalse(can(child, 0, page(6), true));
        one.protect(AT, PAGE, RW);
        assertFalse(can(one, 0, page(6), true));
        object.setRights(0, 0);
        assertFalse(can(child, 0, new byte[PAGE], false));
        child.move(AT, PAGE, AT + 40 * PAGE);
        child.move(AT + 40 * PAGE, PAGE, AT);
        assertFalse(can(child, 0, new byte[PAGE], false));
        child.destroy();
        end();
    }

    @Test
    void aProgramThatIsNotGivenTheRightYetTriesAgain() {
        gives = false;
        byte[] bytes = new byte[PAGE];
        Space space = vm.find(one.translation());
        for (int i = 0; i < 3; i++) {
            assertEquals(Outcome.RESOLVED, space.resolve(AT, Access.READ));
            assertFalse(can(one, 0, bytes, false));
        }
        gives = true;
        assertEquals(Outcome.RESOLVED, space.resolve(AT, Access.READ));
        assertTrue(can(one, 0, bytes, false));
        fails = true;
        assertEquals(Outcome.FORBIDDEN, touch(one, 0, bytes, true));
        assertEquals(Outcome.FORBIDDEN, touch(two, 1, bytes, false));
        assertTrue(can(one, 0, bytes, false));
        end();
    }

    @Test
    void rightsAndContentsOutliveTheSwapping() throws IOException {
        vm.addStore(new DiskStore(new SwapDisk(512, PAGE)), Map.of(PageStore.NAME, "disk"));
        touch(one, 0, page(5), true);
        touch(one, 1, page(6), true);
        touch(one, 2, page(7), true);
        object.setRights(0, READ);
        object.setRights(1, 0);
        crowd();
        assertEquals(3, one.swapped());
        byte[] bytes = new byte[PAGE];
        assertTrue(object.read(PAGE, bytes));
        assertArrayEquals(page(6), bytes);
        assertEquals(5, read(one, 0));
        assertFalse(can(one, 0, bytes, true));
        crowd();
        object.supply(2 * PAGE, page(9), READ);
        crowd();
        assertEquals(9, read(two, 2));
        object.discard(0);
        gives = false;
        assertEquals(Outcome.RESOLVED, vm.find(one.translation()).resolve(AT, Access.READ));
        assertFalse(can(one, 0, bytes, false));
        assertEquals(List.of("WRITE 0", "WRITE 1", "WRITE 2", "READ 0"), asked);
        end();
    }

    /** Takes all frames for a while. */
    private void crowd() {
        AddressSpace other = vm.create("other");
        other.map(PAGE, 2L * FRAMES * PAGE, RW, Pager.ZERO, "[anon]");
        for (int page = 1; page <= 2 * FRAMES; page++) {
            assertEquals(Outcome.RESOLVED, vm.find(other.translation()).resolve((long) page * PAGE, Access.WRITE));
            ((PageTable) other.translation()).copyOut((long) page * PAGE, page(page), 0, PAGE);
        }
        other.destroy();
    }

    @Test
    void aClosedObjectGivesNothing() throws IOException {
        touch(one, 0, page(5), true);
        object.close();
        object.supply(PAGE, page(6), RW);
        object.setRights(0, READ);
        object.discard(0);
        assertFalse(object.read(0, new byte[PAGE]));
        fails = true;
        assertEquals(Outcome.FORBIDDEN, touch(two, 1, new byte[PAGE], false));
        end();
    }

    @Test
    void rightsOfAnotherPagerAreNotGivenBack() {
        MemoryObject plain = vm.object(Pager.ZERO);
        one.map(AT, PAGE, RW, plain, 0, "plain");
        touch(one, 0, page(5), true);
        plain.setRights(0, READ);
        assertEquals(5, read(one, 0));
        assertEquals(Outcome.FORBIDDEN, touch(one, 0, page(6), true));
        plain.close();
        end();
    }
}
