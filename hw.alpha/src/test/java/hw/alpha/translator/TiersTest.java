package hw.alpha.translator;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.operate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.RegionTest.Code;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which compiler makes what of a region, and when. The JVM must have been started as run/spin does it. */
@Timeout(120)
class TiersTest {

    private final Translator translator = new Translator(Translator.Mode.AUTOMATIC, true);
    private final HostCompiler host = HostCompiler.find();
    /** Adds r2 to r1 r3 times, and returns. */
    private final Code loop = new Code(operate(Instruction.ADDQ, 1, 2, 1), literal(Instruction.SUBQ, 3, 1, 3),
            branch(Instruction.BNE, 3, -3), jump(Instruction.RET, 31, 26));

    @AfterEach
    void close() {
        translator.close();
    }

    private Region region() throws InterruptedException {
        // What was executed has been decoded, and only that is translated.
        for (int i = 0; i < 4; i++) {
            loop.codeAt(RegionTest.CODE).decode(i);
        }
        return await(loop, RegionTest.CODE);
    }

    /** Runs the loop until the second compiler has made it; it is made again before. */
    private Region thorough() throws InterruptedException {
        while (true) {
            Region region = region();
            if (host.level(region.getClass()) == HostCompiler.THOROUGH) {
                return region;
            }
            assertEquals(3_000_000, run(region, 1_000_000));
        }
    }

    private long run(Region region, long times) {
        loop.registers[1] = 0;
        loop.registers[2] = 3;
        loop.registers[3] = times;
        loop.registers[26] = 64;
        long next = RegionTest.CODE;
        while (next == RegionTest.CODE) { // it is left by itself after some million instructions
            next = region.run(loop, loop.registers, 0);
        }
        assertEquals(64, next);
        return loop.registers[1];
    }

    @Test
    void theJvmOffersItsCompilers() {
        assertNotNull(host, "this JVM was not started with -XX:+WhiteBoxAPI");
    }

    @Test
    void aRegionIsCompiledBeforeItIsRun() throws InterruptedException {
        Region region = region();
        assertEquals(HostCompiler.QUICK, host.level(region.getClass()));
        assertEquals(30, run(region, 10));
        assertEquals(HostCompiler.QUICK, host.level(region.getClass()));
    }

    @Test
    void whatIsObservedIsNotCompiledUntilEnoughWasSeen() throws InterruptedException {
        Region quick = region();
        Region observed;
        while ((observed = region()).stage != Region.Stage.OBSERVED) {
            run(observed, 1_000_000);
        }
        assertEquals(0, host.level(observed.getClass()));
        assertTrue(observed.isPassing());
        assertEquals(30, run(observed, 10));
        // Only for a moment, and then not at all until it is compiled.
        run(observed, Region.RIPE);
        Region then = region();
        assertTrue(then == quick || host.level(then.getClass()) == HostCompiler.THOROUGH);
        assertFalse(quick.superseded && then == quick);
    }

    @Test
    void whatLoopsIsLeftSoonWhileItIsObserved() throws InterruptedException {
        Region observed;
        while ((observed = region()).stage != Region.Stage.OBSERVED) {
            run(observed, 1_000_000);
        }
        loop.registers[2] = 3;
        loop.registers[3] = 10L * Region.RIPE;
        long before = observed.work;
        assertEquals(RegionTest.CODE, observed.run(loop, loop.registers, 0));
        assertTrue(observed.work - before < 2 * Region.RIPE, "it executed " + (observed.work - before));
    }

