package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.isa.Assembler;
import hw.alpha.isa.Instruction;
import hw.alpha.translator.Translator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random loops of integer, floating-point and memory instructions with branches leave the same registers and memory under
 * QEMU, interpreted, and translated. A failure names its seed, which alone decides what is run: {@code -Dalpha.seed=N} runs
 * that one, {@code -Dalpha.seeds=N} so many.
 */
@Timeout(600)
class RandomSequenceTest {

    private static final long FIRST = 20261123;
    private static final int BLOCKS = 20, BLOCK = 40, ROUNDS = 400;
    /** Kept for the program: memory, results, counter. */
    private static final int MEMORY = 12, COUNTER = 10;
    /** Those that QEMU does not do as the manual says, see ConformanceTest, and those that depend on the machine. */
    private static final Set<Instruction> LEFT_OUT = EnumSet.of(Instruction.ITOFF, Instruction.AMASK,
            Instruction.IMPLVER);

    @TempDir
    Path folder;

    private Translator.Mode before;

    @BeforeEach
    void tools() {
        CrossTools.require();
        before = TestMachine.mode;
    }

    @AfterEach
    void back() {
        TestMachine.mode = before;
    }

    static LongStream seeds() {
        Long one = Long.getLong("alpha.seed");
        return one != null ? LongStream.of(one) : LongStream.range(FIRST, FIRST + Long.getLong("alpha.seeds", 40));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sameEverywhere(long seed) throws Exception {
        Path source = folder.resolve("random.s");
        Files.writeString(source, program(new Random(seed)));
        Path program = CrossTools.compile(source, "random", "-nostdlib");
        byte[] expected = CrossTools.emulate(program);
        for (Translator.Mode mode : Translator.Mode.values()) {
            TestMachine.mode = mode;
            assertArrayEquals(expected, CrossTools.execute(program), "seed " + seed + ", translation " + mode);
            assertEquals(0, TestMachine.translator().statistics().failures());
        }
    }

    private static String program(Random random) {
        StringBuilder text = new StringBuilder("""
                .set noat
                .set noreorder
                .globl _start
                .text
                _start: br $27,1f
                1: ldgp $29,0($27)
                 lda $11,results
                 lda $12,scratch
                 lda $9,vectors
                 lda $14,scratch
                """);
        for (int block = 0; block < BLOCKS; block++) {
            text.append(" ldt $f4,0($9)\n mt_fpcr $f4\n excb\n lda $10,").append(ROUNDS).append("($31)\n");
            for (int i = 0; i < 8; i++) {
                text.append(" ldq $%d,%d($9)\n ldt $f%d,%d($9)\n".formatted(i, 8 * i + 8, i, 8 * i + 72));
            }
            text.append(" lda $9,136($9)\n1:\n");
            for (int word : block(random)) {
                text.append(" .long ").append(word).append("\n");
            }
            text.append(" subq $10,1,$10\n bne $10,1b\n trapb\n");
            for (int i = 0; i < 8; i++) {
                text.append(" stq $%d,%d($11)\n stt $f%d,%d($11)\n".formatted(i, 8 * i, i, 8 * i + 64));
            }
            text.append(" mf_fpcr $f8\n stt $f8,128($11)\n ldq $1,128($11)\n sll $1,1,$1\n srl $1,1,$1\n");
            text.append(" stq $1,128($11)\n lda $11,136($11)\n");
        }
        text.append("""
                 lda $17,results
                 subq $11,$17,$18
                 mov 1,$16
                 mov 4,$0
                 call_pal 0x83
                 mov 1,$16
                 lda $17,scratch
                 lda $18,2048($31)
                 mov 4,$0
                 call_pal 0x83
                 mov 0,$16
                 mov 1,$0
                 call_pal 0x83
                .data
                .align 3
                vectors:
                """);
        for (int block = 0; block < BLOCKS; block++) {
            long control = 0x680E_8000_0000_0000L & ~(3L << 58)
                    | (random.nextInt(3) == 0 ? random.nextInt(4) : 2L) << 58;
            text.append(" .quad ").append(control | (random.nextBoolean() ? 1L << 56 : 0)).append("\n");
            for (int i = 0; i < 8; i++) {
                text.append(" .quad ").append(random.nextLong() >> random.nextInt(64)).append("\n");
            }
            for (int i = 0; i < 8; i++) {
                text.append(" .quad ").append(number(random)).append("\n");
            }
        }
        return text.append(".bss\n.align 3\nresults: .skip 65536\nscratch: .skip 16384\n").toString();
    }

    private static long number(Random random) {
        double value = (random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(40) - 20);
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextLong();
            case 2 -> Double.doubleToRawLongBits((float) value);
            case 3 -> Double.doubleToRawLongBits(Math.rint(value));
            default -> Double.doubleToRawLongBits(value);
        };
    }

    private static List<Integer> block(Random random) {
        List<Integer> words = new ArrayList<>();
        while (words.size() < BLOCK) {
            switch (random.nextInt(11)) {
                case 0, 1, 2, 3 -> words.add(integer(random));
                case 10 -> rotation(random, words);
                case 4, 5 -> words.add(floating(random));
                case 6, 7 -> memory(random, words);
                case 8 -> words.add(Assembler.branch(pick(random, Instruction.BEQ, Instruction.BNE, Instruction.BLT,
                        Instruction.BGE, Instruction.BLE, Instruction.BGT, Instruction.BLBC, Instruction.BLBS,
                        Instruction.FBEQ, Instruction.FBNE, Instruction.FBLT, Instruction.FBGE, Instruction.FBLE,
                        Instruction.FBGT), random.nextInt(8), random.nextInt(Math.max(1, BLOCK - words.size()))));
                default -> move(random, words);
            }
        }
        // A branch goes to the end at the furthest.
        return words.subList(0, BLOCK);
    }

