package hw.alpha.isa;

/**
 * Turns instruction words into the form that the interpreter runs. A decoded instruction is one long, from low to high:
 * operation number (8 bits, see {@link Op}), destination (7), first source (7), second source (9), one zero bit, and a
 * signed 32-bit immediate. Sources and destination index a register file laid out so that the interpreter needs no special
 * cases: integer registers, floating registers, a {@link #SINK} that takes writes to {@code r31} and {@code f31}, and
 * the 256 values that an 8-bit literal operand can have. Stateless but for {@link Model#current}.
 */
public final class Decoder {

    /** Index of register {@code f0} in the register file. */
    public static final int FLOATING = 32;
    /** Index of the slot that takes writes to {@code r31} and {@code f31}. */
    public static final int SINK = 64;
    /** Index of the slot that holds the literal 0; that of literal n is n slots further. */
    public static final int LITERALS = 128;
    /** Slots of a register file; a power of two. */
    public static final int REGISTER_FILE = 512;
    /** Operation number beyond the table's: no instruction, the end of a decoded page. */
    public static final int END_OF_PAGE = 255;
    /** Operation number beyond the table's: no instruction, the interpreter is to go no further. */
    public static final int STOP = 254;

    private static final int ZERO = 31;
    /** Registers of PALcode calls, which follow the calling standard. */
    private static final int ARGUMENT = 16, RESULT = 0;
    private static final Instruction[][] TABLE = new Instruction[64][];

    static {
        for (Instruction instruction : Instruction.values()) {
            if (instruction.format == Format.QUALIFIED) {
                for (int qualifiers = 0; qualifiers < 2048; qualifiers += 64) {
                    enter(instruction, qualifiers | instruction.function);
                }
            }
        }
        for (Instruction instruction : Instruction.values()) {
            if (instruction.format != null && instruction.format != Format.QUALIFIED) {
                enter(instruction, instruction.function);
            }
        }
    }

    private Decoder() {}

    private static void enter(Instruction instruction, int function) {
        if (TABLE[instruction.opcode] == null) {
            TABLE[instruction.opcode] = new Instruction[tableSize(instruction.format)];
        }
        int index = TABLE[instruction.opcode].length == 64 ? function >>> 10 : function;
        TABLE[instruction.opcode][index] = instruction;
    }

    private static int tableSize(Format format) {
        return switch (format) {
            case OPERATE, FLOAT_TO_INTEGER -> 128;
            case FLOAT, FLOAT_SOURCE, QUALIFIED, INTEGER_TO_FLOAT -> 2048;
            case PAL, PAL_ARGUMENT, PAL_RESULT -> 256;
            case BARRIER, HINT, COUNTER -> 64;
            case JUMP -> 4;
            default -> 1;
        };
    }

    /** The table's entry for an instruction word; {@link Instruction#RESERVED} if it has none. */
    public static Instruction instruction(int word) {
        int opcode = word >>> 26;
        Instruction[] functions = TABLE[opcode];
        if (functions == null) {
            return Instruction.RESERVED;
        }
        int index = switch (functions.length) {
            case 1 -> 0;
            case 4 -> word >>> 14 & 3;
            case 64 -> (word & 0x3FF) == 0 ? word >>> 10 & 63 : 256;
            case 128 -> word >>> 5 & 127;
            case 256 -> word & 0x3FFFFFF;
            default -> word >>> 5 & 2047;
        };
        Instruction found = index < functions.length ? functions[index] : null;
        return found == null ? Instruction.RESERVED : found;
    }

