package hw.alpha.translator;

import hw.alpha.isa.Instruction;
import hw.alpha.mmu.CodePage;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Code that no program has, of the instructions that programs have most, for a translator that has made nothing yet: a first program asks for
 * hundreds of regions, and making one takes two to three times as long before HotSpot has compiled what makes them. Stateless.
 */
final class Rehearsal {

    /** Regions after which more gain little. */
    static final int REGIONS = 200;
    /** Instructions of one. */
    private static final int SIZE = 90;
    /** Every so many instructions there is a branch, and every so many a call. */
    private static final int BLOCK = 6, CALL = 30;
    private static final long CODE = 0x1_2000_0000L;
    private static final Instruction[] COMMON = {Instruction.LDQ, Instruction.LDL, Instruction.LDBU, Instruction.LDWU,
            Instruction.LDQ_U, Instruction.STQ, Instruction.STL, Instruction.STB, Instruction.STW, Instruction.LDA,
            Instruction.LDAH, Instruction.ADDQ, Instruction.ADDL, Instruction.SUBQ, Instruction.SUBL,
            Instruction.S4ADDQ, Instruction.S8ADDQ, Instruction.MULQ, Instruction.CMPEQ, Instruction.CMPLT,
            Instruction.CMPLE, Instruction.CMPULT, Instruction.CMPULE, Instruction.AND, Instruction.BIS,
            Instruction.XOR, Instruction.SLL, Instruction.SRL, Instruction.SRA, Instruction.ZAPNOT, Instruction.EXTBL,
            Instruction.INSBL, Instruction.MSKBL, Instruction.SEXTB, Instruction.CMOVEQ, Instruction.CMOVNE,
            Instruction.LDT, Instruction.STT, Instruction.ADDT, Instruction.MULT, Instruction.CMPTLT,
            Instruction.CVTQT};
    private static final Instruction[] BRANCHES = {Instruction.BEQ, Instruction.BNE, Instruction.BLT, Instruction.BGE,
            Instruction.BLBC, Instruction.BR};

    private Rehearsal() {}

    /** Gives shapes of regions, one after the other, until there were enough. @param next takes one, and says whether to go on */
    static void perform(Predicate<RegionShape> next) {
        Random random = new Random(1);
        try (Arena arena = Arena.ofShared()) {
            boolean more = true;
            for (int i = 0; i < REGIONS && more; i++) {
                CodePage page = CodePage.apart(arena);
                for (int k = 0; k < SIZE; k++) {
                    page.put(k, word(k, random));
                }
                page.put(SIZE, Instruction.RET.word(31, 26, 0));
                CodeSpace space = address -> (address & -(long) CodePage.BYTES) == CODE ? page : null;
                for (int k = 0; k <= SIZE; k++) {
                    page.decode(k);
                }
                more = next.test(RegionFollower.follow(space, CODE, SIZE, false));
            }
        }
    }

    private static int word(int at, Random random) {
        if (at % CALL == CALL - 1) {
            return Instruction.JSR.word(26, 27, 0);
        }
        if (at % BLOCK == BLOCK - 1) {
            int to = random.nextInt(SIZE) - at - 1;
            return BRANCHES[random.nextInt(BRANCHES.length)].word(register(random), 0, 0) | to & 0x1FFFFF;
        }
        return COMMON[random.nextInt(COMMON.length)].word(register(random), register(random), register(random));
    }

    private static int register(Random random) {
        return 1 + random.nextInt(16);
    }
}
