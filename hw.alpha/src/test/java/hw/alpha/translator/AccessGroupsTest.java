package hw.alpha.translator;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.memory;
import static hw.alpha.isa.Assembler.operate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.AccessGroups.Group;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which accesses are checked together. */
class AccessGroupsTest {

    private static AccessGroups groups(int... words) {
        int[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = jump(Instruction.RET, 31, 26);
        return new AccessGroups(
                RegionFollower.follow(new RegionTest.Code(all), RegionTest.CODE, all.length, true), true);
    }

    /** Positions of those that check. */
    private static List<Integer> checking(int... words) {
        AccessGroups groups = groups(words);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < words.length; i++) {
            if (groups.at(i) != null && !groups.checked(i)) {
                found.add(i);
            }
        }
        return found;
    }

    @Test
    void theFirstChecksForAll() {
        Group group = groups(memory(Instruction.STQ, 26, 16, 30), memory(Instruction.LDQ, 9, 0, 30),
                memory(Instruction.LDL, 10, 44, 30)).at(0);
        assertEquals(0, group.offset());
        assertEquals(48, group.span());
        assertEquals(8, group.alignment());
        assertTrue(group.loads());
        assertTrue(group.stores());
        assertEquals(List.of(0), checking(memory(Instruction.STQ, 26, 16, 30), memory(Instruction.LDQ, 9, 0, 30),
                memory(Instruction.LDL, 10, 44, 30)));
    }

    @Test
    void theLowestNeedNotBeTheFirst() {
        Group group = groups(memory(Instruction.LDA, 1, 64, 1), memory(Instruction.LDQ, 2, 8, 1),
                memory(Instruction.LDQ, 3, -16, 1)).at(1);
        assertEquals(-16, group.offset());
        assertEquals(32, group.span());
    }

    @Test
    void aPointerThatMovesIsStillTheSame() {
        assertEquals(List.of(0), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDA, 1, 8, 1),
                memory(Instruction.LDQ, 3, 0, 1), literal(Instruction.ADDQ, 1, 16, 4),
                memory(Instruction.LDQ, 5, 0, 4), literal(Instruction.SUBQ, 4, 8, 4),
                memory(Instruction.STQ, 5, 0, 4), operate(Instruction.BIS, 31, 4, 6),
                memory(Instruction.STQ, 5, 8, 6)));
    }

    @Test
    void anotherValueIsAnotherGroup() {
        assertEquals(List.of(0, 1, 3), checking(memory(Instruction.LDQ, 1, 0, 1), memory(Instruction.LDQ, 2, 0, 1),
                operate(Instruction.ADDQ, 1, 2, 1), memory(Instruction.LDQ, 3, 0, 1)));
    }

    @Test
    void whatIsNotAlignedAlikeIsApart() {
        assertEquals(List.of(0, 1), checking(memory(Instruction.LDL, 2, 4, 1), memory(Instruction.LDQ, 3, 2, 1)));
        // A longword at 4 and a quadword at 8 are, if what counts is the quadword's alignment.
        assertEquals(List.of(0, 1), checking(memory(Instruction.LDL, 2, 4, 1), memory(Instruction.LDQ, 3, 8, 1)));
        assertEquals(List.of(0), checking(memory(Instruction.LDQ, 3, 8, 1), memory(Instruction.LDL, 2, 20, 1)));
    }

    @Test
    void aQuadwordAroundAnAddressNeedsNoAlignment() {
        AccessGroups groups = groups(memory(Instruction.LDQ_U, 2, 3, 1), memory(Instruction.LDQ_U, 3, 10, 1));
        assertEquals(1, groups.at(0).alignment());
        assertEquals(8, groups.at(0).span());
        assertTrue(groups.checked(1));
    }

    @Test
    void noGroupIsLongerThanAPage() {
        assertEquals(List.of(0, 1), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDQ, 3, 8192, 1)));
        assertEquals(List.of(0), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDQ, 3, 8184, 1)));
    }

    @Test
    void wherePathsJoinAllIsCheckedAnew() {
        assertEquals(List.of(0, 2), checking(memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BNE, 2, 0),
                memory(Instruction.LDQ, 3, 8, 1)));
    }

    @Test
    void whatFollowsABranchOnlyIsOfTheSameGroup() {
        // 0: load; 1: away if it is zero, to the return; 2: load beside it.
        assertEquals(List.of(0), checking(memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BEQ, 2, 1),
                memory(Instruction.LDQ, 3, 8, 1)));
    }

    @Test
    void whatNeedNotHappenWidensLittleAndAsksForNothingElse() {
        // Far away, another right, another alignment: each by itself.
        assertEquals(List.of(0, 2), checking(memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BEQ, 2, 1),
                memory(Instruction.LDQ, 3, 1024, 1)));
        assertEquals(List.of(0, 2), checking(memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BEQ, 2, 1),
                memory(Instruction.STQ, 2, 0, 1)));
        assertEquals(List.of(0, 2), checking(memory(Instruction.LDL, 2, 0, 1), branch(Instruction.BEQ, 2, 1),
                memory(Instruction.LDQ, 3, 0, 1)));
        // A frame is in use from end to end.
        assertEquals(List.of(0), checking(memory(Instruction.LDQ, 2, 0, 30), branch(Instruction.BEQ, 2, 1),
                memory(Instruction.LDQ, 3, 256, 30)));
    }

    @Test
    void whatAllWaysHaveCheckedIsKnownWhereTheyJoin() {
        // 0: load; 1: over 2 and 3 if it is zero; 2: another register; 3: store; 4: load; 5: load one further.
        assertEquals(List.of(0, 3, 5), checking(memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BEQ, 2, 2),
                operate(Instruction.ADDQ, 2, 3, 3), memory(Instruction.STQ, 3, 0, 1), memory(Instruction.LDQ, 4, 0, 1),
                memory(Instruction.LDQ, 5, 8, 1)));
        // One of the ways moves the pointer.
        assertEquals(List.of(0, 3), checking(memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BEQ, 2, 1),
                memory(Instruction.LDA, 1, 8, 1), memory(Instruction.LDQ, 4, 0, 1)));
        // By the right amount, if more was checked.
        assertEquals(List.of(0), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDQ, 3, 8, 1),
                branch(Instruction.BEQ, 2, 1), memory(Instruction.LDA, 1, 8, 1), memory(Instruction.LDQ, 4, 0, 1)));
    }

    @Test
    void aLoopNeedNotCheckWhatWasCheckedBeforeIt() {
        // 0: load; 1: load by a pointer that moves; 2: it moves; 3: load as 0; 4: back to 1.
        assertEquals(List.of(0, 1), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDQ, 4, 0, 3),
                literal(Instruction.ADDQ, 3, 8, 3), memory(Instruction.LDQ, 2, 0, 1), branch(Instruction.BNE, 4, -4)));
        // Not if the loop changes the base.
        assertEquals(List.of(0, 1), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDQ, 4, 0, 1),
                operate(Instruction.ADDQ, 1, 4, 1), branch(Instruction.BNE, 4, -3)));
    }

    @Test
    void aCallForgetsAll() {
        assertEquals(List.of(0, 2), checking(memory(Instruction.LDQ, 2, 0, 1), jump(Instruction.JSR, 26, 27),
                memory(Instruction.LDQ, 3, 0, 1)));
    }

    @Test
    void lockedAccessesAreAlone() {
        assertEquals(List.of(0, 1, 2), checking(memory(Instruction.LDQ, 2, 0, 1), memory(Instruction.LDQ_L, 3, 0, 1),
                memory(Instruction.STQ_C, 3, 0, 1)));
    }
}
