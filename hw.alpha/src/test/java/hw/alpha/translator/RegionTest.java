package hw.alpha.translator;

import static hw.alpha.isa.Assembler.branch;
import static hw.alpha.isa.Assembler.jump;
import static hw.alpha.isa.Assembler.literal;
import static hw.alpha.isa.Assembler.memory;
import static hw.alpha.isa.Assembler.operate;
import static hw.alpha.isa.Assembler.pal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Instruction;
import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What regions are made of, how large they become, and that they go away. */
@Timeout(300)
class RegionTest {

    static final long CODE = 0x10000;
    private static final Path GOLDEN = Path.of("src/test/resources/hw/alpha/translator");

    /** A state whose address space has nothing but code. */
    static final class Code extends GuestState {

        final PhysicalMemory memory = new PhysicalMemory(4L << 20);
        final PageTable table = (PageTable) new Translations().create();
        final Frame frame = memory.allocate();

        Code(int... words) {
            table.attach(buffer);
            table.map(CODE, frame, TranslationContext.READ | TranslationContext.EXECUTE);
            put(words);
        }

        void put(int... words) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
            for (int word : words) {
                bytes.putInt(word);
            }
            frame.write(0, bytes.array(), 0, bytes.capacity());
        }

        @Override
        public CodePage codeAt(long address) {
            CodePage found = buffer.code(address);
            if (found == null && table.fetch(buffer, address) == PageTable.Outcome.DONE) {
                found = buffer.code(address);
            }
            return found;
        }

        @Override
        protected Region look(long pc, boolean wanted) {
            return null;
        }

        @Override
        protected void grow(Region region) {
            throw new AssertionError("nothing is executed here");
        }

        @Override
        protected long perform(long pc, int wanted) {
            return pc | Region.LEAVE;
        }