    /** As compilers rotate longwords, or almost so, and what may come in between. */
    private static void rotation(Random random, List<Integer> words) {
        int from = random.nextInt(8), low = random.nextInt(8), high = random.nextInt(8), to = random.nextInt(8);
        int count = 1 + random.nextInt(31);
        words.add(Assembler.literal(Instruction.ZAPNOT, from, random.nextInt(8) == 0 ? 0x1F : 0x0F, low));
        words.add(random.nextBoolean()
                ? Assembler.literal(Instruction.SLL, from, count, high)
                : Assembler.operate(pick(random, Instruction.S4ADDL, Instruction.S8ADDQ), from, 31, high));
        if (random.nextInt(4) == 0) {
            words.add(integer(random));
        }
        int left = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : count;
        words.add(Assembler.literal(Instruction.SRL, low, 32 - left, low));
        if (random.nextInt(3) == 0) {
            words.add(Assembler.operate(Instruction.ADDL, from, 31, from));
        }
        words.add(Assembler.operate(pick(random, Instruction.BIS, Instruction.XOR, Instruction.ADDL, Instruction.ADDQ),
                low, high, to));
        for (int i = random.nextInt(4); i > 0; i--) {
            int other = random.nextInt(8);
            words.add(Assembler.operate(pick(random, Instruction.XOR, Instruction.AND, Instruction.BIC, Instruction.EQV,
                    Instruction.ORNOT, Instruction.ADDL, Instruction.SUBL, Instruction.SUBQ), to, other, other));
        }
    }

    private static Instruction pick(Random random, Instruction... among) {
        return among[random.nextInt(among.length)];
    }

    private static int integer(Random random) {
        while (true) {
            Instruction instruction = Instruction.values()[random.nextInt(Instruction.values().length)];
            if (Assembler.isOperate(instruction) && !instruction.name().endsWith("V")
                    && !LEFT_OUT.contains(instruction)) {
                boolean unary = instruction.name().matches("SEXT.|CT.*|UNPK.*|PK.*");
                int a = unary ? 31 : random.nextInt(8);
                return random.nextBoolean() && !instruction.name().matches("PERR|UNPK.*|PK.*|CT.*")
                        ? Assembler.literal(instruction, a, random.nextInt(256), random.nextInt(8))
                        : Assembler.operate(instruction, a, random.nextInt(8), random.nextInt(8));
            }
        }
    }

    /** With software completion, which never traps as FPCR has it. */
    private static int floating(Random random) {
        while (true) {
            Instruction instruction = Instruction.values()[random.nextInt(Instruction.values().length)];
            int qualifiers = (random.nextInt(4) == 0 ? 0x1C : 0x14) | (random.nextInt(3) == 0 ? random.nextInt(4) : 2);
            boolean unary = instruction.name().startsWith("CVT") || instruction.name().startsWith("SQRT");
            if (Assembler.isQualified(instruction) && !(instruction == Instruction.CVTTS && (qualifiers & 3) == 2
                    && qualifiers == 0x1A)) {
                return Assembler.qualified(instruction, qualifiers, unary ? 31 : random.nextInt(8), random.nextInt(8),
                        random.nextInt(8));
            }
        }
    }

    private static void memory(Random random, List<Integer> words) {
        Instruction instruction = pick(random, Instruction.LDBU, Instruction.LDWU, Instruction.LDL, Instruction.LDQ,
                Instruction.LDQ_U, Instruction.STB, Instruction.STW, Instruction.STL, Instruction.STQ,
                Instruction.STQ_U, Instruction.LDS, Instruction.LDT, Instruction.STS, Instruction.STT);
        int displacement = random.nextInt(2000);
        int base = MEMORY;
        if (random.nextInt(3) == 0 && words.size() + 3 < BLOCK) {
            // An address that is computed: some place in the scratch memory, mostly unaligned.
            words.add(Assembler.literal(Instruction.AND, random.nextInt(8), 255, 13));
            words.add(Assembler.operate(Instruction.ADDQ, MEMORY, 13, 14));
            base = 14;
            displacement &= 1023;
        } else {
            displacement &= random.nextInt(4) == 0 ? -1 : -8;
        }
        words.add(Assembler.memory(instruction, random.nextInt(8), displacement, base));
    }

    private static void move(Random random, List<Integer> words) {
        int a = random.nextInt(8), b = random.nextInt(8), c = random.nextInt(8);
        words.add(switch (random.nextInt(5)) {
            case 0 -> Assembler.operate(pick(random, Instruction.ITOFT, Instruction.ITOFS), a, 31, c);
            case 1 -> Assembler.operate(pick(random, Instruction.FTOIT, Instruction.FTOIS), a, 31, c);
            case 2 -> Assembler.operate(pick(random, Instruction.FCMOVEQ, Instruction.FCMOVNE, Instruction.FCMOVLT,
                    Instruction.FCMOVGE, Instruction.FCMOVLE, Instruction.FCMOVGT), a, b, c);
            case 3 -> Assembler.memory(pick(random, Instruction.LDA, Instruction.LDAH), a, random.nextInt(), b);
            default -> Assembler.operate(pick(random, Instruction.CPYS, Instruction.CPYSN, Instruction.CPYSE), a, b, c);
        });
    }
}
