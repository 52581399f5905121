package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.CodePage;
import hw.alpha.mmu.Host;
import hw.alpha.mmu.TranslationBuffer;
import hw.alpha.mmu.Translations;
import hw.alpha.translator.Support;
import hw.alpha.translator.Translator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The main loop. It runs decoded instructions (see {@link Decoder}) of one page after the other and knows three ways out of
 * an instruction: to the next one; to a place that a branch or jump names; and to {@link Rare}, for whatever it cannot do
 * by itself. Where it comes by often it goes on in translated code ({@link Translated}). HotSpot compiles no method of 8000
 * bytes of bytecode or more, so this one must stay smaller ({@code MainLoopTest}); what is rare lives elsewhere, and the
 * cases are written out, as each would otherwise be a call. Stateless.
 */
final class Interpreter {

    /** What {@link Support#expand} makes of each mask, without a call. */
    private static final long[] BYTES = IntStream.range(0, 256).mapToLong(Support::expand).toArray();
    private static final long HIGH_BITS = 0x8080808080808080L;
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
                hot = loop(context);
            }
        }
    }

    private static boolean loop(AlphaContext context) {
        try {
            return interpret(context);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("an access to memory throws nothing", e);
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
                loop(context);
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
                    Math.class, Long.class, Objects.class, MemorySegment.class, ValueLayout.OfByte.class,
                    ValueLayout.OfShort.class,
                    ValueLayout.OfInt.class, ValueLayout.OfLong.class}) {
                lookup.ensureInitialized(used);
            }
            Host.prepare();
            return Interpreter.class.getDeclaredMethod("interpret", AlphaContext.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Interprets each kind of load and store once, on memory of its own: a method that is compiled before its first run lacks what
     * calls of handles have not been linked to, and is thrown away when one is made.
     */
    static void rehearse(Translator translator) {
        try (Arena arena = Arena.ofConfined()) {
            AlphaContext context = new AlphaContext(null, translator, new Translations().create(), null);
            context.buffer.data[0] = 0;
            context.buffer.data[1] = 0;
            context.buffer.data[2] = arena.allocate(ValueLayout.JAVA_LONG).address();
            CodePage page = CodePage.apart(arena);
            int index = 0;
            for (int operation : new int[]{Op.LDBU, Op.LDWU, Op.LDL, Op.LDQ, Op.STB, Op.STW, Op.STL, Op.STQ}) {
                // To r2, or from r1, which is 0 and the base: not each model of the processor would decode each of them.
                page.decoded[index++] = operation | 2 << 8 | 1 << 15 | 1 << 22;
            }
            page.decoded[index] = Decoder.STOP;
            context.page = page;
            loop(context);
        }
    }

    /** Interprets from the program counter on. @return whether it is where translated code should go on */
    private static boolean interpret(AlphaContext context) throws Throwable {
        final long[] r = context.registers;
        final TranslationBuffer buffer = context.buffer;
        final long[] tlb = buffer.data;
        final int threshold = context.translator.threshold();
        boolean hot = false;
        // Decoded page, its virtual address, index of the next instruction.
        long[] code = context.page.decoded;
        short[] heat = context.page.heat;
        long base = context.pc & PAGE;
        int i = (int) (context.pc >>> 2) & CodePage.INSTRUCTIONS - 1;
        // What was executed so far, less the index of the next instruction: only who goes elsewhere has to count.
        long counted = context.executed - i;
        outer : while (true) {
            long w;
            int lo;
            // Known not to be null from here on: that is not asked for each instruction.
            final long[] words = Objects.requireNonNull(code);
            // What is computed here in two ways out is computed by HotSpot for each instruction, in case that it will be wanted; so what
            // leaves this loop finds out behind it, by the operation, why.
            inner : while (true) {
                w = words[i++];
                lo = (int) w;
                long address;
                int t;
                taken : {
                    quadStore : {
                        quadLoad : {
                            switch (lo & 255) {
                                case Op.LDA :
                                    r[lo >>> 8 & 127] = r[lo >>> 22] + (w >> 32);
                                    continue inner;
                                case Op.ADDL :
                                    r[lo >>> 8 & 127] = (int) (r[lo >>> 15 & 127] + r[lo >>> 22]);
                                    continue inner;
                                case Op.ADDQ :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] + r[lo >>> 22];
                                    continue inner;
                                case Op.S4ADDL :
                                    r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 2) + r[lo >>> 22]);
                                    continue inner;
                                case Op.S4ADDQ :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 2) + r[lo >>> 22];
                                    continue inner;
                                case Op.S8ADDL :
                                    r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 3) + r[lo >>> 22]);
                                    continue inner;
                                case Op.S8ADDQ :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 3) + r[lo >>> 22];
                                    continue inner;
                                case Op.SUBL :
                                    r[lo >>> 8 & 127] = (int) (r[lo >>> 15 & 127] - r[lo >>> 22]);
                                    continue inner;
                                case Op.SUBQ :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] - r[lo >>> 22];
                                    continue inner;
                                case Op.S4SUBL :
                                    r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 2) - r[lo >>> 22]);
                                    continue inner;
                                case Op.S4SUBQ :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 2) - r[lo >>> 22];
                                    continue inner;
                                case Op.S8SUBL :
                                    r[lo >>> 8 & 127] = (int) ((r[lo >>> 15 & 127] << 3) - r[lo >>> 22]);
                                    continue inner;
                                case Op.S8SUBQ :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] << 3) - r[lo >>> 22];
                                    continue inner;
                                case Op.CMPEQ :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] == r[lo >>> 22] ? 1 : 0;
                                    continue inner;
                                case Op.CMPLT :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] < r[lo >>> 22] ? 1 : 0;
                                    continue inner;
                                case Op.CMPLE :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] <= r[lo >>> 22] ? 1 : 0;
                                    continue inner;
                                case Op.CMPULT :
                                    r[lo >>> 8
                                            & 127] = r[lo >>> 15 & 127] + Long.MIN_VALUE < r[lo >>> 22] + Long.MIN_VALUE
                                                    ? 1
                                                    : 0;
                                    continue inner;
                                case Op.CMPULE :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] + Long.MIN_VALUE <= r[lo >>> 22]
                                            + Long.MIN_VALUE ? 1 : 0;
                                    continue inner;
                                case Op.CMPBGE :
                                    // As Support.compareBytes, which would be called here.
                                    long a = r[lo >>> 15 & 127];
                                    address = r[lo >>> 22];
                                    a = (a & ~address
                                            | ~(a ^ address) & (a | HIGH_BITS) - (address & ~HIGH_BITS)) & HIGH_BITS;
                                    r[lo >>> 8 & 127] = (a >>> 7) * 0x0102040810204080L >>> 56;
                                    continue inner;
                                case Op.MULL :
                                    r[lo >>> 8 & 127] = (int) r[lo >>> 15 & 127] * (int) r[lo >>> 22];
                                    continue inner;
                                case Op.MULQ :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] * r[lo >>> 22];
                                    continue inner;
                                case Op.UMULH :
                                    r[lo >>> 8 & 127] = Math.unsignedMultiplyHigh(r[lo >>> 15 & 127], r[lo >>> 22]);
                                    continue inner;
                                case Op.CTPOP :
                                    r[lo >>> 8 & 127] = Long.bitCount(r[lo >>> 22]);
                                    continue inner;
                                case Op.CTLZ :
                                    r[lo >>> 8 & 127] = Long.numberOfLeadingZeros(r[lo >>> 22]);
                                    continue inner;
                                case Op.CTTZ :
                                    r[lo >>> 8 & 127] = Long.numberOfTrailingZeros(r[lo >>> 22]);
                                    continue inner;
                                case Op.AND :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & r[lo >>> 22];
                                    continue inner;
                                case Op.BIC :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~r[lo >>> 22];
                                    continue inner;
                                case Op.BIS :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] | r[lo >>> 22];
                                    continue inner;
                                case Op.ORNOT :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] | ~r[lo >>> 22];
                                    continue inner;
                                case Op.XOR :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] ^ r[lo >>> 22];
                                    continue inner;
                                case Op.EQV :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] ^ ~r[lo >>> 22];
                                    continue inner;
                                case Op.CMOVEQ :
                                    if (r[lo >>> 15 & 127] == 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVNE :
                                    if (r[lo >>> 15 & 127] != 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVLT :
                                    if (r[lo >>> 15 & 127] < 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVGE :
                                    if (r[lo >>> 15 & 127] >= 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVLE :
                                    if (r[lo >>> 15 & 127] <= 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVGT :
                                    if (r[lo >>> 15 & 127] > 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVLBS :
                                    if ((r[lo >>> 15 & 127] & 1) != 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.CMOVLBC :
                                    if ((r[lo >>> 15 & 127] & 1) == 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.SLL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << (int) r[lo >>> 22];
                                    continue inner;
                                case Op.SRL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> (int) r[lo >>> 22];
                                    continue inner;
                                case Op.SRA :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >> (int) r[lo >>> 22];
                                    continue inner;
                                case Op.EXTBL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3) & 0xFF;
                                    continue inner;
                                case Op.EXTWL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3) & 0xFFFF;
                                    continue inner;
                                case Op.EXTLL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3) & 0xFFFF_FFFFL;
                                    continue inner;
                                case Op.EXTQL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ((int) r[lo >>> 22] << 3);
                                    continue inner;
                                case Op.EXTWH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << -((int) r[lo >>> 22] << 3) & 0xFFFF;
                                    continue inner;
                                case Op.EXTLH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << -((int) r[lo >>> 22] << 3) & 0xFFFF_FFFFL;
                                    continue inner;
                                case Op.EXTQH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << -((int) r[lo >>> 22] << 3);
                                    continue inner;
                                case Op.INSBL :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] & 0xFF) << ((int) r[lo >>> 22] << 3);
                                    continue inner;
                                case Op.INSWL :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127] & 0xFFFF) << ((int) r[lo >>> 22] << 3);
                                    continue inner;
                                case Op.INSLL :
                                    r[lo >>> 8
                                            & 127] = (r[lo >>> 15 & 127] & 0xFFFF_FFFFL) << ((int) r[lo >>> 22] << 3);
                                    continue inner;
                                case Op.INSQL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] << ((int) r[lo >>> 22] << 3);
                                    continue inner;
                                case Op.INSWH :
                                    r[lo >>> 8
                                            & 127] = (r[lo >>> 15 & 127] & 0xFFFF) >>> ~((int) r[lo >>> 22] << 3) >>> 1;
                                    continue inner;
                                case Op.INSLH :
                                    r[lo >>> 8 & 127] = (r[lo >>> 15 & 127]
                                            & 0xFFFF_FFFFL) >>> ~((int) r[lo >>> 22] << 3) >>> 1;
                                    continue inner;
                                case Op.INSQH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] >>> ~((int) r[lo >>> 22] << 3) >>> 1;
                                    continue inner;
                                case Op.MSKBL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~(0xFFL << ((int) r[lo >>> 22] << 3));
                                    continue inner;
                                case Op.MSKWL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~(0xFFFFL << ((int) r[lo >>> 22] << 3));
                                    continue inner;
                                case Op.MSKLL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                            & ~(0xFFFF_FFFFL << ((int) r[lo >>> 22] << 3));
                                    continue inner;
                                case Op.MSKQL :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~(-1L << ((int) r[lo >>> 22] << 3));
                                    continue inner;
                                case Op.MSKWH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                            & ~(0xFFFFL >>> ~((int) r[lo >>> 22] << 3) >>> 1);
                                    continue inner;
                                case Op.MSKLH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                            & ~(0xFFFF_FFFFL >>> ~((int) r[lo >>> 22] << 3) >>> 1);
                                    continue inner;
                                case Op.MSKQH :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127]
                                            & ~(-1L >>> ~((int) r[lo >>> 22] << 3) >>> 1);
                                    continue inner;
                                case Op.SEXTB :
                                    r[lo >>> 8 & 127] = (byte) r[lo >>> 22];
                                    continue inner;
                                case Op.SEXTW :
                                    r[lo >>> 8 & 127] = (short) r[lo >>> 22];
                                    continue inner;
                                case Op.ZAP :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & ~BYTES[(int) r[lo >>> 22] & 255];
                                    continue inner;
                                case Op.ZAPNOT :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & BYTES[(int) r[lo >>> 22] & 255];
                                    continue inner;
                                case Op.LDBU :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t] != (address & (PAGE | 0))) {
                                        break inner;
                                    }
                                    r[lo >>> 8 & 127] = (byte) Raw.GET_BYTE.invokeExact(address + tlb[t + 2]) & 0xFF;
                                    continue inner;
                                case Op.LDWU :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t] != (address & (PAGE | 1))) {
                                        break inner;
                                    }
                                    r[lo >>> 8 & 127] = (short) Raw.GET_WORD.invokeExact(address + tlb[t + 2]) & 0xFFFF;
                                    continue inner;
                                case Op.LDL :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t] != (address & (PAGE | 3))) {
                                        break inner;
                                    }
                                    r[lo >>> 8 & 127] = (int) Raw.GET_LONGWORD.invokeExact(address + tlb[t + 2]);
                                    continue inner;
                                case Op.LDQ :
                                case Op.LDT :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t] != (address & (PAGE | 7))) {
                                        break inner;
                                    }
                                    break quadLoad;
                                case Op.LDQ_U :
                                    address = r[lo >>> 22] + (w >> 32) & ~7L;
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t] != (address & (PAGE | 7))) {
                                        break inner;
                                    }
                                    break quadLoad;
                                case Op.STB :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t + 1] != (address & (PAGE | 0))) {
                                        break inner;
                                    }
                                    Raw.PUT_BYTE.invokeExact(address + tlb[t + 2], (byte) r[lo >>> 15 & 127]);
                                    continue inner;
                                case Op.STW :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t + 1] != (address & (PAGE | 1))) {
                                        break inner;
                                    }
                                    Raw.PUT_WORD.invokeExact(address + tlb[t + 2], (short) r[lo >>> 15 & 127]);
                                    continue inner;
                                case Op.STL :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t + 1] != (address & (PAGE | 3))) {
                                        break inner;
                                    }
                                    Raw.PUT_LONGWORD.invokeExact(address + tlb[t + 2], (int) r[lo >>> 15 & 127]);
                                    continue inner;
                                case Op.STQ :
                                case Op.STT :
                                    address = r[lo >>> 22] + (w >> 32);
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t + 1] != (address & (PAGE | 7))) {
                                        break inner;
                                    }
                                    break quadStore;
                                case Op.STQ_U :
                                    address = r[lo >>> 22] + (w >> 32) & ~7L;
                                    t = ((int) (address >>> 13) & TranslationBuffer.ENTRIES - 1) << 2;
                                    if (tlb[t + 1] != (address & (PAGE | 7))) {
                                        break inner;
                                    }
                                    break quadStore;
                                case Op.BR :
                                case Op.BSR :
                                    r[lo >>> 8 & 127] = base + (i << 2);
                                    break taken;
                                case Op.BEQ :
                                    if (r[lo >>> 15 & 127] == 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BNE :
                                    if (r[lo >>> 15 & 127] != 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BLT :
                                    if (r[lo >>> 15 & 127] < 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BLE :
                                    if (r[lo >>> 15 & 127] <= 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BGE :
                                    if (r[lo >>> 15 & 127] >= 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BGT :
                                    if (r[lo >>> 15 & 127] > 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BLBC :
                                    if ((r[lo >>> 15 & 127] & 1) == 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.BLBS :
                                    if ((r[lo >>> 15 & 127] & 1) != 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.FBEQ :
                                    if (r[lo >>> 15 & 127] << 1 == 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.FBNE :
                                    if (r[lo >>> 15 & 127] << 1 != 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.FBLT :
                                    if (r[lo >>> 15 & 127] < 0 && r[lo >>> 15 & 127] << 1 != 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.FBLE :
                                    if (r[lo >>> 15 & 127] <= 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.FBGE :
                                    if (r[lo >>> 15 & 127] >= 0 || r[lo >>> 15 & 127] << 1 == 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.FBGT :
                                    if (r[lo >>> 15 & 127] > 0) {
                                        break taken;
                                    }
                                    continue inner;
                                case Op.CPYS :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127] & Long.MIN_VALUE
                                            | r[lo >>> 22] & Long.MAX_VALUE;
                                    continue inner;
                                case Op.CPYSN :
                                    r[lo >>> 8 & 127] = ~r[lo >>> 15 & 127] & Long.MIN_VALUE
                                            | r[lo >>> 22] & Long.MAX_VALUE;
                                    continue inner;
                                case Op.ITOFT :
                                case Op.FTOIT :
                                    r[lo >>> 8 & 127] = r[lo >>> 15 & 127];
                                    continue inner;
                                case Op.FCMOVEQ :
                                    if (r[lo >>> 15 & 127] << 1 == 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.FCMOVNE :
                                    if (r[lo >>> 15 & 127] << 1 != 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.FCMOVLT :
                                    if (r[lo >>> 15 & 127] < 0 && r[lo >>> 15 & 127] << 1 != 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.FCMOVGE :
                                    if (r[lo >>> 15 & 127] >= 0 || r[lo >>> 15 & 127] << 1 == 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.FCMOVLE :
                                    if (r[lo >>> 15 & 127] <= 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                case Op.FCMOVGT :
                                    if (r[lo >>> 15 & 127] > 0) {
                                        r[lo >>> 8 & 127] = r[lo >>> 22];
                                    }
                                    continue inner;
                                default :
                                    break inner;
                            }
                        }
                        r[lo >>> 8 & 127] = (long) Raw.GET_QUADWORD.invokeExact(address + tlb[t + 2]);
                        continue inner;
                    }
                    Raw.PUT_QUADWORD.invokeExact(address + tlb[t + 2], r[lo >>> 15 & 127]);
                    continue inner;
                }
                // A branch is taken.
                t = i + (int) (w >> 32);
                if ((t & -CodePage.INSTRUCTIONS) != 0) {
                    break inner;
                }
                boolean forward = t >= i && (lo & 255) != Op.BSR;
                counted += i - t;
                i = t;
                if (forward) {
                    continue inner;
                }
                if (buffer.poll() == 0 && counted + t < context.giveUp) {
                    if (++heat[t] <= threshold) {
                        continue inner;
                    }
                    hot = true;
                }
                context.executed = counted + t;
                context.pc = base + ((long) t << 2);
                break outer;
            }
            long executed = counted + i;
            long address;
            switch (lo & 255) {
                case Op.RESERVED :
                    // Not decoded yet. A case of its own: asked for among all others, it made the loop a fifth slower.
                    if (w == 0) {
                        context.page.decode(--i);
                        continue outer;
                    }
                    if (!perform(context, executed, base, i, w)) {
                        break outer;
                    }
                    continue outer;
                case Decoder.END_OF_PAGE :
                    executed--;
                    address = base + -PAGE;
                    break;
                case Decoder.STOP :
                    context.executed = executed - 1;
                    context.pc = base + ((long) (i - 1) << 2);
                    break outer;
                case Op.BR, Op.BSR, Op.BEQ, Op.BNE, Op.BLT, Op.BLE, Op.BGE, Op.BGT, Op.BLBC, Op.BLBS, Op.FBEQ, Op.FBNE,
                        Op.FBLT, Op.FBLE, Op.FBGE, Op.FBGT :
                    address = base + (i + (w >> 32) << 2);
                    break;
                case Op.JMP, Op.JSR, Op.RET, Op.JSR_COROUTINE :
                    address = r[lo >>> 22] & ~3L;
                    if ((lo & 255) == Op.JMP || (lo & 255) == Op.JSR) {
                        context.page.went(i - 1, address);
                    }
                    r[lo >>> 8 & 127] = base + ((long) i << 2);
                    break;
                default :
                    // Not for this loop.
                    if (!perform(context, executed, base, i, w)) {
                        break outer;
                    }
                    continue outer;
            }
            // A jump to an address.
            i = (int) (address >>> 2) & CodePage.INSTRUCTIONS - 1;
            counted = executed - i;
            if ((address & PAGE) != base) {
                CodePage page = buffer.code(address);
                if (page == null) {
                    context.executed = executed;
                    context.pc = address;
                    break outer;
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
                    continue outer;
                }
                hot = true;
            }
            context.pc = address;
            break outer;
        }
        return hot;
    }

    /** Performs an instruction that is not for the main loop. @param i index of the one behind it */
    private static boolean perform(AlphaContext context, long executed, long base, int i, long decoded) {
        context.executed = executed;
        context.pc = base + ((long) (i - 1) << 2);
        return Rare.perform(context, decoded);
    }
}
