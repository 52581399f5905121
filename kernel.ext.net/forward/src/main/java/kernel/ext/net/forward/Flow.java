package kernel.ext.net.forward;

import kernel.ext.net.api.IpAddress;

/** What is known of one connection or exchange. Used in the stack's strand. */
final class Flow {

    /** Who it is from: address and port. */
    record Client(IpAddress address, int port) {}

    static final long SECOND = 1_000_000_000L;
    /** How long it is kept after the last packet, by what it is. */
    static final long EXCHANGE = 60 * SECOND, OPENING = 30 * SECOND, OPEN = 7200 * SECOND, CLOSING = 60 * SECOND,
            RESET = 5 * SECOND;
    private static final int FIN = 1, SYN = 2, RST = 4, ACK = 16;

    final Client client;
    /** The address of ours that the client speaks to. */
    final IpAddress front;
    final Target target;
    /** The address and port of ours that the target speaks to. */
    final IpAddress back;
    final int backPort;
    private final boolean stream;
    private boolean answered;
    private boolean clientEnded;
    private boolean targetEnded;
    private boolean reset;
    long latest;

    Flow(Client client, IpAddress front, Target target, IpAddress back, int backPort, boolean stream) {
        this.client = client;
        this.front = front;
        this.target = target;
        this.back = back;
        this.backPort = backPort;
        this.stream = stream;
    }

    /** A packet goes through. @param flags of TCP */
    void passes(boolean fromClient, int flags, long now) {
        latest = now;
        if (fromClient && (flags & (SYN | ACK)) == SYN) { // a new connection between the same ports
            answered = false;
            clientEnded = false;
            targetEnded = false;
            reset = false;
        }
        answered |= !fromClient;
        clientEnded |= fromClient && (flags & FIN) != 0;
        targetEnded |= !fromClient && (flags & FIN) != 0;
        reset |= (flags & RST) != 0;
    }

    /** When it is forgotten. */
    long deadline() {
        if (!stream) {
            return latest + EXCHANGE;
        }
        return latest + (reset ? RESET : !answered ? OPENING : clientEnded && targetEnded ? CLOSING : OPEN);
    }

    boolean halfOpen() {
        return stream && !answered;
    }
}
