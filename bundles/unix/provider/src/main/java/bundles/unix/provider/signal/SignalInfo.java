package bundles.unix.provider.signal;

import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;

/**
 * A signal that was sent.
 *
 * @param signal its number
 * @param code si_code: why
 * @param first the 64 bits at offset 16 of siginfo: an address, or process id and user id of the sender
 * @param second the 64 bits at offset 24: a value that goes with it
 */
public record SignalInfo(int signal, int code, long first, long second) {

    /** Bytes of a siginfo. */
    public static final int SIZE = 128;

    /** Sent by a process. */
    public static SignalInfo from(int signal, int code, int process, int user) {
        return new SignalInfo(signal, code, process & 0xFFFFFFFFL | (long) user << 32, 0);
    }

    /** About a child. */
    public static SignalInfo child(int signal, int code, int process, int user, int status) {
        return new SignalInfo(signal, code, process & 0xFFFFFFFFL | (long) user << 32, status & 0xFFFFFFFFL);
    }

    /** Caused by an instruction. */
    public static SignalInfo fault(int signal, int code, long address) {
        return new SignalInfo(signal, code, address, 0);
    }

    /** Sent by the kernel for a reason of its own. */
    public static SignalInfo kernel(int signal) {
        return new SignalInfo(signal, Signal.SI_KERNEL, 0, 0);
    }

    /** As {@code siginfo_t}. */
    public ByteBuffer siginfo() {
        ByteBuffer to = UserMemory.struct(SIZE);
        return to.putInt(signal).putInt(0).putInt(code).putInt(0).putLong(first).putLong(second);
    }
}
