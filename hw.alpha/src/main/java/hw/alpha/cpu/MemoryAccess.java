package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.Host;
import hw.alpha.mmu.TranslationBuffer;
import kernel.core.machine.ProcessorTrap;

/**
 * Loads and stores that the main loop does not do itself: those that miss the translation buffer, that are unaligned, that
 * are locked or conditional, or in VAX formats. An unaligned access is done byte by byte, as the trap handler of Linux
 * would, unless it is locked or conditional, or {@link Unaligned} says otherwise. Stateless.
 */
final class MemoryAccess {

    private MemoryAccess() {}

    static boolean perform(AlphaContext context, long instruction) {
        long address = context.registers[Decoder.second(instruction)] + Decoder.immediate(instruction);
        int operation = Decoder.operation(instruction);
        switch (operation) {
            case Op.LDQ_U, Op.STQ_U -> address &= ~7L;
            case Op.LDL_L, Op.LDQ_L, Op.STL_C, Op.STQ_C -> {
                return locked(context, instruction, operation, address);
            }
            default -> {
                // any address will do
            }
        }
        int size = size(operation);
        if ((address & size - 1) != 0 && Unaligned.current() == Unaligned.FATAL) {
            context.trap(ProcessorTrap.Kind.UNALIGNED, address);
            return false;
        }
        boolean store = store(operation);
        long last = address + size - 1;
        // Reaching the second page may cost the first one its entry.
        do {
            if (!context.reach(address, store) || !context.reach(last, store)) {
                return false;
            }
        } while (!context.buffer.present(address, store));
        if ((address & size - 1) != 0) {
            context.unaligned++;
        }
        long[] r = context.registers;
        if (store) {
            put(context.buffer, address, size, toMemory(operation, r[Decoder.first(instruction)]));
        } else {
            r[Decoder.destination(instruction)] = toRegister(operation, get(context.buffer, address, size));
        }
        return done(context);
    }

    /** What to do after an instruction that may have been in kernel mode on its way. */
    private static boolean done(AlphaContext context) {
        if (context.buffer.poll() == 0) {
            return true;
        }
        context.pc += 4;
        return false;
    }

    private static int size(int operation) {
        return switch (operation) {
            case Op.LDBU, Op.STB -> 1;
            case Op.LDWU, Op.STW -> 2;
            case Op.LDL, Op.STL, Op.LDS, Op.STS, Op.LDF, Op.STF, Op.LDL_L, Op.STL_C -> 4;
            default -> 8;
        };
    }

    private static boolean store(int operation) {
        return switch (operation) {
            case Op.STB, Op.STW, Op.STL, Op.STQ, Op.STQ_U, Op.STF, Op.STG, Op.STS, Op.STT, Op.STL_C, Op.STQ_C -> true;
            default -> false;
        };
    }

    private static long get(TranslationBuffer buffer, long address, int size) {
        if ((address & size - 1) == 0) {
            // At once, so that another processor's store is seen whole or not at all.
            long host = buffer.host(address);
            return switch (size) {
                case 1 -> Host.MEMORY.get(Host.BYTE, host) & 0xFF;
                case 2 -> Host.MEMORY.get(Host.WORD, host) & 0xFFFF;
                case 4 -> Host.MEMORY.get(Host.LONGWORD, host) & 0xFFFF_FFFFL;
                default -> Host.MEMORY.get(Host.QUADWORD, host);
            };
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | Host.MEMORY.get(Host.BYTE, buffer.host(address + i)) & 0xFF;
        }
        return value;
    }

    private static void put(TranslationBuffer buffer, long address, int size, long value) {
        if ((address & size - 1) == 0) {
            // At once, so that no other processor sees a part of it.
            long host = buffer.host(address);
            switch (size) {
                case 1 -> Host.MEMORY.set(Host.BYTE, host, (byte) value);
                case 2 -> Host.MEMORY.set(Host.WORD, host, (short) value);
                case 4 -> Host.MEMORY.set(Host.LONGWORD, host, (int) value);
                default -> Host.MEMORY.set(Host.QUADWORD, host, value);
            }
            return;
        }
        for (int i = 0; i < size; i++) {
            Host.MEMORY.set(Host.BYTE, buffer.host(address + i), (byte) (value >>> 8 * i));
        }
    }

    private static long toRegister(int operation, long memory) {
        return switch (operation) {
            case Op.LDL -> (int) memory;
            case Op.LDS -> Formats.fromS((int) memory);
            case Op.LDF -> Formats.fromF((int) memory);
            case Op.LDG -> Formats.swapWords(memory);
            default -> memory;
        };
    }

    private static long toMemory(int operation, long register) {
        return switch (operation) {
            case Op.STS -> Formats.toS(register);
            case Op.STF -> Formats.toF(register);
            case Op.STG -> Formats.swapWords(register);
            default -> register;
        };
    }

    /**
     * LDx_L and STx_C (AARM 4.2.4, 4.2.5). The lock is the value that was loaded: a store succeeds if memory still holds it,
     * which an atomic compare-and-set on the host's memory tells. Every trap breaks the lock.
     */
    private static boolean locked(AlphaContext context, long instruction, int operation, long address) {
        boolean quad = operation == Op.LDQ_L || operation == Op.STQ_C;
        boolean store = operation == Op.STL_C || operation == Op.STQ_C;
        if ((address & (quad ? 7 : 3)) != 0) {
            context.trap(ProcessorTrap.Kind.UNALIGNED, address);
            return false;
        }
        long[] r = context.registers;
        int destination = Decoder.destination(instruction);
        if (store && !context.mayStore(address)) {
            r[destination] = 0;
            return true;
        }
        if (!context.reach(address, store)) {
            return false;
        }
        if (store && !context.mayStore(address)) {
            // A fault on the way.
            r[destination] = 0;
            return done(context);
        }
        long host = context.buffer.host(address);
        if (store) {
            long value = r[Decoder.first(instruction)];
            r[destination] = quad
                    ? context.storeQuadConditional(host, value)
                    : context.storeLongConditional(host, value);
        } else {
            r[destination] = quad ? context.loadQuadLocked(address, host) : context.loadLongLocked(address, host);
        }
        return done(context);
    }
}
