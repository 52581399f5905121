package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.Host;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.translator.Support;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/**
 * The main loop. It runs decoded instructions (see {@link Decoder}) of one page after the other and knows three ways out of
 * an instruction: to the next one; to a place that a branch or jump names; and to {@link Rare}, for whatever it cannot do
 * by itself. Where it comes by often it goes on in translated code ({@link Translated}). HotSpot compiles no method of 8000
 * bytes of bytecode or more, so this one must stay smaller ({@code MainLoopTest}); what is rare lives elsewhere, and the
 * cases are written out, as each would otherwise be a call. Stateless.
 */
final class Interpreter {

    private static final long PAGE = TranslationBuffer.PAGE_MASK;

    private Interpreter() {}

    /** Runs a context, between {@link AlphaContext#begin} and {@link AlphaContext#end}, until it is stopped. */
    static void run(AlphaContext context) {
        boolean hot = false;
        // A loop of its own, so that what HotSpot has compiled of the main loop is entered without on-stack replacement.
        while (hot && Translated.run(context) || context.resume()) {
            if (context.nearLimit()) {
                step(context);
            } else {
                hot = interpret(context);
            }
        }
    }

    /** Runs single instructions until the interval timer interrupts, or the kernel has to look. */
    private static void step(AlphaContext context) {
        do {
            int index = (int) (context.pc >>> 2) & CodePage.INSTRUCTIONS - 1;
            CodePage single = context.singly();
            context.page = single;
            single.decode(index);
            try {
                interpret(context);
            } finally {
                single.decoded[index] = Decoder.STOP;
            }
            context.page = context.buffer.code(context.pc);
        } while (context.page != null && context.buffer.inUser() && context.mayStep());
    }

