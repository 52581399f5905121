package kernel.ext.vm.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;
import org.junit.jupiter.api.Test;

/** Copies of spaces, memory objects, moves. */
class CopyTest {

    private static final int PAGE = FakeMachine.PAGE;
    private static final int READ = TranslationContext.READ;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;

    private final FakeMachine machine = new FakeMachine(64);
    private final VirtualMemory memory = new VirtualMemory(machine, machine);
    private final Space space = (Space) memory.create("test");

    private static int byteAt(Space space, long address) {
        assertEquals(Outcome.RESOLVED, space.resolve(address, Access.READ));
        byte[] one = new byte[1];
        space.translation().frame(address).read((int) (address % PAGE), one, 0, 1);
        return one[0];
    }

    private static void write(Space space, long address, int value) {
        if ((space.translation().examine(address) & TranslationContext.WRITE) == 0
                || space.translation().frame(address) == null) {
            assertEquals(Outcome.RESOLVED, space.resolve(address, Access.WRITE));
        }
        assertEquals(RW, space.translation().examine(address));
        space.translation().frame(address).write((int) (address % PAGE), new byte[]{(byte) value}, 0, 1);
    }

    @Test
    void aPageIsCopiedWhenOneOfTheTwoWrites() {
        space.map(PAGE, 3 * PAGE, RW, Pager.ZERO, "a");
        write(space, PAGE, 1);
        write(space, 2 * PAGE, 2);
        Space copy = (Space) space.copy("copy");
        assertEquals(2, machine.used.size());
        assertSame(space.translation().frame(PAGE), copy.translation().frame(PAGE));
        assertEquals(READ, space.translation().examine(PAGE));
        assertEquals(READ, copy.translation().examine(PAGE));
        write(copy, PAGE, 11);
        assertEquals(3, machine.used.size());
        assertEquals(1, byteAt(space, PAGE));
        assertEquals(11, byteAt(copy, PAGE));
        Frame kept = space.translation().frame(PAGE);
        write(space, PAGE, 12);
        assertSame(kept, space.translation().frame(PAGE));
        assertEquals(3, machine.used.size());
        copy.destroy();
        assertEquals(2, machine.used.size());
        write(space, 2 * PAGE, 13);
        assertEquals(2, machine.used.size());
        space.destroy();
        assertEquals(0, machine.used.size());
    }

    @Test
    void spacesBeginWithThePagesOfATemplateAndCopyThem() {
        int[] filled = {0};
        MemoryObject template = memory.template((offset, frame) -> {
            filled[0]++;
            frame.write(0, new byte[]{(byte) (offset / PAGE + 1)}, 0, 1);
        });
        Space other = (Space) memory.create("other");
        space.map(PAGE, 2 * PAGE, RW, template, 0, "a");
        other.map(5 * PAGE, 2 * PAGE, RW, template, 0, "a");
        assertEquals(1, byteAt(space, PAGE));
        assertEquals(1, byteAt(other, 5 * PAGE));
        assertEquals(1, filled[0]);
        assertSame(space.translation().frame(PAGE), other.translation().frame(5 * PAGE));
        write(space, PAGE, 9);
        assertEquals(9, byteAt(space, PAGE));
        assertEquals(1, byteAt(other, 5 * PAGE));
        Space copy = (Space) space.copy("copy");
        assertEquals(2, byteAt(copy, 2 * PAGE));
        write(copy, 2 * PAGE, 8);
        assertEquals(2, byteAt(space, 2 * PAGE));
        assertEquals(2, byteAt(other, 6 * PAGE));
        assertEquals(false, space.regions().getFirst().shared());
        space.destroy();
        copy.destroy();
        other.destroy();
        assertEquals(2, machine.used.size());
        template.close();
        assertEquals(0, machine.used.size());
    }

    @Test
    void protectionDoesNotUndoSharing() {
        space.map(PAGE, PAGE, RW, Pager.ZERO, "a");
        write(space, PAGE, 1);
        Space copy = (Space) space.copy("copy");
        space.protect(PAGE, PAGE, READ);
        space.protect(PAGE, PAGE, RW);
        assertEquals(READ, space.translation().examine(PAGE));
        write(space, PAGE, 2);
        assertEquals(1, byteAt(copy, PAGE));
    }

