package hw.alpha.cpu;

import kernel.core.machine.AsyncTrap;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.Syscall;
import kernel.core.memory.PageNotPresent;
import kernel.core.memory.ProtectionFault;

/**
 * What the processor raises.
 *
 * @param syscall on {@code CALL_PAL callsys}
 * @param trap on instructions that cannot be executed or ask for a trap
 * @param attention when somebody asked for the context's attention
 * @param notPresent on access to a page that is not mapped
 * @param forbidden on access that a page's protection forbids
 */
public record Events(Syscall syscall, ProcessorTrap trap, AsyncTrap attention, PageNotPresent notPresent,
        ProtectionFault forbidden) {}