    /** The method that should be compiled before anything is interpreted, with all initialized that it uses. */
    static Method mainLoop() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            for (Class<?> used : new Class<?>[]{AlphaContext.class, FloatingPoint.class, Rare.class, Translated.class,
                    HostFloat.class, Formats.class, Support.class, TranslationBuffer.class, CodePage.class, Host.class,
                    Math.class, Long.class, MemorySegment.class, ValueLayout.OfByte.class, ValueLayout.OfShort.class,
                    ValueLayout.OfInt.class, ValueLayout.OfLong.class}) {
                lookup.ensureInitialized(used);
            }
            Host.prepare();
            return Interpreter.class.getDeclaredMethod("interpret", AlphaContext.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Interprets from the program counter on. @return whether it is where translated code should go on */
    private static boolean interpret(AlphaContext context) {
        final long[] r = context.registers;
        final TranslationBuffer buffer = context.buffer;
        final long[] tlb = buffer.data;
        final FloatingPoint floating = context.floating;
        final int threshold = context.translator.threshold();
        boolean hot = false;
        long executed = context.executed;
        // Decoded page, its virtual address, index of the next instruction, and of the first that was not counted yet.
        long[] code = context.page.decoded;
        short[] heat = context.page.heat;
        long base = context.pc & PAGE;
        int i = (int) (context.pc >>> 2) & CodePage.INSTRUCTIONS - 1;
        int start = i;
        loop : while (true) {
            final long w = code[i++];
            final int lo = (int) w;
            long address;
            int t;
            slow : {
                jump : {
                    taken : {
                        switch (lo & 255) {
                            case Op.RESERVED :
                                if (w == 0) {
                                    context.page.decode(--i);
                                    continue loop;
                                }
                                break slow;
                            case Decoder.END_OF_PAGE :
                                i--;
                                address = base + -PAGE;
                                break jump;
                            case Decoder.STOP :
                                i--;
                                context.executed = executed + (i - start);
                                context.pc = base + ((long) i << 2);
                                break loop;
                            case Op.LDA :
                                r[lo >>> 8 & 127] = r[lo >>> 22] + (w >> 32);
                                continue loop;
                            case Op.ADDL :
                                r[lo >>> 8 & 127] = (int) (r[lo >>> 15 & 127] + r[lo >>> 22]);
                                continue loop;
                            case Op.ADDQ :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] + r[lo >>> 22];
                                continue loop;
                            case Op.S4ADDL :
                                r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 2) + r[lo >>> 22]);
                                continue loop;
                            case Op.S4ADDQ :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 2) + r[lo >>> 22];
                                continue loop;
                            case Op.S8ADDL :
                                r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 3) + r[lo >>> 22]);
                                continue loop;
                            case Op.S8ADDQ :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 3) + r[lo >>> 22];
                                continue loop;
                            case Op.SUBL :
                                r[lo >>> 8 & 127] = (int) (r[lo >>> 15 & 127] - r[lo >>> 22]);
                                continue loop;
                            case Op.SUBQ :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] - r[lo >>> 22];
                                continue loop;
                            case Op.S4SUBL :
                                r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 2) - r[lo >>> 22]);
                                continue loop;
                            case Op.S4SUBQ :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 2) - r[lo >>> 22];
                                continue loop;
                            case Op.S8SUBL :
                                r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 3) - r[lo >>> 22]);
                                continue loop;
                            case Op.S8SUBQ :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 3) - r[lo >>> 22];
                                continue loop;
                            case Op.CMPEQ :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] == r[lo >>> 22] ? 1 : 0;
                                continue loop;
                            case Op.CMPLT :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] < r[lo >>> 22] ? 1 : 0;
                                continue loop;
                            case Op.CMPLE :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] <= r[lo >>> 22] ? 1 : 0;
                                continue loop;
                            case Op.CMPULT :
                                r[lo >>> 8
                                        & 127] = r[lo >>> 15 & 127] + Long.MIN_VALUE < r[lo >>> 22] + Long.MIN_VALUE
                                                ? 1
                                                : 0;
                                continue loop;
                            case Op.CMPULE :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] + Long.MIN_VALUE <= r[lo >>> 22]
                                        + Long.MIN_VALUE ? 1 : 0;
                                continue loop;
                            case Op.CMPBGE :
                                r[lo >>> 8 & 127] = Support.compareBytes(r[lo >>> 15 & 127], r[lo >>> 22]);
                                continue loop;
                            case Op.MULL :
                                r[lo >>> 8 & 127] = (int) r[lo >>> 15 & 127] * (int) r[lo >>> 22];
                                continue loop;
                            case Op.MULQ :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] * r[lo >>> 22];
                                continue loop;
                            case Op.UMULH :
                                r[lo >>> 8 & 127] = Math.unsignedMultiplyHigh(r[lo >>> 15 & 127], r[lo >>> 22]);
                                continue loop;
                            case Op.CTPOP :
                                r[lo >>> 8 & 127] = Long.bitCount(r[lo >>> 22]);
                                continue loop;
                            case Op.CTLZ :
                                r[lo >>> 8 & 127] = Long.numberOfLeadingZeros(r[lo >>> 22]);
                                continue loop;
                            case Op.CTTZ :
                                r[lo >>> 8 & 127] = Long.numberOfTrailingZeros(r[lo >>> 22]);
                                continue loop;
                            case Op.AND :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & r[lo >>> 22];
                                continue loop;
                            case Op.BIC :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~r[lo >>> 22];
                                continue loop;
                            case Op.BIS :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] | r[lo >>> 22];
                                continue loop;
                            case Op.ORNOT :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] | ~r[lo >>> 22];
                                continue loop;
                            case Op.XOR :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] ^ r[lo >>> 22];
                                continue loop;
                            case Op.EQV :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] ^ ~r[lo >>> 22];
                                continue loop;
                            case Op.CMOVEQ :
                                if (r[lo >>> 15 & 127] == 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVNE :
                                if (r[lo >>> 15 & 127] != 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVLT :
                                if (r[lo >>> 15 & 127] < 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVGE :
                                if (r[lo >>> 15 & 127] >= 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVLE :
                                if (r[lo >>> 15 & 127] <= 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVGT :
                                if (r[lo >>> 15 & 127] > 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVLBS :
                                if ((r[lo >>> 15 & 127] & 1) != 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.CMOVLBC :
                                if ((r[lo >>> 15 & 127] & 1) == 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.SLL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << (int) r[lo >>> 22];
                                continue loop;
                            case Op.SRL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> (int) r[lo >>> 22];
                                continue loop;
                            case Op.SRA :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >> (int) r[lo >>> 22];
                                continue loop;
                            case Op.EXTBL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3) & 0xFF;
                                continue loop;
                            case Op.EXTWL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3) & 0xFFFF;
                                continue loop;
                            case Op.EXTLL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3) & 0xFFFF_FFFFL;
                                continue loop;
                            case Op.EXTQL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3);
                                continue loop;
                            case Op.EXTWH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << -((int) r[lo >>> 22] << 3) & 0xFFFF;
                                continue loop;
                            case Op.EXTLH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << -((int) r[lo >>> 22] << 3) & 0xFFFF_FFFFL;
                                continue loop;
                            case Op.EXTQH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << -((int) r[lo >>> 22] << 3);
                                continue loop;
                            case Op.INSBL :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] & 0xFF) << ((int) r[lo >>> 22] << 3);
                                continue loop;
                            case Op.INSWL :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] & 0xFFFF) << ((int) r[lo >>> 22] << 3);
                                continue loop;
                            case Op.INSLL :
                                r[lo >>> 8
                                        & 127] = (r[lo >>> 15 & 127] & 0xFFFF_FFFFL) << ((int) r[lo >>> 22] << 3);
                                continue loop;
                            case Op.INSQL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << ((int) r[lo >>> 22] << 3);
                                continue loop;
                            case Op.INSWH :
                                r[lo >>> 8
                                        & 127] = (r[lo >>> 15 & 127] & 0xFFFF) >>> ~((int) r[lo >>> 22] << 3) >>> 1;
                                continue loop;
                            case Op.INSLH :
                                r[lo >>> 8 & 127] = (r[lo >>> 15 & 127]
                                        & 0xFFFF_FFFFL) >>> ~((int) r[lo >>> 22] << 3) >>> 1;
                                continue loop;
                            case Op.INSQH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ~((int) r[lo >>> 22] << 3) >>> 1;
                                continue loop;
                            case Op.MSKBL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~(0xFFL << ((int) r[lo >>> 22] << 3));
                                continue loop;
                            case Op.MSKWL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~(0xFFFFL << ((int) r[lo >>> 22] << 3));
                                continue loop;
                            case Op.MSKLL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                        & ~(0xFFFF_FFFFL << ((int) r[lo >>> 22] << 3));
                                continue loop;
                            case Op.MSKQL :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~(-1L << ((int) r[lo >>> 22] << 3));
                                continue loop;
                            case Op.MSKWH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                        & ~(0xFFFFL >>> ~((int) r[lo >>> 22] << 3) >>> 1);
                                continue loop;
                            case Op.MSKLH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                        & ~(0xFFFF_FFFFL >>> ~((int) r[lo >>> 22] << 3) >>> 1);
                                continue loop;
                            case Op.MSKQH :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                        & ~(-1L >>> ~((int) r[lo >>> 22] << 3) >>> 1);
                                continue loop;
                            case Op.SEXTB :
                                r[lo >>> 8 & 127] = (byte) r[lo >>> 22];
                                continue loop;
                            case Op.SEXTW :
                                r[lo >>> 8 & 127] = (short) r[lo >>> 22];
                                continue loop;
                            case Op.ZAP :
                                r[lo >>> 8 & 127] = Support.zap(r[lo >>> 15 & 127], r[lo >>> 22]);
                                continue loop;
                            case Op.ZAPNOT :
                                r[lo >>> 8 & 127] = Support.zapNot(r[lo >>> 15 & 127], r[lo >>> 22]);
                                continue loop;
                            case Op.LDBU :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 0))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Host.MEMORY.get(Host.BYTE, address + tlb[t + 2]) & 0xFF;
                                continue loop;
                            case Op.LDWU :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 1))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Host.MEMORY.get(Host.WORD, address + tlb[t + 2]) & 0xFFFF;
                                continue loop;
                            case Op.LDL :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 3))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Host.MEMORY.get(Host.LONGWORD, address + tlb[t + 2]);
                                continue loop;
                            case Op.LDQ :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 7))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Host.MEMORY.get(Host.QUADWORD, address + tlb[t + 2]);
                                continue loop;
                            case Op.LDQ_U :
                                address = r[lo >>> 22] + (w >> 32) & ~7L;
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 7))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Host.MEMORY.get(Host.QUADWORD, address + tlb[t + 2]);
                                continue loop;
                            case Op.LDT :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 7))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Host.MEMORY.get(Host.QUADWORD, address + tlb[t + 2]);
                                continue loop;
                            case Op.LDS :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t] != (address & (PAGE | 3))) {
                                    break slow;
                                }
                                r[lo >>> 8 & 127] = Formats
                                        .fromS(Host.MEMORY.get(Host.LONGWORD, address + tlb[t + 2]));
                                continue loop;
                            case Op.STB :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 0))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.BYTE, address + tlb[t + 2], (byte) r[lo >>> 15 & 127]);
                                continue loop;
                            case Op.STW :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 1))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.WORD, address + tlb[t + 2], (short) r[lo >>> 15 & 127]);
                                continue loop;
                            case Op.STL :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 3))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.LONGWORD, address + tlb[t + 2], (int) r[lo >>> 15 & 127]);
                                continue loop;
                            case Op.STQ :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 7))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.QUADWORD, address + tlb[t + 2], r[lo >>> 15 & 127]);
                                continue loop;
                            case Op.STQ_U :
                                address = r[lo >>> 22] + (w >> 32) & ~7L;
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 7))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.QUADWORD, address + tlb[t + 2], r[lo >>> 15 & 127]);
                                continue loop;
                            case Op.STT :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 7))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.QUADWORD, address + tlb[t + 2], r[lo >>> 15 & 127]);
                                continue loop;
                            case Op.STS :
                                address = r[lo >>> 22] + (w >> 32);
                                t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                if (tlb[t + 1] != (address & (PAGE | 3))) {
                                    break slow;
                                }
                                Host.MEMORY.set(Host.LONGWORD, address + tlb[t + 2],
                                        Formats.toS(r[lo >>> 15 & 127]));
                                continue loop;
                            case Op.BR :
                            case Op.BSR :
                                r[lo >>> 8 & 127] = base + ((long) i << 2);
                                break taken;
                            case Op.BEQ :
                                if (r[lo >>> 15 & 127] == 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BNE :
                                if (r[lo >>> 15 & 127] != 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BLT :
                                if (r[lo >>> 15 & 127] < 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BLE :
                                if (r[lo >>> 15 & 127] <= 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BGE :
                                if (r[lo >>> 15 & 127] >= 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BGT :
                                if (r[lo >>> 15 & 127] > 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BLBC :
                                if ((r[lo >>> 15 & 127] & 1) == 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.BLBS :
                                if ((r[lo >>> 15 & 127] & 1) != 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.FBEQ :
                                if (r[lo >>> 15 & 127] << 1 == 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.FBNE :
                                if (r[lo >>> 15 & 127] << 1 != 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.FBLT :
                                if (r[lo >>> 15 & 127] < 0 && r[lo >>> 15 & 127] << 1 != 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.FBLE :
                                if (r[lo >>> 15 & 127] <= 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.FBGE :
                                if (r[lo >>> 15 & 127] >= 0 || r[lo >>> 15 & 127] << 1 == 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.FBGT :
                                if (r[lo >>> 15 & 127] > 0) {
                                    break taken;
                                }
                                continue loop;
                            case Op.JMP :
                            case Op.JSR :
                                address = r[lo >>> 22] & ~3L;
                                context.page.went(i - 1, address);
                                r[lo >>> 8 & 127] = base + ((long) i << 2);
                                break jump;
                            case Op.RET :
                            case Op.JSR_COROUTINE :
                                address = r[lo >>> 22] & ~3L;
                                r[lo >>> 8 & 127] = base + ((long) i << 2);
                                break jump;
                            case Op.CPYS :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & Long.MIN_VALUE
                                        | r[lo >>> 22] & Long.MAX_VALUE;
                                continue loop;
                            case Op.CPYSN :
                                r[lo >>> 8 & 127] = ~r[lo >>> 15 & 127] & Long.MIN_VALUE
                                        | r[lo >>> 22] & Long.MAX_VALUE;
                                continue loop;
                            case Op.ITOFT :
                            case Op.FTOIT :
                                r[lo >>> 8 & 127] = r[lo >>> 15 & 127];
                                continue loop;
                            case Op.FCMOVEQ :
                                if (r[lo >>> 15 & 127] << 1 == 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.FCMOVNE :
                                if (r[lo >>> 15 & 127] << 1 != 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.FCMOVLT :
                                if (r[lo >>> 15 & 127] < 0 && r[lo >>> 15 & 127] << 1 != 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.FCMOVGE :
                                if (r[lo >>> 15 & 127] >= 0 || r[lo >>> 15 & 127] << 1 == 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.FCMOVLE :
                                if (r[lo >>> 15 & 127] <= 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.FCMOVGT :
                                if (r[lo >>> 15 & 127] > 0) {
                                    r[lo >>> 8 & 127] = r[lo >>> 22];
                                }
                                continue loop;
                            case Op.ADDS :
                            case Op.SUBS :
                            case Op.MULS :
                            case Op.DIVS :
                            case Op.ADDT :
                            case Op.SUBT :
                            case Op.MULT :
                            case Op.DIVT :
                            case Op.CMPTUN :
                            case Op.CMPTEQ :
                            case Op.CMPTLT :
                            case Op.CMPTLE :
                            case Op.CVTTS :
                            case Op.CVTTQ :
                            case Op.CVTQT :
                            case Op.SQRTS :
                            case Op.SQRTT :
                                if (HostFloat.perform(r, floating, w)) {
                                    continue loop;
                                }
                                break slow;
                            default :
                                break slow;
                        }
                    }
                    // A branch is taken.
                    t = i + (int) (w >> 32);
                    if ((t & -CodePage.INSTRUCTIONS) == 0) {
                        executed += i - start;
                        boolean forward = t >= i && (lo & 255) != Op.BSR;
                        start = t;
                        i = t;
                        if (forward) {
                            continue loop;
                        }
                        context.executed = executed;
                        if (buffer.poll() == 0 && executed < context.giveUp) {
                            if (++heat[i] <= threshold) {
                                continue loop;
                            }
                            hot = true;
                        }
                        context.pc = base + ((long) t << 2);
                        break loop;
                    }
                    address = base + ((long) t << 2);
                }
                // A jump to an address.
                executed += i - start;
                i = (int) (address >>> 2) & CodePage.INSTRUCTIONS - 1;
                start = i;
                if ((address & PAGE) != base) {
                    CodePage page = buffer.code(address);
                    if (page == null) {
                        context.executed = executed;
                        context.pc = address;
                        break loop;
                    }
                    context.page = page;
                    code = page.decoded;
                    heat = page.heat;
                    base = address & PAGE;
                }
                context.executed = executed;
                if (buffer.poll() == 0 && executed < context.giveUp) {
                    // Where a call returns to is part of the region that called.
                    if ((lo & 255) == Op.RET && threshold != 0 || ++heat[i] <= threshold) {
                        continue loop;
                    }
                    hot = true;
                }
                context.pc = address;
                break loop;
            }
            // Not for this loop.
            executed += i - start;
            start = i;
            context.executed = executed;
            context.pc = base + ((long) (i - 1) << 2);
            if (!Rare.perform(context, w)) {
                break loop;
            }
        }
        return hot;
    }
}