    @Test
    void aCopyThatFindsNoFrameIsSaid() {
        space.map(PAGE, 64 * PAGE, RW, Pager.ZERO, "a");
        for (int i = 1; i <= 64; i++) {
            write(space, i * PAGE, i);
        }
        Space copy = (Space) space.copy("copy");
        assertEquals(Outcome.EXHAUSTED, copy.resolve(PAGE, Access.WRITE));
        copy.destroy();
        space.destroy();
        assertEquals(0, machine.used.size());
    }

    @Test
    void objectsAreOneMemoryInAllSpaces() {
        List<Long> filled = new ArrayList<>();
        MemoryObject object = memory.object((offset, frame) -> filled.add(offset));
        space.map(PAGE, 2 * PAGE, RW, object, 4 * PAGE, "shared");
        Space copy = (Space) space.copy("copy");
        var other = (Space) memory.create("other");
        other.map(9 * PAGE, PAGE, RW, object, 5 * PAGE, "shared");
        write(space, PAGE, 1);
        write(copy, 2 * PAGE, 2);
        assertEquals(1, byteAt(copy, PAGE));
        assertEquals(2, byteAt(other, 9 * PAGE));
        write(other, 9 * PAGE, 3);
        assertEquals(3, byteAt(space, 2 * PAGE));
        assertEquals(List.of(4L * PAGE, 5L * PAGE), filled);
        assertEquals(List.of(4L * PAGE, 5L * PAGE), List.copyOf(object.touched()));
        object.close();
        object.close();
        assertEquals(2, machine.used.size());
        List.of(space, copy, other).forEach(Space::destroy);
        assertEquals(0, machine.used.size());
    }

    @Test
    void whatIsMovedKeepsItsContents() {
        space.map(PAGE, 4 * PAGE, RW, Pager.ZERO, "a");
        write(space, 2 * PAGE, 2);
        Space copy = (Space) space.copy("copy");
        space.move(2 * PAGE, 2 * PAGE, 20 * PAGE);
        assertEquals(Outcome.NOT_ALLOCATED, space.resolve(2 * PAGE, Access.READ));
        assertEquals(2, byteAt(space, 20 * PAGE));
        write(space, 20 * PAGE, 3);
        assertEquals(2, byteAt(copy, 2 * PAGE));
        assertEquals(0, byteAt(space, 21 * PAGE));
        assertThrows(IllegalArgumentException.class, () -> space.move(20 * PAGE, 2 * PAGE, 21 * PAGE));
        assertThrows(IllegalArgumentException.class, () -> space.move(PAGE, 0, 30 * PAGE));
    }

    /** Some spaces, copied, written and destroyed at random, beside arrays. */
    @Test
    void aTreeOfCopiesBehavesAsArraysDo() {
        var random = new Random(1);
        space.map(PAGE, 4 * PAGE, RW, Pager.ZERO, "a");
        List<Space> spaces = new ArrayList<>(List.of(space));
        List<byte[]> contents = new ArrayList<>(List.of(new byte[4]));
        for (int step = 0; step < 5000; step++) {
            int which = random.nextInt(spaces.size());
            int page = random.nextInt(4);
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (spaces.size() < 10) {
                        spaces.add((Space) spaces.get(which).copy("copy"));
                        contents.add(contents.get(which).clone());
                    }
                }
                case 1 -> {
                    if (spaces.size() > 1) {
                        spaces.remove(which).destroy();
                        contents.remove(which);
                    }
                }
                case 2, 3 -> {
                    write(spaces.get(which), (page + 1L) * PAGE, step);
                    contents.get(which)[page] = (byte) step;
                }
                default -> assertEquals(contents.get(which)[page], byteAt(spaces.get(which), (page + 1L) * PAGE));
            }
        }
        assertNotSame(0, spaces.size());
        spaces.forEach(Space::destroy);
        assertEquals(0, machine.used.size());
    }
}
