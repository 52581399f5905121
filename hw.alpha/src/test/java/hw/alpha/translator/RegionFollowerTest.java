package hw.alpha.translator;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.mmu.CodePage;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.FieldInstruction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How far code is followed, by an interpreter: a jump to as many places as it has operations, each of which goes back to the jump. */
class RegionFollowerTest {

    /** Instructions of an operation, the branch back among them. */
    private static final int LENGTH = 20;

    /** An interpreter whose jump has gone to each of its operations. */
    private static RegionTest.Code interpreter(int operations) {
        int[] words = new int[1 + operations * LENGTH];
        words[0] = jump(Instruction.JMP, 31, 1);
        for (int i = 1; i < words.length; i++) {
            words[i] = i % LENGTH == 0 ? branch(Instruction.BR, 31, -1 - i) : literal(Instruction.ADDQ, 2, 1, 2);
        }
        RegionTest.Code code = new RegionTest.Code(words);
        CodePage page = code.codeAt(RegionTest.CODE);
        for (int k = 0; k < operations; k++) {
            page.went((int) (RegionTest.CODE >>> 2) & CodePage.INSTRUCTIONS - 1, operation(k));
        }
        return code;
    }

    private static long operation(int k) {
        return RegionTest.CODE + 4L * (1 + k * LENGTH);
    }

    private static RegionShape follow(int operations, long entry, int limit) {
        return RegionFollower.follow(interpreter(operations), entry, limit, true);
    }

    private static List<Long> targets(RegionShape shape) {
        return IntStream.range(0, shape.size()).filter(i -> shape.flows[i] == RegionShape.Flow.JUMP)
                .mapToObj(i -> Arrays.stream(shape.jumpTargets[i]).boxed().toList()).findFirst().orElseThrow();
    }

    @Test
    void anInterpreterThatFitsIsOneRegion() {
        RegionShape shape = follow(8, RegionTest.CODE, 400);
        assertEquals(1 + 8 * LENGTH, shape.size());
        assertEquals(8, targets(shape).size());
        assertFalse(shape.ends());
    }

    @Test
    void ofOneThatDoesNotFitEachOperationIsARegion() {
        RegionShape shape = follow(8, operation(3), 100);
        assertEquals(LENGTH + 1, shape.size());
        // the same operation again stays within
        assertEquals(List.of(operation(3)), targets(shape));
        assertTrue(shape.ends());
    }

    @Test
    void aJumpToFewPlacesIsFollowedAsFarAsThereIsRoom() {
        RegionShape shape = follow(6, operation(3), 100);
        assertEquals(100, shape.size());
        assertFalse(shape.ends());
    }

    @Test
    void aRegionThatEndsAtAJumpIsNotMadeAgainBecauseOfIt() {
        assertFalse(writes(follow(8, operation(3), 100), "leaving"));
        assertTrue(writes(follow(6, operation(3), 100), "leaving"));
    }

    private static boolean writes(RegionShape shape, String field) {
        return ClassFile.of().parse(RegionWriter.write(shape, false, Registers.VARIABLES)).methods()
                .stream().flatMap(method -> method.code().orElseThrow().elementStream())
                .anyMatch(element -> element instanceof FieldInstruction access
                        && access.name().equalsString(field));
    }
}
