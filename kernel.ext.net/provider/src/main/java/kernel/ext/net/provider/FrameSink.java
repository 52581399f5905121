package kernel.ext.net.provider;

/** The way out of an interface. */
@FunctionalInterface
public interface FrameSink {

    /** Sends a frame; the bytes are lent while it runs. Does not wait: a frame that finds no room is lost. */
    void transmit(byte[] frame, int offset, int length);
}
