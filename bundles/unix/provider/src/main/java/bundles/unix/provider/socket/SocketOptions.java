package bundles.unix.provider.socket;

/** Options of SOL_SOCKET that are only kept, for who looks at them. Thread-safe: the fields are volatile. */
public final class SocketOptions {

    /** Longest waits of receiving and sending, nanoseconds; 0: for ever. */
    public volatile long receiveTimeout, sendTimeout;
    /** Whether what is received tells who sent it (SO_PASSCRED). */
    public volatile boolean passCredentials;
    /** Whether an address may be taken that others had just now. */
    public volatile boolean reuseAddress, reusePort;
    /** Whether datagrams may go to everybody. */
    public volatile boolean broadcast;
    /** Whether the other side is asked if it is still there. */
    public volatile boolean keepAlive;
    /** Seconds that a close waits for what was not sent; -1: it does not. */
    public volatile int linger = -1;
    /** As they were asked for, doubled (socket(7)). */
    public volatile int sendBuffer, receiveBuffer;
    /** Remembered, of no effect. */
    public volatile boolean debug, dontRoute, outOfBandInline, timestamp;
    /** Remembered, of no effect. */
    public volatile int priority, mark;

    /**
     * As they are at first.
     *
     * @param sendBuffer bytes
     * @param receiveBuffer bytes
     */
    public SocketOptions(int sendBuffer, int receiveBuffer) {
        this.sendBuffer = sendBuffer;
        this.receiveBuffer = receiveBuffer;
    }
}
