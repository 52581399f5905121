package hw.alpha.device.net;

/**
 * A wire between processes, by a socket of the host. Whoever comes first listens there, the others connect to it; what one sends
 * reaches all others. When the one who listens goes away another takes its place; until then what is sent is lost, as
 * on any wire that is cut. Thread-safe.
 */
abstract class Segment implements Switchable {

    /** Bytes of the longest frame. */
    static final int LONGEST = 65535 + 14;
    /** How many others may be there. */
    static final int MOST = 64;
    /** Milliseconds between two tries to get on the wire. */
    static final long RETRY = 100;

    private final FaultyLine.Exit arrivals;
    private final System.Logger log = System.getLogger(Segment.class.getName());
    private final Thread thread;
    private String complaint = "";
    volatile boolean off;

    /** @param arrivals is given what others send, in the segment's thread */
    Segment(String name, FaultyLine.Exit arrivals) {
        this.arrivals = arrivals;
        thread = new Thread(this::run, "wire " + name);
        thread.setDaemon(true);
    }

    /** Begins; called once. */
    final void start() {
        thread.start();
    }

    private void run() {
        while (!off) {
            try {
                serve();
                complaint = "";
            } catch (java.io.IOException e) {
                if (!off && !complaint.equals(e.getMessage())) {
                    complaint = String.valueOf(e.getMessage());
                    log.log(System.Logger.Level.WARNING, "{0}: {1}; it is tried again", this, complaint);
                }
            }
            if (!off) {
                java.util.concurrent.locks.LockSupport.parkNanos(this, RETRY * 1_000_000);
            }
        }
    }

    /** Gets on the wire and serves it until it is cut. @throws java.io.IOException it cannot be had; the message says why */
    abstract void serve() throws java.io.IOException;

    final void arrived(byte[] frame, int offset, int length) {
        arrivals.pass(frame, offset, length);
    }

    /** Sends to all others. Does not wait: what finds no room is lost. */
    abstract void send(byte[] frame, int offset, int length);

    /** Who is there and what was lost, for people. */
    abstract String details();
}
