package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sides that have both filled the other's window, and all of it was lost, as when a stack is stopped under them. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what would not end does not hear an interrupt either
class LostWindowsTest {

    private final PlainGraph plain = new PlainGraph();
    private boolean lost;
    private final Stack stack;
    private long now = Simulation.SECOND;
    private Tcb one;
    private Tcb other;

    LostWindowsTest() {
        EthernetReceive node = (packet, type, at) -> lost || plain.ethernet().received(packet, type, at);
        Graph graph = (Graph) Proxy.newProxyInstance(Graph.class.getClassLoader(), new Class<?>[]{Graph.class},
                (_, method, arguments) -> method.getName().equals("ethernet") && arguments == null
                        ? node
                        : method.invoke(plain, arguments));
        stack = new Stack(graph, new TcpEngine(), new NewReno(), 1, 1 << 20);
        TcpListening[] port = new TcpListening[1];
        port[0] = new TcpListening(IpAddress.ANY, 80, 8, () -> _ -> {}, () -> other = port[0].ready.poll());
        assertTrue(stack.listen(port[0]));
        one = stack.connect(IpAddress.LOOPBACK, 80, _ -> {}, now);
        assertNotNull(other);
        assertEquals(TcpState.ESTABLISHED, one.state);
    }

    /** Fills the other's window, or writes half as much more, and all that is sent is lost. @return how many bytes were written */
    private int write(Tcb tcb, int more) {
        int bytes = tcb.sndWnd + more * tcb.sndWnd / 2;
        lost = true;
        tcb.noDelay = true;
        tcb.cwnd = 1 << 20;
        assertEquals(bytes, tcb.output.write(new byte[bytes], 0, bytes));
        stack.push(tcb, now);
        now += Simulation.SECOND / 20; // so that one sends again while the other still waits
        lost = false;
        return bytes;
    }

    /** @return how many bytes were there */
    private int read(Tcb tcb) {
        int count = tcb.input.read(new byte[1 << 20], 0, 1 << 20);
        stack.push(tcb, now);
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void allOfItArrivesInTheEnd(int more) {
        int toOther = write(one, more);
        int toOne = write(other, more);
        for (int turn = 0; turn < 1000 && toOne + toOther > 0; turn++) {
            now = Math.max(now + 1, Math.min(stack.nextDeadline(), now + Simulation.SECOND));
            stack.poll(now);
            toOne -= read(one);
            toOther -= read(other);
        }
        assertEquals(0, toOne);
        assertEquals(0, toOther);
        assertTrue(stack.connections().counters.sent < 200, "they answer each other: " + stack.connections().counters);
    }
}
