package kernel.core.linker;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.List;

/**
 * Exception handlers that code could stay in for ever although it looks, at each method entry and before each backward branch, whether it is
 * to stop ({@link kernel.core.dispatch.Checkpoint}), and gets an error there which it may catch.
 *
 * <p>When a method is to stop, no backward branch is taken, since the look before it throws, and no method of the bundle is entered. If the
 * handler of an exception always lies behind what throws it, each step then goes forward in the code, so the method ends. A handler
 * that covers code at or behind itself is a way back. Compilers make such a thing only for the few instructions that end a {@code
 * synchronized} block; those are allowed, and when the class is prepared to be stopped the handler is made to end before them.
 */
final class EndlessHandlers {

    private EndlessHandlers() {}

    static boolean in(CodeAttribute code) {
        List<ExceptionCatch> handlers = code.exceptionHandlers();
        for (ExceptionCatch handler : handlers) {
            int at = code.labelToBci(handler.handler());
            int end = code.labelToBci(handler.tryEnd());
            if (at < end && !harmless(code, Math.max(at, code.labelToBci(handler.tryStart())), end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean harmless(CodeAttribute code, int from, int to) {
        int at = 0;
        for (CodeElement element : code) {
            if (element instanceof Instruction instruction) {
                if (at >= from && at < to && !harmless(instruction)) {
                    return false;
                }
                at += instruction.sizeInBytes();
            }
        }
        return true;
    }

    private static boolean harmless(Instruction instruction) {
        return instruction instanceof LoadInstruction || instruction instanceof StoreInstruction
                || instruction instanceof StackInstruction || instruction instanceof MonitorInstruction
                || instruction instanceof NopInstruction;
    }
}
