package hw.alpha.device;

import kernel.core.machine.Disassembler;
import org.osgi.service.component.annotations.Component;

/** The disassembler, which follows from the one table of instructions. Thread-safe: it holds nothing. */
@Component(service = Disassembler.class)
public final class TextOfCode implements Disassembler {

    @Override
    public int instructionSize() {
        return Integer.BYTES;
    }

    @Override
    public String disassemble(int word, long address) {
        return hw.alpha.isa.Disassembler.disassemble(word, address);
    }
}
