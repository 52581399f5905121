package bundles.unix.provider.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import bundles.unix.provider.FakeContext;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import kernel.core.machine.UserContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignalFrameTest {

    private static final long TOP = FakeContext.BASE + 100_000;
    private static final long HANDLER = 0x1_2000_1000L;

    private final FakeContext context = new FakeContext();
    private final UserMemory memory = new UserMemory(context);
    private final ByteBuffer bytes = ByteBuffer.wrap(context.memory).order(ByteOrder.LITTLE_ENDIAN);

    @BeforeEach
    void fillRegisters() {
        for (int i = 0; i < 63; i++) {
            context.setRegister(i, 1000 + i);
        }
        context.setRegister(30, TOP);
        context.setRegister(UserContext.FPCR, 2L << 58);
        context.setPc(0x1_2000_0500L);
    }

    @Test
    void aPlainFrameIsASigcontext() throws ErrnoException {
        SignalFrame.push(context, SignalInfo.kernel(14), new Action(HANDLER, 0, 0, 0), 0xF0, AlternateStack.NONE);
        long frame = context.register(30);
        assertEquals(0, frame & 31);
        assertEquals(14, context.register(16));
        assertEquals(frame, context.register(18));
        assertEquals(HANDLER, context.pc());
        assertEquals(HANDLER, context.register(27));
        int at = (int) (frame - FakeContext.BASE);
        assertEquals(0xF0, bytes.getLong(at + 8));
        assertEquals(0x1_2000_0500L, bytes.getLong(at + 16));
        assertEquals(1005, bytes.getLong(at + 32 + 8 * 5));
        assertEquals(1032 + 30, bytes.getLong(at + 296 + 8 * 30));
        assertEquals(frame + 648, context.register(26));
        assertEquals(0x201f0067, bytes.getInt(at + 652));
        roundTrip(0xF0, SignalFrame.popContext(context, memory, frame));
    }

    @Test
    void anExtendedFrameHasSiginfoAndUcontext() throws ErrnoException {
        SignalInfo info = SignalInfo.fault(11, 2, 0xDEAD);
        SignalFrame.push(context, info, new Action(HANDLER, Signal.SA_SIGINFO, 0, 0x7777), 0x30, AlternateStack.NONE);
        long frame = context.register(30);
        int at = (int) (frame - FakeContext.BASE);
        assertEquals(frame, context.register(17));
        assertEquals(frame + 128, context.register(18));
        assertEquals(0x7777, context.register(26));
        assertEquals(11, bytes.getInt(at));
        assertEquals(2, bytes.getInt(at + 8));
        assertEquals(0xDEAD, bytes.getLong(at + 16));
        assertEquals(0x30, bytes.getLong(at + 128 + 696));
        assertEquals(0x1_2000_0500L, bytes.getLong(at + 128 + 48 + 16));
        roundTrip(0x30, SignalFrame.popExtended(context, memory, frame));
    }

    private void roundTrip(long mask, long popped) {
        assertEquals(mask, popped);
        for (int i = 0; i < 63; i++) {
            assertEquals(i == 30 ? TOP : i == 31 ? 0 : 1000 + i, context.register(i), "register " + i);
        }
        assertEquals(0x1_2000_0500L, context.pc());
        assertEquals(2L << 58, context.register(UserContext.FPCR));
    }

    @Test
    void theAlternateStackIsUsedOnceAskedFor() throws ErrnoException {
        var stack = new AlternateStack(FakeContext.BASE, 16384);
        var action = new Action(HANDLER, Signal.SA_ONSTACK, 0, 0);
        SignalFrame.push(context, SignalInfo.kernel(10), action, 0, stack);
        long first = context.register(30);
        assertEquals(true, stack.contains(first));
        SignalFrame.push(context, SignalInfo.kernel(10), action, 0, stack);
        assertEquals(true, context.register(30) < first && stack.contains(context.register(30)));
    }

    @Test
    void withoutAStackNothingChanges() {
        context.setRegister(30, 64);
        assertThrows(ErrnoException.class, () -> SignalFrame.push(context, SignalInfo.kernel(10),
                new Action(HANDLER, 0, 0, 0), 0, AlternateStack.NONE));
        assertEquals(64, context.register(30));
        assertEquals(0x1_2000_0500L, context.pc());
        assertThrows(ErrnoException.class, () -> SignalFrame.popContext(context, memory, 8));
        assertThrows(ErrnoException.class, () -> SignalFrame.popContext(context, memory, FakeContext.BASE + 4));
        assertThrows(ErrnoException.class, () -> SignalFrame.popExtended(context, memory, -1));
    }
}
