package hw.alpha.isa;

/** Instruction words as assemblers spell them, with registers by number. Stateless. */
public final class Disassembler {

    /** Qualifiers of trapping, by function bits 10:8; those of arithmetic with floating results. */
    private static final String[] TRAPS = {"", "u", "i", "ui", "s", "su", "si", "sui"};
    /** Those of conversions to integers, where the bit of underflow is that of integer overflow. */
    private static final String[] INTEGER_TRAPS = {"", "v", "i", "vi", "s", "sv", "si", "svi"};
    /** Qualifiers of rounding, by function bits 7:6. */
    private static final String[] ROUNDINGS = {"c", "m", "", "d"};

    private Disassembler() {}

    /**
     * Disassembles a word.
     *
     * @param address where it is, for branch targets
     */
    public static String disassemble(int word, long address) {
        Instruction instruction = Decoder.instruction(word);
        if (instruction.format == null) {
            return String.format(".long 0x%08x", word);
        }
        int a = word >>> 21 & 31;
        int b = word >>> 16 & 31;
        int c = word & 31;
        String name = instruction.mnemonic();
        return switch (instruction.format) {
            case LOAD, STORE, STORE_CONDITIONAL, ADDRESS -> String.format("%s $%d,%d($%d)", name, a, (short) word, b);
            case FLOAT_LOAD, FLOAT_STORE -> String.format("%s $f%d,%d($%d)", name, a, (short) word, b);
            case BARRIER, PAL, PAL_ARGUMENT, PAL_RESULT -> name;
            case HINT -> String.format("%s ($%d)", name, b);
            case COUNTER -> String.format("%s $%d", name, a);
            case JUMP -> String.format("%s $%d,($%d),%d", name, a, b, word & 0x3FFF);
            case BRANCH, CONDITION -> String.format("%s $%d,0x%x", name, a, target(word, address));
            case FLOAT_CONDITION -> String.format("%s $f%d,0x%x", name, a, target(word, address));
            case OPERATE -> String.format("%s $%d,%s,$%d", name, a,
                    (word & 0x1000) != 0 ? Integer.toString(word >>> 13 & 255) : "$" + b, c);
            case FLOAT, FLOAT_SOURCE -> String.format("%s $f%d,$f%d,$f%d", name, a, b, c);
            case QUALIFIED -> String.format("%s $f%d,$f%d,$f%d", name + qualifiers(instruction, word >>> 11 & 31), a, b,
                    c);
            case INTEGER_TO_FLOAT -> String.format("%s $%d,$f%d", name, a, c);
            case FLOAT_TO_INTEGER -> String.format("%s $f%d,$%d", name, a, c);
        };
    }

    private static long target(int word, long address) {
        return address + 4 + ((long) (word << 11 >> 11) << 2);
    }

    private static String qualifiers(Instruction instruction, int qualifiers) {
        boolean compare = instruction.name().startsWith("CMP");
        boolean integer = instruction == Instruction.CVTTQ || instruction == Instruction.CVTGQ;
        String text = (integer ? INTEGER_TRAPS : TRAPS)[qualifiers >>> 2] + (compare ? "" : ROUNDINGS[qualifiers & 3]);
        return text.isEmpty() ? "" : "/" + text;
    }
}
