package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.isa.Assembler;
import hw.alpha.isa.Instruction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instruction by instruction, on many operands, the processor computes what QEMU computes. Each case is a few instructions
 * that work on registers 1 and 2, integer or floating, with scratch memory at register 12, and leave a result in register 3.
 */
@Timeout(180)
class ConformanceTest {

    private static final long SEED = 20261123;
    private static final long SUM = Long.MIN_VALUE;
    /** FPCR as Linux starts programs. */
    private static final long STANDARD = 0x680E_8000_0000_0000L;

    /** Those whose first operand must be r31. */
    private static final Set<Instruction> UNARY = EnumSet.of(Instruction.SEXTB, Instruction.SEXTW, Instruction.CTPOP,
            Instruction.CTLZ, Instruction.CTTZ, Instruction.UNPKBW, Instruction.UNPKBL, Instruction.PKWB,
            Instruction.PKLB, Instruction.AMASK, Instruction.IMPLVER);

    private record Case(String name, boolean floating, int... words) {}

    private record Vector(long a, long b, long c, long control) {}

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @BeforeEach
    void tools() {
        CrossTools.require();
    }

    @Test
    void integerInstructions() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Instruction instruction : Instruction.values()) {
            if (Assembler.isOperate(instruction) && !instruction.name().endsWith("V")) {
                int a = UNARY.contains(instruction) ? 31 : 1;
                cases.add(new Case(instruction.name(), false, Assembler.operate(instruction, a, 2, 3)));
                if (!instruction.name().matches("PERR|UNPK.*|PK.*|CT.*")) {
                    int literal = random.nextInt(256);
                    cases.add(new Case(instruction + " #" + literal, false,
                            Assembler.literal(instruction, a, literal, 3)));
                }
                cases.add(new Case(instruction + " r31", false, Assembler.operate(instruction, 31, 2, 3)));
            }
        }
        check(cases, integers(300));
    }

    @Test
    void integerOverflowThatDoesNotHappen() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Instruction instruction : Instruction.values()) {
            if (Assembler.isOperate(instruction) && instruction.name().endsWith("V")) {
                cases.add(new Case(instruction.name(), false, Assembler.operate(instruction, 1, 2, 3)));
            }
        }
        List<Vector> vectors = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            vectors.add(new Vector((short) random.nextInt(), (short) random.nextInt() >> 1, 0, STANDARD));
        }
        check(cases, vectors);
    }

    /**
     * Without ITOFF, in which QEMU swaps words, LDF, in which it does not map exponent 0 to 0, and STF, in which it stores
     * something else: they do here what the manual says.
     */
    @Test
    void moves() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Instruction i : List.of(Instruction.CPYS, Instruction.CPYSN, Instruction.CPYSE, Instruction.FCMOVEQ,
                Instruction.FCMOVNE, Instruction.FCMOVLT, Instruction.FCMOVGE, Instruction.FCMOVLE,
                Instruction.FCMOVGT, Instruction.CVTLQ)) {
            cases.add(new Case(i.name(), true, Assembler.operate(i, i == Instruction.CVTLQ ? 31 : 1, 2, 3)));
        }
        for (Instruction i : List.of(Instruction.ITOFS, Instruction.ITOFT)) {
            cases.add(new Case(i.name(), true, Assembler.operate(i, 1, 31, 3)));
        }
        for (Instruction i : List.of(Instruction.FTOIS, Instruction.FTOIT)) {
            cases.add(new Case(i.name(), false, Assembler.operate(i, 1, 31, 3)));
        }
        for (Instruction i : List.of(Instruction.LDS, Instruction.LDT, Instruction.LDG)) {
            cases.add(new Case(i.name(), true, Assembler.memory(Instruction.STQ, 1, 8, 12),
                    Assembler.memory(i, 3, 8, 12)));
        }
        for (Instruction i : List.of(Instruction.STS, Instruction.STT, Instruction.STG)) {
            cases.add(new Case(i.name(), false, Assembler.memory(Instruction.STQ, 2, 8, 12),
                    Assembler.memory(i, 1, 8, 12), Assembler.memory(Instruction.LDQ, 3, 8, 12)));
        }
        check(cases, floats(200, true));
        check(cases, integers(100));
    }

    @Test
    void memory() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (int offset = 0; offset < 16; offset++) {
            for (Instruction i : List.of(Instruction.LDBU, Instruction.LDWU, Instruction.LDL, Instruction.LDQ,
                    Instruction.LDQ_U)) {
                cases.add(new Case(i + " +" + offset, false, Assembler.memory(Instruction.STQ, 1, 8, 12),
                        Assembler.memory(Instruction.STQ, 2, 16, 12), Assembler.memory(i, 3, offset, 12)));
            }
            for (Instruction i : List.of(Instruction.STB, Instruction.STW, Instruction.STL, Instruction.STQ,
                    Instruction.STQ_U)) {
                cases.add(new Case(i + " +" + offset, false, Assembler.memory(Instruction.STQ, 1, 8, 12),
                        Assembler.memory(i, 2, offset, 12), Assembler.memory(Instruction.LDQ, 3, 8, 12)));
            }
        }
        cases.add(new Case("LDA", false, Assembler.memory(Instruction.LDA, 3, -5, 1)));
        cases.add(new Case("LDAH", false, Assembler.memory(Instruction.LDAH, 3, 0x8000, 1)));
        cases.add(new Case("LDQ_L, STQ_C", false, Assembler.memory(Instruction.LDQ_L, 3, 16, 12),
                Assembler.memory(Instruction.STQ_C, 1, 16, 12), Assembler.memory(Instruction.LDQ, 4, 16, 12),
                Assembler.operate(Instruction.ADDQ, 1, 4, 3)));
        cases.add(new Case("LDL_L, STL_C", false, Assembler.memory(Instruction.LDL_L, 3, 20, 12),
                Assembler.memory(Instruction.STL_C, 1, 20, 12), Assembler.memory(Instruction.LDQ, 4, 16, 12),
                Assembler.operate(Instruction.ADDQ, 1, 4, 3)));
        check(cases, integers(40));
    }

    @Test
    void floatingBranches() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Instruction i : List.of(Instruction.FBEQ, Instruction.FBNE, Instruction.FBLT, Instruction.FBLE,
                Instruction.FBGE, Instruction.FBGT)) {
            cases.add(new Case(i.name(), false, Assembler.branch(i, 1, 1),
                    Assembler.operate(Instruction.ADDQ, 2, 3, 3)));
        }
        check(cases, floats(200, true));
    }

    @Test
    void floatingWithSoftwareCompletion() throws Exception {
        // /SU and /SUI with each rounding, and with the qualifier bits of compares.
        check(arithmetic(0x14, 0x1C), floats(250, true));
    }

    /**
     * VAX instructions in which QEMU 7.2 does what the manual says: comparisons, and conversions to integers that chop and fit.
     * In the others it drops the fraction of every result and, of F results, leaves the exponent narrow (AARM 2.2.5.1,
     * 2.2.5.2: a result is a number in register format); CVTDG and CVTGD it does not have (4.10); CVTGQ without /C it
     * rounds to even (4.7.5: the larger in magnitude). {@link VaxFloatTest} has them all.
     */
    @Test
    void vaxComparisonsAndConversions() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Instruction i : List.of(Instruction.CMPGEQ, Instruction.CMPGLT, Instruction.CMPGLE)) {
            cases.add(new Case(i.name(), true, Assembler.qualified(i, 2, 1, 2, 3)));
            cases.add(new Case(i + "/S", true, Assembler.qualified(i, 0x12, 1, 2, 3)));
        }
        cases.add(new Case("CVTGQ/C", true, Assembler.qualified(Instruction.CVTGQ, 0, 31, 2, 3)));
        List<Vector> vectors = new ArrayList<>();
        for (Vector v : floats(500, false)) {
            vectors.add(new Vector(vax(v.a), vax(v.b), v.c, v.control));
        }
        check(cases, vectors);
    }

    /** An ordinary IEEE number as a G number: the exponent is two more. */
    private static long vax(long ieee) {
        return ieee << 1 == 0 ? 0 : ieee + (2L << 52);
    }

    @Test
    void floatingWithSpecialModes() throws Exception {
        List<Vector> vectors = new ArrayList<>();
        for (Vector v : floats(120, true)) {
            long control = STANDARD & ~(3L << 58) | (long) random.nextInt(4) << 58;
            control |= random.nextBoolean() ? 1L << 48 : 0;
            control |= random.nextBoolean() ? 1L << 60 : 0;
            control |= random.nextBoolean() ? 1L << 56 : 0;
            vectors.add(new Vector(v.a, v.b, v.c, control));
        }
        check(arithmetic(0x14, 0x1C), vectors);
    }

    @Test
    void floatingWithoutSoftwareCompletion() throws Exception {
        List<Vector> vectors = new ArrayList<>();
        for (Vector v : floats(200, false)) {
            long control = STANDARD & ~(3L << 58) | (long) random.nextInt(4) << 58;
            vectors.add(new Vector(v.a, v.b, v.c, control | (random.nextBoolean() ? 1L << 56 : 0)));
        }
        List<Case> cases = arithmetic(0);
        // A root of a negative number would trap.
        cases.removeIf(c -> c.name.startsWith("SQRT") || c.name.startsWith("DIV"));
        check(cases, vectors);
        List<Vector> positive = vectors.stream()
                .map(v -> new Vector(v.a, v.b & Long.MAX_VALUE | 1L << 40, 0, v.control))
                .toList();
        cases = arithmetic(0);
        cases.removeIf(c -> !c.name.startsWith("SQRT") && !c.name.startsWith("DIV"));
        check(cases, positive.stream().filter(v -> v.b << 1 != 0 && Math.abs(Double.longBitsToDouble(v.b)) > 1e-30)
                .toList());
    }

    private static List<Case> arithmetic(int... traps) {
        List<Case> cases = new ArrayList<>();
        for (Instruction instruction : Instruction.values()) {
            if (!Assembler.isQualified(instruction)) {
                continue;
            }
            boolean unary = instruction.name().startsWith("CVT") || instruction.name().startsWith("SQRT");
            for (int trap : traps) {
                for (int rounding = 0; rounding < 4; rounding++) {
                    int qualifiers = trap | rounding;
                    // This code is that of another instruction.
                    if (instruction == Instruction.CVTTS && (qualifiers == 0x0A || qualifiers == 0x1A)) {
                        continue;
                    }
                    cases.add(new Case(instruction + " qualifiers " + Integer.toHexString(qualifiers), true,
                            Assembler.qualified(instruction, qualifiers, unary ? 31 : 1, 2, 3)));
                }
            }
        }
        if (traps.length > 1) {
            cases.add(new Case("CVTQL/SV", true, Assembler.operate(Instruction.CVTQLSV, 31, 2, 3)));
            cases.add(new Case("CVTST", true, Assembler.operate(Instruction.CVTSTS, 31, 2, 3)));
        }
        cases.add(new Case("CVTQL", true, Assembler.operate(Instruction.CVTQL, 31, 2, 3)));
        return cases;
    }

    private List<Vector> integers(int count) {
        long[] special = {0, 1, -1, 2, 7, 8, 63, 64, 255, 256, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 31, 1L << 32,
                0xFFFF_FFFFL, Long.MAX_VALUE, Long.MIN_VALUE, 0x8080808080808080L, 0x7F7F7F7F7F7F7F7FL,
                0x0123456789ABCDEFL};
        List<Vector> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vectors.add(new Vector(integer(special), integer(special), random.nextLong(), STANDARD));
        }
        return vectors;
    }

    private long integer(long[] special) {
        return switch (random.nextInt(4)) {
            case 0 -> special[random.nextInt(special.length)];
            case 1 -> random.nextLong() >> random.nextInt(64);
            case 2 -> random.nextLong() & random.nextLong() & random.nextLong();
            default -> random.nextLong();
        };
    }

    private List<Vector> floats(int count, boolean extremes) {
        List<Vector> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long a = extremes ? extreme() : ordinary();
            long b = extremes ? extreme() : ordinary();
            // Numbers that are close together cancel.
            b = a << 1 != 0 && random.nextInt(5) == 0
                    ? a ^ random.nextInt(4) ^ (random.nextBoolean() ? Long.MIN_VALUE : 0)
                    : b;
            vectors.add(new Vector(a, b, random.nextLong(), STANDARD));
        }
        return vectors;
    }

    private long ordinary() {
        double value = random.nextInt(8) == 0 ? 0 : (random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(60) - 30);
        value = random.nextInt(3) == 0 ? (float) value : random.nextInt(4) == 0 ? Math.rint(value) : value;
        return Double.doubleToRawLongBits(value);
    }

    private long extreme() {
        long[] special = {0, Long.MIN_VALUE, 1, 0x000F_FFFF_FFFF_FFFFL, 0x0010_0000_0000_0000L, 0x0010_0000_0000_0001L,
                0x7FEF_FFFF_FFFF_FFFFL, 0x7FF0_0000_0000_0000L, 0xFFF0_0000_0000_0000L, 0x7FF8_0000_0000_0001L,
                0xFFF8_0000_0000_0000L, 0x7FF0_0000_0000_0001L, 0xFFF4_5678_9ABC_DEF0L, 0x7FF0_0000_2000_0000L,
                0x43E0_0000_0000_0000L, 0xC3E0_0000_0000_0000L, 0xC3E0_0000_0000_0001L, 0x43DF_FFFF_FFFF_FFFFL,
                0x43F0_0000_0000_0000L, 0x4330_0000_0000_0001L, 0x3FE0_0000_0000_0000L, 0x3FF0_0000_0000_0000L,
                0x3FF8_0000_0000_0000L, 0x3810_0000_0000_0000L, 0x380F_FFFF_FFFF_FFFFL, 0x36A0_0000_0000_0000L,
                0x47EF_FFFF_E000_0000L, 0x47EF_FFFF_F000_0000L, 0x3FF0_0000_1000_0000L, 0x3FF0_0000_3000_0000L};
        long single = Double.doubleToRawLongBits(Float.intBitsToFloat(random.nextInt()));
        return switch (random.nextInt(6)) {
            case 0, 1 -> special[random.nextInt(special.length)] ^ (random.nextBoolean() ? Long.MIN_VALUE : 0);
            case 2 -> single;
            case 3 -> ordinary();
            case 4 -> random.nextLong() & 0x800F_FFFF_FFFF_FFFFL | (long) random.nextInt(120) << 52;
            default -> random.nextLong();
        };
    }

    // Running both

    private void check(List<Case> cases, List<Vector> vectors) throws IOException, InterruptedException {
        Path source = Files.createTempFile(folder, "cases", ".s");
        Files.writeString(source, assembly(cases, vectors));
        Path program = CrossTools.compile(source, source.getFileName() + ".elf", "-nostdlib");
        ByteBuffer expected = ByteBuffer.wrap(CrossTools.emulate(program)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer actual = ByteBuffer.wrap(CrossTools.execute(program)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(16 * cases.size() * vectors.size(), expected.capacity());
        assertEquals(expected.capacity(), actual.capacity());
        List<String> differences = new ArrayList<>();
        for (Case each : cases) {
            for (Vector v : vectors) {
                long result = expected.getLong();
                long control = expected.getLong() & ~SUM;
                long ourResult = actual.getLong();
                long ourControl = actual.getLong() & ~SUM;
                if (result != ourResult || control != ourControl) {
                    differences.add(String.format("%s a=%x b=%x c=%x fpcr=%x: %x fpcr %x, but QEMU %x fpcr %x",
                            each.name, v.a, v.b, v.c, v.control, ourResult, ourControl, result, control));
                }
            }
        }
        assertTrue(differences.isEmpty(), () -> differences.size() + " differences, such as\n"
                + String.join("\n", differences.subList(0, Math.min(20, differences.size()))));
    }

    private static String assembly(List<Case> cases, List<Vector> vectors) {
        StringBuilder text = new StringBuilder("""
                .set noat
                .set noreorder
                .globl _start
                .text
                _start: br $27,1f
                1: ldgp $29,0($27)
                 lda $11,results
                 lda $12,scratch
                """);
        for (Case each : cases) {
            text.append(" lda $9,vectors\n lda $10,").append(vectors.size()).append("($31)\n1:\n");
            text.append(" ldt $f4,24($9)\n mt_fpcr $f4\n excb\n stq $31,0($12)\n stq $31,8($12)\n stq $31,16($12)\n");
            for (int i = 0; i < 3; i++) {
                text.append(" ldq $%d,%d($9)\n ldt $f%d,%d($9)\n".formatted(i + 1, 8 * i, i + 1, 8 * i));
            }
            for (int word : each.words) {
                text.append(" .long ").append(word).append("\n");
            }
            text.append(" trapb\n mf_fpcr $f4\n ").append(each.floating ? "stt $f3" : "stq $3").append(",0($11)\n");
            text.append(" stt $f4,8($11)\n addq $11,16,$11\n addq $9,32,$9\n subq $10,1,$10\n bne $10,1b\n");
        }
        text.append("""
                 lda $9,results
                2: mov 1,$16
                 mov $9,$17
                 subq $11,$9,$18
                 mov 4,$0
                 call_pal 0x83
                 addq $9,$0,$9
                 cmpult $9,$11,$1
                 bne $1,2b
                 mov 0,$16
                 mov 1,$0
                 call_pal 0x83
                .data
                .align 3
                scratch: .quad 0,0,0,0
                vectors:
                """);
        for (Vector v : vectors) {
            text.append(" .quad 0x%x,0x%x,0x%x,0x%x\n".formatted(v.a, v.b, v.c, v.control));
        }
        text.append(".bss\n.align 3\nresults: .skip ").append(16 * cases.size() * vectors.size()).append("\n");
        return text.toString();
    }
}
