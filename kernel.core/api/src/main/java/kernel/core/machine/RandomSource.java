package kernel.core.machine;

/** Where the kernel's random numbers come from: fit for secrets, but on a machine with {@link VirtualTime}. Thread-safe. */
@FunctionalInterface
public interface RandomSource {

    /** Fills an array. */
    void fill(byte[] bytes);

    /** A number of which each bit is random. */
    default long next() {
        byte[] bytes = new byte[Long.BYTES];
        fill(bytes);
        return java.nio.ByteBuffer.wrap(bytes).getLong();
    }
}
