package kernel.ext.net.provider;

import java.util.Random;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpState;

/** One end of a connection: sends a stream that follows from a seed, checks what it gets against another, and closes. */
final class Talker {

    Stack stack;
    private final Simulation simulation;
    private final Random writes;
    private final Random reads;
    private final Random moods;
    private long toSend;
    private final boolean slow;
    long received;
    boolean ended;
    boolean closed;
    Tcb tcb;
    String wrong;

    Talker(Simulation simulation, Stack stack, long sends, long sendSeed, long receiveSeed, boolean slow) {
        this.simulation = simulation;
        this.stack = stack;
        this.toSend = sends;
        this.slow = slow;
        writes = new Random(sendSeed);
        reads = new Random(receiveSeed);
        moods = new Random(sendSeed ^ receiveSeed);
    }

    void changed(Tcb t) {
        if (tcb == null) {
            tcb = t;
        }
        if (t.state == TcpState.CLOSED) {
            closed = true;
        }
        if (slow) {
            simulation.at(simulation.now + moods.nextLong(20 * Simulation.MS), this::act);
        } else {
            simulation.at(simulation.now, this::act);
        }
    }

    void act() {
        if (tcb == null || !tcb.state.synchronised() && tcb.state != TcpState.CLOSED) {
            return;
        }
        byte[] some = new byte[1 + moods.nextInt(8000)];
        int got;
        while ((got = tcb.input.read(some, 0, slow ? Math.min(some.length, 700) : some.length)) > 0) {
            for (int i = 0; i < got; i++) {
                byte expected = (byte) reads.nextInt();
                if (expected != some[i] && wrong == null) {
                    wrong = "byte " + (received + i) + " is " + some[i] + " and not " + expected;
                }
            }
            received += got;
        }
        ended |= tcb.finReceived && tcb.input.ready() == 0;
        if (tcb.state == TcpState.CLOSED) {
            return; // what came before the end is still read
        }
        while (toSend > 0 && tcb.output.room() > 0 && !tcb.finQueued) {
            int count = (int) Math.min(Math.min(some.length, toSend), tcb.output.room());
            for (int i = 0; i < count; i++) {
                some[i] = (byte) writes.nextInt();
            }
            tcb.output.write(some, 0, count);
            toSend -= count;
        }
        if (toSend == 0) {
            tcb.finQueued = true;
        }
        stack.push(tcb, simulation.now);
    }
}
