package kernel.ext.net.tcp;

import kernel.core.dispatch.Intrinsic;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpProtocol;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpTable;
import org.osgi.service.component.annotations.Component;

/** TCP: the intrinsic handler of {@link TcpProtocol}. Stateless; each stack calls it in its own strand. */
@Component(service = TcpProtocol.class)
@Intrinsic
public final class TcpEngine implements TcpProtocol {

    /** An engine; all are alike. */
    public TcpEngine() {}

    @Override
    public void segment(TcpTable table, Packet packet, long now) {
        Input.segment(table, packet, now);
    }

    @Override
    public void timeout(Tcb tcb, long now) {
        Timers.expire(tcb, now);
        tcb.table.schedule(tcb);
    }

    @Override
    public void open(Tcb tcb, long now) {
        Handshake.open(tcb, now);
        tcb.table.schedule(tcb);
    }

    @Override
    public void push(Tcb tcb, long now) {
        if (tcb.abandoned && tcb.input.ready() > 0 && tcb.state.synchronised() && tcb.state != TcpState.TIME_WAIT) {
            abort(tcb, now); // what came will never be read: the other side is to know (RFC 1122 section 4.2.2.13)
            return;
        }
        if (tcb.state == TcpState.SYN_SENT && tcb.finQueued) {
            Closing.end(tcb, null);
            return;
        }
        if (tcb.state.synchronised()) {
            Output.windowMayHaveOpened(tcb);
            Output.run(tcb, now);
            if (tcb.state == TcpState.FIN_WAIT_2 && tcb.abandoned && tcb.timer[Tcb.LINGER] == Tcb.NEVER) {
                tcb.set(Tcb.LINGER, now + Timers.LINGER_TIME);
            }
        }
        tcb.table.schedule(tcb);
    }

    @Override
    public void abort(Tcb tcb, long now) {
        if (tcb.state.synchronised() && tcb.state != TcpState.TIME_WAIT || tcb.state == TcpState.SYN_RECEIVED) {
            Output.reset(tcb, now);
        }
        Closing.end(tcb, "Connection aborted");
    }

    @Override
    public void unreachable(TcpTable table, IpAddress local, int localPort, IpAddress remote, int remotePort,
            int sequence, int largest, String reason, long now) {
        Tcb tcb = table.find(local.high(), local.low(), localPort, remote.high(), remote.low(), remotePort);
        // who does not know the sequence numbers does not speak of our segments (RFC 5927 section 4)
        if (tcb == null || Seq.less(sequence, tcb.sndUna) || !Seq.less(sequence, tcb.sndNxt)) {
            return;
        }
        if (largest > 0) {
            Output.shrink(tcb, largest - Tcp.LENGTH, now);
        } else if (tcb.state == TcpState.SYN_SENT) {
            Closing.end(tcb, reason);
        }
        table.schedule(tcb);
    }
}