        @Override
        protected boolean left(Region region, long jump, long to) {
            return false;
        }
    }

    private final Translator translator = new Translator(Translator.Mode.FORCED, true);

    @AfterEach
    void close() {
        translator.close();
    }

    private static String bytecode(boolean internal, int... words) {
        RegionShape shape = RegionFollower.follow(new Code(words), CODE, 100, true);
        StringBuilder text = new StringBuilder();
        for (MethodModel method : ClassFile.of().parse(RegionWriter.write(shape, internal, Registers.VARIABLES))
                .methods()) {
            if (!method.methodName().equalsString("run")) {
                continue;
            }
            List<Object> labels = new ArrayList<>();
            method.code().orElseThrow().forEach(element -> {
                if (element instanceof LabelTarget target) {
                    labels.add(target.label());
                    text.append("  L").append(labels.size()).append(":\n");
                } else if (element instanceof java.lang.classfile.Instruction instruction) {
                    text.append("    ").append(instruction.opcode().name().toLowerCase(java.util.Locale.ROOT))
                            .append('\n');
                }
            });
        }
        return text.toString();
    }

    /** Writes what it finds with {@code -Dalpha.write=true}. */
    private static void golden(String name, boolean internal, int... words) throws IOException {
        Path file = GOLDEN.resolve(name + ".txt");
        String actual = bytecode(internal, words);
        if (Boolean.getBoolean("alpha.write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, actual);
        }
        assertEquals(Files.readString(file), actual);
    }

    @Test
    void aLoopOfIntegers() throws IOException {
        golden("integers", false, operate(Instruction.ADDQ, 1, 2, 1), literal(Instruction.SUBQ, 3, 1, 3),
                branch(Instruction.BNE, 3, -3), pal(Instruction.CALLSYS));
    }

    @Test
    void aLoopOfLoads() throws IOException {
        int[] loop = {memory(Instruction.LDQ, 2, 0, 1), operate(Instruction.ADDQ, 4, 2, 4),
                memory(Instruction.LDA, 1, 8, 1), literal(Instruction.SUBQ, 3, 1, 3), branch(Instruction.BNE, 3, -5),
                jump(Instruction.RET, 31, 26)};
        golden("loads", false, loop);
        if (PageTable.windows()) {
            golden("window", true, loop);
        }
    }

    @Test
    void aComparisonAndItsBranchAreOne() {
        String fused = bytecode(false, operate(Instruction.CMPLT, 1, 2, 3), branch(Instruction.BNE, 3, 1),
                literal(Instruction.ADDQ, 1, 1, 1), jump(Instruction.RET, 31, 26));
        assertEquals(1, fused.lines().filter(line -> line.contains("lcmp")).count(), fused);
    }

    @Test
    void aBranchComparesWhatAComparisonBeforeItHas() {
        String distant = bytecode(false, operate(Instruction.CMPLT, 1, 2, 1), literal(Instruction.ADDQ, 4, 1, 4),
                branch(Instruction.BNE, 1, 1), literal(Instruction.ADDQ, 1, 1, 1), jump(Instruction.RET, 31, 26));
        assertTrue(distant.contains("lcmp\n    iflt"), distant);
        String behindAnother = bytecode(false, operate(Instruction.CMPEQ, 1, 2, 3), branch(Instruction.BEQ, 4, 2),
                literal(Instruction.ADDQ, 1, 1, 1), branch(Instruction.BNE, 3, 1), literal(Instruction.ADDQ, 1, 1, 1),
                jump(Instruction.RET, 31, 26));
        assertTrue(behindAnother.contains("    lload\n    lload\n    lcmp\n    ifeq"), behindAnother);
        String redefined = bytecode(false, operate(Instruction.CMPLT, 1, 2, 1), literal(Instruction.ADDQ, 4, 1, 1),
                branch(Instruction.BNE, 1, 1), literal(Instruction.ADDQ, 1, 1, 1), jump(Instruction.RET, 31, 26));
        assertTrue(redefined.contains("lcmp\n    ifne") || redefined.contains("lcmp\n    ifeq"), redefined);
    }

    @Test
    void aFunctionThatCallsItselfStaysInItsRegion() {
        RegionShape shape = RegionFollower.follow(new Code(branch(Instruction.BEQ, 16, 3),
                literal(Instruction.SUBQ, 16, 1, 16), branch(Instruction.BSR, 23, -3), jump(Instruction.RET, 31, 26),
                jump(Instruction.RET, 31, 23)), CODE, 100, true);
        assertEquals(RegionShape.Flow.INLINED_CALL, shape.flows[2]);
        assertEquals(0, shape.targets[2]);
        assertEquals(List.of(CODE + 12), java.util.Arrays.stream(shape.jumpTargets[4]).boxed().toList());
        // how it returns has not been seen yet
        RegionShape unknown = RegionFollower.follow(new Code(branch(Instruction.BEQ, 16, -1),
                literal(Instruction.SUBQ, 16, 1, 16), branch(Instruction.BSR, 23, -3), jump(Instruction.RET, 31, 26)),
                CODE, 100, true);
        assertEquals(RegionShape.Flow.CALL, unknown.flows[2]);
        assertEquals(0, unknown.jumpTargets[3].length);
    }

    @Test
    void noRegionIsTooLargeForHotSpot() {
        int[] words = new int[400];
        for (int i = 0; i < words.length; i++) {
            words[i] = i % 3 == 0
                    ? memory(Instruction.LDQ, i % 20, 8 * i, 20 + i % 7)
                    : memory(Instruction.STQ, i % 20, 8 * i, 20 + i % 5);
        }
        words[words.length - 1] = jump(Instruction.RET, 31, 26);
        Code state = new Code(words);
        RegionShape shape = RegionFollower.follow(state, CODE, 400, true);
        assertEquals(400, shape.size());
        assertTrue(Translator.codeSize(RegionWriter.write(shape, true, Registers.VARIABLES)) > Translator.METHOD_LIMIT);
        Translator.Fitting fitting = Translator.fitting(shape, true, Registers.VARIABLES, Translator.METHOD_LIMIT);
        assertTrue(Translator.codeSize(fitting.type()) <= Translator.METHOD_LIMIT);
        assertTrue(fitting.shape().size() > 30, "of a reasonable size: " + fitting.shape().size());
        assertNotNull(translator.request(state, CODE));
        assertEquals(0, translator.statistics().failures());
    }

    @Test
    void whatCannotBeTranslatedIsNot() {
        assertNull(translator.request(new Code(pal(Instruction.CALLSYS)), CODE));
        assertEquals(0, translator.statistics().regions());
    }

    @Test
    void changedCodeIsAnotherRegion() {
        Code state = new Code(literal(Instruction.ADDQ, 1, 1, 1), jump(Instruction.RET, 31, 26));
        Region first = translator.request(state, CODE);
        assertEquals(first, translator.find(state, CODE));
        state.put(literal(Instruction.ADDQ, 1, 2, 1));
        assertNull(translator.find(state, CODE));
        Region second = translator.request(state, CODE);
        assertEquals(second, translator.find(state, CODE));
        // Another address space with the first code gets the first region.
        assertEquals(first, translator.find(new Code(literal(Instruction.ADDQ, 1, 1, 1),
                jump(Instruction.RET, 31, 26)), CODE));
    }

    @Test
    void regionsThatAreDroppedLeaveNothing() throws InterruptedException {
        Code state = new Code(literal(Instruction.ADDQ, 1, 1, 1), jump(Instruction.RET, 31, 26));
        translate(state, 1000);
        long before = used("Metaspace");
        long code = used("Code");
        translate(state, 10_000);
        // A class takes some 5 KB: these would be 50 MB.
        assertTrue(used("Metaspace") - before < 8 << 20, "metaspace grew from " + before + " to " + used("Metaspace"));
        assertTrue(used("Code") - code < 16 << 20, "code cache grew from " + code + " to " + used("Code"));
    }

    private void translate(Code state, int count) {
        for (int i = 0; i < count; i++) {
            state.put(memory(Instruction.LDA, 1, i, 1));
            Region region = translator.request(state, CODE);
            state.registers[1] = 7;
            state.registers[26] = 64;
            assertEquals(64, region.run(state, state.registers, 0));
            assertEquals(7 + (short) i, state.registers[1]);
        }
    }

    private static long used(String pool) throws InterruptedException {
        System.gc();
        Thread.sleep(100);
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(p -> p.getName().contains(pool))
                .map(MemoryPoolMXBean::getUsage).mapToLong(java.lang.management.MemoryUsage::getUsed).sum();
    }
}
