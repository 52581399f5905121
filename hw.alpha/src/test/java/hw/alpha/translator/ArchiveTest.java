package hw.alpha.translator;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.operate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.translator.RegionTest.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Translations outlive the machine. */
@Timeout(120)
class ArchiveTest {

    @TempDir
    Path folder;

    /** Adds r2 to r1 r3 times, and returns. */
    private static Code loop(int what) {
        Code code = new Code(operate(Instruction.ADDQ, 1, what, 1), literal(Instruction.SUBQ, 3, 1, 3),
                branch(Instruction.BNE, 3, -3), jump(Instruction.RET, 31, 26));
        for (int i = 0; i < 4; i++) {
            code.codeAt(RegionTest.CODE).decode(i);
        }
        return code;
    }

    private static Translator translator(Path file) {
        Translator translator = new Translator(Translator.Mode.AUTOMATIC, true);
        translator.keepIn(file);
        return translator;
    }

    private static Region await(Translator translator, Code code) throws InterruptedException {
        Region region;
        while ((region = translator.find(code, RegionTest.CODE)) == null) {
            Thread.sleep(1);
        }
        return region;
    }

    /** Has a machine run the loop, and end. */
    private static void use(Path file, Code code, int times) throws InterruptedException {
        try (Translator translator = translator(file)) {
            translator.request(code, RegionTest.CODE);
            run(await(translator, code), code, times);
        }
    }

    private static void run(Region region, Code code, int times) {
        code.registers[1] = 0;
        code.registers[2] = 3;
        code.registers[3] = times;
        code.registers[4] = 5;
        code.registers[26] = 64;
        long next = RegionTest.CODE;
        while (next == RegionTest.CODE) {
            next = region.run(code, code.registers, 0);
        }
        assertEquals(64, next);
    }

    @Test
    void theNextMachineHasThemBeforeAnythingIsExecuted() throws Exception {
        Path file = folder.resolve("a folder").resolve("translations");
        use(file, loop(2), 100_000);
        try (Translator translator = translator(file)) {
            Code code = loop(2);
            Region region = await(translator, code);
            run(region, code, 1000);
            assertEquals(3000, code.registers[1]);
            assertTrue(region.work > 300_000, "what it has executed is known: " + region.work);
        }
    }

    @Test
    void whatTheSecondCompilerHadMadeItMakesBeforeAnythingIsExecuted() throws Exception {
        Path file = folder.resolve("translations");
        Code code = loop(2);
        try (Translator translator = translator(file)) {
            translator.request(code, RegionTest.CODE);
            while (await(translator, code).stage != Region.Stage.THOROUGH) {
                run(await(translator, code), code, 1_000_000);
            }
        }
        assertEquals(1, Archive.read(file).entries().size());
        try (Translator translator = translator(file)) {
            while (await(translator, code).stage != Region.Stage.THOROUGH) {
                Thread.sleep(1);
            }
            assertTrue(await(translator, code).blind);
            run(await(translator, code), code, 1000);
            assertEquals(3000, code.registers[1]);
            // And again, when it is known what it does mostly.
            while (await(translator, code).stage != Region.Stage.THOROUGH || await(translator, code).blind) {
                run(await(translator, code), code, 1_000_000);
                assertEquals(3_000_000, code.registers[1]);
            }
        }
        assertEquals(1, Archive.read(file).entries().size());
    }

    @Test
    void whatNobodyRunsWaitsForWhatIsRunAndIsMadeThen() throws Exception {
        Path file = folder.resolve("translations");
        Archive archive = new Archive();
        List<Code> others = IntStream.of(4, 5).mapToObj(ArchiveTest::loop).toList();
        others.forEach(one -> archive.add(RegionFollower.follow(one, RegionTest.CODE, 100, false), 9_000_000,
                Registers.VARIABLES));
        archive.write(file);
        Code code = loop(2);
        try (Translator translator = translator(file)) {
            // What is made while something runs is not given to the second compiler.
            for (Code one : others) {
                while (!await(translator, one).done && await(translator, one).stage != Region.Stage.THOROUGH) {
                    Thread.sleep(1);
                }
            }
            translator.request(code, RegionTest.CODE);
            while (await(translator, code).stage != Region.Stage.THOROUGH) {
                run(await(translator, code), code, 1_000_000);
                assertEquals(3_000_000, code.registers[1]);
            }
            for (Code one : others) {
                while (await(translator, one).stage != Region.Stage.THOROUGH) {
                    Thread.sleep(1);
                }
            }
        }
    }

