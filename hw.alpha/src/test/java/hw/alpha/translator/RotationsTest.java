package hw.alpha.translator;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.operate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.Rotations.How;
import hw.alpha.translator.Rotations.Low;
import org.junit.jupiter.api.Test;

/** Which shifts are rotations. What they do is {@code RandomSequenceTest}'s. */
class RotationsTest {

    private static final int UNSIGNED = literal(Instruction.ZAPNOT, 1, 15, 2);
    private static final int RIGHT = literal(Instruction.SRL, 2, 6, 2);
    private static final int LEFT = literal(Instruction.SLL, 1, 26, 3);
    private static final int BOTH = operate(Instruction.BIS, 2, 3, 4);

    /** What is computed beside the results of instructions that a return follows. */
    private static Rotations rotations(int... words) {
        int[] all = java.util.Arrays.copyOf(words, words.length + 1);
        all[words.length] = jump(Instruction.RET, 31, 26);
        RegionShape shape = RegionFollower.follow(new RegionTest.Code(all), RegionTest.CODE, all.length, true);
        return new Rotations(shape, new RegionFlow(shape, null, Registers.VARIABLES));
    }

    @Test
    void twoShiftsOfALongwordAreARotationHoweverTheyAreCombined() {
        Low rotated = new Low(How.ROTATE, 1, 26, false, false);
        assertEquals(rotated, rotations(UNSIGNED, RIGHT, LEFT, BOTH).at(3));
        assertEquals(rotated, rotations(LEFT, UNSIGNED, RIGHT, operate(Instruction.ADDL, 3, 2, 1)).at(3));
        assertEquals(rotated, rotations(LEFT, UNSIGNED, RIGHT, operate(Instruction.XOR, 3, 2, 1)).at(3));
        assertEquals(new Low(How.ROTATE, 1, 2, false, false), rotations(UNSIGNED, literal(Instruction.SRL, 2, 30, 2),
                operate(Instruction.S4ADDQ, 1, 31, 3), BOTH).at(3));
        assertEquals(new Low(How.ROTATE, 1, 1, false, false), rotations(UNSIGNED, literal(Instruction.SRL, 2, 31, 2),
                operate(Instruction.ADDQ, 1, 1, 3), BOTH).at(3));
    }

    @Test
    void aLongwordThatIsExtendedIsTheSame() {
        assertEquals(How.ROTATE,
                rotations(UNSIGNED, RIGHT, LEFT, operate(Instruction.ADDL, 1, 31, 1), BOTH).at(4).how());
        assertEquals(How.ROTATE, rotations(LEFT, literal(Instruction.ZAPNOT, 1, 15, 1),
                literal(Instruction.SRL, 1, 6, 2), BOTH).at(3).how());
    }

    @Test
    void whatFollowsIsComputedSo() {
        Rotations found = rotations(UNSIGNED, RIGHT, LEFT, BOTH, operate(Instruction.XOR, 5, 4, 6),
                operate(Instruction.ADDL, 6, 7, 8), operate(Instruction.ADDL, 5, 7, 9));
        assertEquals(new Low(How.OPERATE, 0, 0, false, true), found.at(4));
        assertEquals(new Low(How.OPERATE, 0, 0, true, false), found.at(5));
        assertNull(found.at(6));
    }

    @Test
    void whatIsNotTheSameLongwordIsNone() {
        // Another count, another register, one that was overwritten before or after, more than a longword, another block.
        assertNull(rotations(UNSIGNED, literal(Instruction.SRL, 2, 7, 2), LEFT, BOTH).at(3));
        assertNull(rotations(UNSIGNED, RIGHT, literal(Instruction.SLL, 5, 26, 3), BOTH).at(3));
        assertNull(rotations(UNSIGNED, RIGHT, literal(Instruction.ADDQ, 1, 1, 1), LEFT, BOTH).at(4));
        assertNull(rotations(UNSIGNED, RIGHT, LEFT, literal(Instruction.ADDQ, 1, 1, 1), BOTH).at(4));
        assertNull(rotations(literal(Instruction.ZAPNOT, 1, 31, 2), RIGHT, LEFT, BOTH).at(3));
        assertNull(rotations(UNSIGNED, RIGHT, LEFT, operate(Instruction.AND, 2, 3, 4)).at(3));
        assertNull(rotations(UNSIGNED, RIGHT, branch(Instruction.BEQ, 9, 0), LEFT, BOTH).at(4));
    }
}
