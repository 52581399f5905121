package bundles.unix.provider;

import java.util.Arrays;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;

/** A context with memory from {@link #BASE} on and no processor. */
public final class FakeContext implements UserContext {

    /** First address of memory. */
    public static final long BASE = 0x10000;

    /** Its memory. */
    public final byte[] memory = new byte[256 * 1024];
    /** How often attention was asked for. */
    public int attention;
    /** Whether it was stopped. */
    public boolean stopped;

    private final long[] registers = new long[67];
    private final long[] arguments = new long[6];
    private boolean failed;
    private long result;
    private Object owner;

    /** Sets the arguments of a call. */
    public void arguments(long... values) {
        Arrays.fill(arguments, 0);
        System.arraycopy(values, 0, arguments, 0, values.length);
    }

    @Override
    public long register(int number) {
        return registers[number];
    }

    @Override
    public void setRegister(int number, long value) {
        if (number != 31) {
            registers[number] = value;
        }
    }

    @Override
    public long pc() {
        return registers[PC];
    }

    @Override
    public void setPc(long pc) {
        registers[PC] = pc;
    }

    @Override
    public void setArgument(int index, long value) {
        arguments[index] = value;
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    @Override
    public void succeed(long value) {
        failed = false;
        result = value;
        registers[0] = value;
        registers[19] = 0;
    }

    @Override
    public void fail(int error) {
        failed = true;
        result = error;
        registers[0] = error;
        registers[19] = 1;
    }

    @Override
    public boolean failed() {
        return failed;
    }

    @Override
    public long result() {
        return result;
    }

    @Override
    public TranslationContext translation() {
        return null;
    }

    @Override
    public void setTranslation(TranslationContext translation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int copyIn(long address, byte[] to, int offset, int length) {
        int count = present(address, length);
        if (count > 0) {
            System.arraycopy(memory, (int) (address - BASE), to, offset, count);
        }
        return count;
    }

    @Override
    public int copyOut(long address, byte[] from, int offset, int length) {
        int count = present(address, length);
        if (count > 0) {
            System.arraycopy(from, offset, memory, (int) (address - BASE), count);
        }
        return count;
    }

    private int present(long address, int length) {
        return address < BASE || address >= BASE + memory.length
                ? 0
                : (int) Math.min(length, BASE + memory.length - address);
    }

    @Override
    public long compareAndExchange(long address, int expected, int value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean kernelAccess() {
        return false;
    }

    @Override
    public Object owner() {
        return owner;
    }

    @Override
    public void setOwner(Object newOwner) {
        owner = newOwner;
    }

    @Override
    public void requestAttention() {
        attention++;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public long instructions() {
        return 0;
    }
}