    @Test
    void registersAreWhereTheyWere() throws Exception {
        Path file = folder.resolve("translations");
        for (Registers registers : new Registers[]{Registers.BOTH, Registers.VARIABLES}) {
            Archive archive = new Archive();
            archive.add(RegionFollower.follow(loop(3), RegionTest.CODE, 100, false), 9_000_000, registers);
            archive.write(file);
            assertEquals(registers, Archive.read(file).entries().getFirst().registers());
            try (Translator translator = translator(file)) {
                while (await(translator, loop(3)).stage != Region.Stage.THOROUGH) {
                    Thread.sleep(1);
                }
                assertEquals(registers, await(translator, loop(3)).registers);
            }
            assertEquals(registers, Archive.read(file).entries().getFirst().registers());
        }
    }

    @Test
    void aProgramThatRunsGetsAllThatWasKeptOfIt() throws Exception {
        Path file = folder.resolve("translations");
        Code code = loop(4);
        Archive archive = new Archive();
        archive.add(RegionFollower.follow(loop(5), RegionTest.CODE, 100, false), 9_000_000, Registers.FILE);
        for (long pc : new long[]{RegionTest.CODE, RegionTest.CODE + 4}) {
            archive.add(RegionFollower.follow(code, pc, 100, false), 8_000_000, Registers.FILE);
        }
        archive.write(file);
        assertTrue(Archive.read(file).entries().get(1).image().isOf(code, RegionTest.CODE));
        assertFalse(Archive.read(file).entries().get(0).image().isOf(code, RegionTest.CODE));
        assertFalse(Archive.read(file).entries().get(1).image().isOf(code, RegionTest.CODE + 64), "nothing is known");
        try (Translator translator = translator(file)) {
            translator.request(code, RegionTest.CODE);
            // It was never asked for; the other's, which has executed more, may have to wait as long as this runs. What is asked for again
            // and again is something else: only a few regions are kept that begin at the same address, and these would be the last.
            while (translator.find(code, RegionTest.CODE + 4) == null) {
                translator.request(code, RegionTest.CODE + 8);
                run(await(translator, code), code, 100_000);
                assertEquals(500_000, code.registers[1]);
            }
            await(translator, loop(5));
        }
    }

    @Test
    void otherCodeAtTheSameAddressHasItsOwn() throws Exception {
        Path file = folder.resolve("translations");
        use(file, loop(2), 100_000);
        use(file, loop(4), 200_000);
        assertEquals(2, Archive.read(file).entries().size());
        try (Translator translator = translator(file)) {
            for (int what : new int[]{2, 4}) {
                Code code = loop(what);
                run(await(translator, code), code, 1000);
                assertEquals(what == 2 ? 3000 : 5000, code.registers[1]);
            }
        }
    }

    @Test
    void codeThatIsNotTheSameIsNotEntered() throws Exception {
        Path file = folder.resolve("translations");
        use(file, loop(2), 100_000);
        try (Translator translator = translator(file)) {
            await(translator, loop(2));
            assertNull(translator.find(loop(4), RegionTest.CODE));
        }
    }

    @Test
    void whatIsNotUsedAnyMoreIsForgotten() throws Exception {
        Path file = folder.resolve("translations");
        use(file, loop(2), 100_000);
        long before = Long.MAX_VALUE;
        List<Archive.Entry> entries;
        while (!(entries = Archive.read(file).entries()).isEmpty()) {
            assertTrue(entries.getFirst().work() < before, before + " " + entries);
            before = entries.getFirst().work();
            try (Translator translator = translator(file)) {
                await(translator, loop(2));
            }
        }
    }

    @Test
    void aMachineThatEndsAtOnceKeepsWhatItHadNoTimeFor() throws Exception {
        Path file = folder.resolve("translations");
        use(file, loop(2), 100_000);
        use(file, loop(4), 100_000);
        for (int machines = 0; machines < 3; machines++) {
            translator(file).close();
        }
        assertEquals(2, Archive.read(file).entries().size());
    }

    @Test
    void aFileOfSomethingElseIsNoReasonNotToStart() throws Exception {
        Path file = folder.resolve("translations");
        use(file, loop(2), 100_000);
        byte[] good = Files.readAllBytes(file);
        for (byte[] bad : new byte[][]{{}, "something else".getBytes(),
                java.util.Arrays.copyOf(good, good.length / 2)}) {
            Files.write(file, bad);
            assertThrows(IOException.class, () -> Archive.read(file));
            try (Translator translator = translator(file)) {
                Code code = loop(2);
                translator.request(code, RegionTest.CODE);
                run(await(translator, code), code, 100_000);
            }
            assertNotNull(Archive.read(file), "it was written anew");
        }
    }

    @Test
    void theFirstMachineBeginsWithoutAFile() {
        Path file = folder.resolve("translations");
        try (Translator translator = translator(file)) {
            assertEquals(0, translator.statistics().failures());
        }
        assertTrue(Files.exists(file));
        assertFalse(Files.isDirectory(file));
    }
}
