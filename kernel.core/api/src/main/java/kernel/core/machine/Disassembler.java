package kernel.core.machine;

/** Tells what instructions a machine's words are. Thread-safe. */
public interface Disassembler {

    /** Bytes of an instruction. */
    int instructionSize();

    /**
     * An instruction as assemblers spell it.
     *
     * @param word as it is in memory
     * @param address where it is, in bytes: targets of branches are given as addresses
     * @return mnemonic and operands; a word that is no instruction of this machine as data
     */
    String disassemble(int word, long address);
}