    /**
     * Decodes a word; never answers 0, so that 0 can stand for "not decoded yet". The immediate of an instruction that is
     * reserved is the word itself.
     */
    public static long decode(int word) {
        Instruction instruction = instruction(word);
        int a = word >>> 21 & 31;
        int b = word >>> 16 & 31;
        int c = word & 31;
        if (instruction.format == null || !Model.current().has(instruction)) {
            return pack(Instruction.RESERVED, SINK, ZERO, ZERO, word);
        }
        return switch (instruction.format) {
            // A load to a register that does not exist is a prefetch (AARM A.4.4), and LDQ_U to it the universal no-op.
            case LOAD -> a == ZERO && instruction != Instruction.LDL_L && instruction != Instruction.LDQ_L
                    ? nothing()
                    : pack(instruction, destination(a), ZERO, b, (short) word);
            case FLOAT_LOAD -> a == ZERO
                    ? nothing()
                    : pack(instruction, FLOATING + a, ZERO, b, (short) word);
            case ADDRESS -> pack(Instruction.LDA, destination(a), ZERO, b,
                    instruction == Instruction.LDAH ? (short) word << 16 : (short) word);
            case STORE -> pack(instruction, SINK, a, b, (short) word);
            case STORE_CONDITIONAL -> pack(instruction, destination(a), a, b, (short) word);
            case FLOAT_STORE -> pack(instruction, SINK, FLOATING + a, b, (short) word);
            case BARRIER -> pack(instruction, SINK, ZERO, ZERO, 0);
            case HINT -> pack(instruction, SINK, ZERO, b, 0);
            case COUNTER -> pack(instruction, destination(a), ZERO, ZERO, 0);
            case JUMP -> pack(instruction, destination(a), ZERO, b, word & 0x3FFF);
            case BRANCH -> pack(instruction, destination(a), ZERO, ZERO, word << 11 >> 11);
            case CONDITION -> pack(instruction, SINK, a, ZERO, word << 11 >> 11);
            case FLOAT_CONDITION -> pack(instruction, SINK, FLOATING + a, ZERO, word << 11 >> 11);
            case OPERATE -> pack(instruction, destination(c), a, operand(word), 0);
            case FLOAT, QUALIFIED -> pack(instruction, floating(c), FLOATING + a, FLOATING + b, word >>> 5 & 2047);
            case FLOAT_SOURCE -> pack(instruction, SINK, FLOATING + a, ZERO, 0);
            case INTEGER_TO_FLOAT -> pack(instruction, floating(c), a, ZERO, 0);
            case FLOAT_TO_INTEGER -> pack(instruction, destination(c), FLOATING + a, ZERO, 0);
            case PAL -> pack(instruction, SINK, ZERO, ZERO, 0);
            case PAL_ARGUMENT -> pack(instruction, SINK, ARGUMENT, ZERO, 0);
            case PAL_RESULT -> pack(instruction, RESULT, ZERO, ZERO, 0);
        };
    }

    private static long nothing() {
        return pack(Instruction.FETCH, SINK, ZERO, ZERO, 0);
    }

    private static int destination(int register) {
        return register == ZERO ? SINK : register;
    }

    private static int floating(int register) {
        return register == ZERO ? SINK : FLOATING + register;
    }

    private static int operand(int word) {
        return (word & 0x1000) != 0 ? LITERALS + (word >>> 13 & 255) : word >>> 16 & 31;
    }

    private static long pack(Instruction instruction, int destination, int a, int b, int immediate) {
        return (long) immediate << 32 | b << 22 | a << 15 | destination << 8 | instruction.ordinal();
    }

    /** Operation number of a decoded instruction. */
    public static int operation(long decoded) {
        return (int) decoded & 255;
    }

    /** Destination of a decoded instruction. */
    public static int destination(long decoded) {
        return (int) decoded >>> 8 & 127;
    }

    /** First source of a decoded instruction. */
    public static int first(long decoded) {
        return (int) decoded >>> 15 & 127;
    }

    /** Second source, or base register, of a decoded instruction. */
    public static int second(long decoded) {
        return (int) decoded >>> 22 & 511;
    }

    /** Displacement, in instructions for branches and in bytes otherwise, or function code, of a decoded instruction. */
    public static int immediate(long decoded) {
        return (int) (decoded >>> 32);
    }
}