    /** Which it finds out when it has tried; here HotSpot is told so. */
    @Test
    void whatTheSecondCompilerGivesUpOnIsNotRun() throws Throwable {
        Region quick = region();
        Region better;
        try (Translator other = new Translator(Translator.Mode.AUTOMATIC, true)) {
            while ((better = other.find(loop, RegionTest.CODE)) == null) {
                other.request(loop, RegionTest.CODE);
                Thread.sleep(1);
            }
        }
        Field forbid = HostCompiler.class.getDeclaredField("forbid");
        forbid.setAccessible(true);
        ((MethodHandle) forbid.get(host)).invoke(
                better.getClass().getDeclaredMethod("run", GuestState.class, long[].class, int.class),
                HostCompiler.THOROUGH, false);
        BlockingQueue<List<Region>> replaced = new LinkedBlockingQueue<>();
        try (Tiers tiers = new Tiers(host, Map.of(RegionTest.CODE, new Region[]{better, quick}), again -> {},
                (found, instead) -> replaced.add(List.of(found, instead)))) {
            tiers.better(better, quick, false);
            run(better, Region.RIPE);
            assertEquals(List.of(quick, better), replaced.take());
        }
    }

    @Test
    void whatRunsLongIsCompiledThoroughlyAndStaysRight() throws InterruptedException {
        Region region = thorough();
        for (int i = 0; i < 100; i++) {
            assertEquals(3 * i + 3, run(region, i + 1));
        }
        assertEquals(HostCompiler.THOROUGH, host.level(region.getClass()), "what was rare was not left out");
    }

    @Test
    void codeThatHotSpotThrowsAwayIsMadeAgain() throws InterruptedException {
        for (int times = 0; times < 3; times++) {
            Region region = thorough();
            host.drop(region.getClass());
            assertEquals(30, run(region, 10));
        }
    }

    @Test
    void whatRunsLongIsMadeAgainWithMoreInstructions() throws InterruptedException {
        int adds = 150;
        int[] words = new int[adds + 3];
        Arrays.fill(words, operate(Instruction.ADDQ, 1, 2, 1));
        words[adds] = literal(Instruction.SUBQ, 3, 1, 3);
        words[adds + 1] = branch(Instruction.BNE, 3, -adds - 2);
        words[adds + 2] = jump(Instruction.RET, 31, 26);
        Code code = new Code(words);
        for (int i = 0; i < words.length; i++) {
            code.codeAt(RegionTest.CODE).decode(i);
        }
        boolean small = false;
        int size;
        do {
            code.registers[1] = 0;
            code.registers[2] = 3;
            code.registers[3] = 10_000;
            code.registers[26] = 64;
            long next = RegionTest.CODE;
            while (next != 64) {
                Region region = await(code, next);
                if (region.growing) {
                    translator.grow(code, region);
                }
                next = region.run(code, code.registers, 0);
            }
            assertEquals(3L * adds * 10_000, code.registers[1]);
            size = await(code, RegionTest.CODE).shape.size();
            small |= size < adds;
        } while (size < words.length);
        assertTrue(small, "it was not large from the start");
        assertEquals(0, translator.statistics().failures());
    }

    @Test
    void whatRestsHoldsUpNobody() throws InterruptedException {
        int loops = 6;
        int[] words = new int[3 * loops];
        for (int i = 0; i < loops; i++) {
            words[3 * i] = literal(Instruction.SUBQ, 3, 1, 3);
            words[3 * i + 1] = branch(Instruction.BNE, 3, -2);
            words[3 * i + 2] = jump(Instruction.RET, 31, 26);
        }
        Code code = new Code(words);
        for (int i = 0; i < words.length; i++) {
            code.codeAt(RegionTest.CODE).decode(i);
        }
        for (int i = 0; i < loops; i++) {
            // All but the last are left when they have just begun to be observed.
            Region.Stage wanted = i == loops - 1 ? Region.Stage.THOROUGH : Region.Stage.OBSERVED;
            Region region;
            while ((region = await(code, RegionTest.CODE + 12 * i)).stage != wanted) {
                Thread.sleep(1);
                code.registers[3] = 100_000;
                code.registers[26] = 64;
                while (region.run(code, code.registers, 0) != 64) {
                    // It is left by itself now and then.
                    assertTrue(code.registers[3] > 0);
                }
            }
        }
    }

    private Region await(Code code, long pc) throws InterruptedException {
        Region region;
        while ((region = translator.find(code, pc)) == null) {
            translator.request(code, pc);
            Thread.sleep(1);
        }
        return region;
    }
}
