package hw.alpha.translator;

import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.RegionTest.Code;
import hw.alpha.translator.Requests.Wanted;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** In which order regions are made. */
class RequestsTest {

    private final Requests requests = new Requests();

    private static Wanted wanted(int position, boolean grown) {
        int[] words = new int[8];
        Arrays.fill(words, literal(Instruction.ADDQ, 1, 1, 1));
        words[words.length - 1] = jump(Instruction.RET, 31, 26);
        RegionShape shape = RegionFollower.follow(new Code(words), RegionTest.CODE + 4L * position, words.length, true);
        return new Wanted(shape, null, grown);
    }

    private void next(int position) {
        assertEquals(RegionTest.CODE + 4L * position, requests.takeMost().shape.entry);
    }

    @Test
    void theOneThatIsAskedForMostOftenComesFirst() {
        requests.add(wanted(0, false));
        requests.add(wanted(1, false));
        requests.add(wanted(2, false));
        requests.askedAgain(RegionTest.CODE + 8);
        requests.askedAgain(RegionTest.CODE + 4);
        requests.askedAgain(RegionTest.CODE + 8);
        next(2);
        next(1);
        next(0);
        assertNull(requests.takeMost());
        assertTrue(requests.isEmpty());
    }

    @Test
    void whatIsExecutedMuchComesBeforeAllThatIsNew() {
        requests.add(wanted(0, false));
        for (int i = 0; i < 1000; i++) {
            requests.askedAgain(RegionTest.CODE);
        }
        requests.add(wanted(1, true));
        requests.askedAgain(RegionTest.CODE + 4);
        next(1);
        next(0);
    }

    @Test
    void whoIsNotWaitedForIsNotCounted() {
        requests.askedAgain(RegionTest.CODE);
        assertTrue(requests.isEmpty());
        requests.add(wanted(0, false));
        requests.clear();
        assertNull(requests.takeMost());
    }
}
