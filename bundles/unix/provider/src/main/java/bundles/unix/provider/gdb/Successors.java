package bundles.unix.provider.gdb;

import java.util.List;
import kernel.core.machine.UserContext;

/** Where a thread can be after its next instruction, by its format (Alpha Architecture Handbook, chapter 3). Stateless. */
final class Successors {

    private static final int JUMP = 0x1A, FIRST_BRANCH = 0x30, BR = 0x30, BSR = 0x34, ZERO = 31;

    private Successors() {}

    /** One address, or two after a conditional branch. */
    static List<Long> of(UserContext context, int instruction) {
        long next = context.pc() + 4;
        int opcode = instruction >>> 26;
        if (opcode == JUMP) {
            int register = instruction >>> 16 & 31;
            return List.of((register == ZERO ? 0 : context.register(register)) & -4L);
        }
        if (opcode < FIRST_BRANCH) {
            return List.of(next);
        }
        long target = next + ((long) (instruction << 11 >> 11) << 2);
        return opcode == BR || opcode == BSR || target == next ? List.of(target) : List.of(next, target);
    }
}
