package hw.alpha.isa;

/** Makes instruction words for tests, from the same table that they are decoded by. */
public final class Assembler {

    private Assembler() {}

    /** Three registers, of whichever kind the instruction has. */
    public static int operate(Instruction instruction, int a, int b, int c) {
        return instruction.opcode << 26 | a << 21 | b << 16 | instruction.function << 5 | c;
    }

    /** A literal for the second operand. */
    public static int literal(Instruction instruction, int a, int literal, int c) {
        return instruction.opcode << 26 | a << 21 | literal << 13 | 1 << 12 | instruction.function << 5 | c;
    }

    /** A floating-point instruction with qualifiers, given as bits 10:6 of its function. */
    public static int qualified(Instruction instruction, int qualifiers, int a, int b, int c) {
        return operate(instruction, a, b, c) | qualifiers << 11;
    }

    /** Memory format. */
    public static int memory(Instruction instruction, int a, int displacement, int b) {
        return instruction.opcode << 26 | a << 21 | b << 16 | displacement & 0xFFFF;
    }

    /** Memory format with function. */
    public static int function(Instruction instruction, int a, int b) {
        return memory(instruction, a, instruction.function, b);
    }

    /** Jump through a register. */
    public static int jump(Instruction instruction, int a, int b) {
        return memory(instruction, a, instruction.function << 14, b);
    }

    /** Branch; displacement in instructions from the next one. */
    public static int branch(Instruction instruction, int a, int displacement) {
        return instruction.opcode << 26 | a << 21 | displacement & 0x1FFFFF;
    }

    /** CALL_PAL. */
    public static int pal(Instruction instruction) {
        return instruction.function;
    }

    /** Whether it is of the format of the same name. */
    public static boolean isOperate(Instruction instruction) {
        return instruction.format == Format.OPERATE;
    }

    /** Whether it is IEEE arithmetic with qualifiers. */
    public static boolean isQualified(Instruction instruction) {
        return instruction.format == Format.QUALIFIED && instruction.group() == Instruction.Group.FLOATING;
    }
}
