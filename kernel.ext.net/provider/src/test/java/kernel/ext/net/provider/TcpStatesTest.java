package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Arp;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

/** Each state of a connection, met by each kind of segment: what RFC 9293 section 3.10.7.4 and RFC 5961 say becomes of it. */
class TcpStatesTest {

    private static final int OURS = IpAddress.parse("10.0.0.1").v4(), THEIRS = IpAddress.parse("10.0.0.2").v4();
    private static final int PEER = 5000;
    private static final int WINDOW = 20000;

    private final List<Tcp> said = new ArrayList<>();
    private final Stack stack = new Stack(new PlainGraph(), new TcpEngine(), new NewReno(), 1, 1 << 16);
    private final long now = Simulation.SECOND;
    private Tcb tcb;
    /** The peer's next sequence number, and what it has of ours. */
    private int seq = 1_000_000;
    private int ack;

    TcpStatesTest() {
        int link = stack.add("eth0", 1, 1500, false, this::hear);
        stack.configure(link, IpAddress.of(OURS), 24);
        PacketBuffer arp = new PacketBuffer().wrap(new byte[42], 0, 42);
        Ethernet.write(arp, 0, Ethernet.BROADCAST, 2, Ethernet.ARP);
        new Arp(Arp.REQUEST, 2, THEIRS, 0, OURS).write(arp, 14);
        stack.frame(link, arp.bytes(), 0, 42, now);
        TcpListening[] port = new TcpListening[1];
        port[0] = new TcpListening(IpAddress.ANY, 80, 8, () -> t -> tcb = t, () -> tcb = port[0].ready.poll());
        assertTrue(stack.listen(port[0]));
    }

    private void hear(byte[] frame, int offset, int length) {
        Packet p = new PacketBuffer().wrap(frame, offset, length).packet();
        if (Ethernet.type(p, 0) == Ethernet.IPV4) {
            said.add(Tcp.of(p, 34));
        }
    }

    private void say(int flags, int sequence, int acknowledgment, int data) {
        int length = 54 + data;
        PacketBuffer b = new PacketBuffer().wrap(new byte[length], 0, length);
        Ethernet.write(b, 0, 1, 2, Ethernet.IPV4);
        Ipv4.write(b, 14, 0, length - 14, 7, 0, 64 << 8 | Ipv4.TCP, THEIRS, OURS);
        new Tcp(PEER, 80, sequence, acknowledgment, 20, flags, WINDOW).write(b, 34);
        long sum = Checksum.address(Checksum.address(0, 0, IpAddress.mapped(THEIRS)), 0, IpAddress.mapped(OURS));
        b.put16(50, Checksum.of(b.packet().sum(sum + Ipv4.TCP + data + 20, 34, data + 20)));
        said.clear();
        stack.frame(1, b.bytes(), 0, length, now);
    }

    /** Brings a connection into a state. */
    private void reach(TcpState state) {
        say(Tcp.SYN, seq++, 0, 0);
        assertEquals(Tcp.SYN | Tcp.ACK, said.getFirst().flags());
        ack = said.getFirst().sequence() + 1;
        tcb = stack.connections().all().getFirst();
        if (state == TcpState.SYN_RECEIVED) {
            return;
        }
        say(Tcp.ACK, seq, ack, 0);
        if (EnumSet.of(TcpState.CLOSE_WAIT, TcpState.LAST_ACK).contains(state)) {
            say(Tcp.FIN | Tcp.ACK, seq++, ack, 0);
        }
        if (!EnumSet.of(TcpState.ESTABLISHED, TcpState.CLOSE_WAIT).contains(state)) {
            tcb.finQueued = true;
            said.clear();
            stack.push(tcb, now);
            assertEquals(Tcp.FIN, said.getFirst().flags() & Tcp.FIN);
        }
        if (state == TcpState.CLOSING) {
            say(Tcp.FIN | Tcp.ACK, seq++, ack, 0);
        }
        if (EnumSet.of(TcpState.FIN_WAIT_2, TcpState.TIME_WAIT).contains(state)) {
            say(Tcp.ACK, seq, ++ack, 0);
        }
        if (state == TcpState.TIME_WAIT) {
            say(Tcp.FIN | Tcp.ACK, seq++, ack, 0);
        }
    }

    static Stream<Arguments> states() {
        Set<TcpState> all = EnumSet.complementOf(EnumSet.of(TcpState.CLOSED, TcpState.SYN_SENT));
        return all.stream().flatMap(state -> Stream.of("reset", "reset nearby", "reset far off", "syn", "no ack",
                "ack of what was never sent", "old data", "data beyond the window", "damaged").map(
                        stimulus -> Arguments.of(state, stimulus)));
    }

    /** The answer is one segment that acknowledges, and nothing changes. */
    private void acknowledgedOnly(TcpState state) {
        assertEquals(1, said.size(), said::toString);
        assertEquals(Tcp.ACK, said.getFirst().flags());
        assertEquals(seq, said.getFirst().acknowledgment());
        assertEquals(state, tcb.state);
    }

    private void ignored(TcpState state) {
        assertEquals(List.of(), said);
        assertEquals(state, tcb.state);
    }

    @ParameterizedTest
    @MethodSource("states")
    void eachStateMeetsEachSegment(TcpState state, String stimulus) {
        reach(state);
        assertEquals(state, tcb.state);
        switch (stimulus) {
            case "reset" -> {
                say(Tcp.RST, seq, 0, 0);
                assertEquals(List.of(), said);
                assertEquals(TcpState.CLOSED, tcb.state);
                assertEquals(0, stack.connections().count());
            }
            case "reset nearby" -> {
                say(Tcp.RST, seq + 1, 0, 0);
                acknowledgedOnly(state);
            }
            case "reset far off" -> {
                say(Tcp.RST, seq + (1 << 20), 0, 0);
                ignored(state);
            }
            case "syn" -> {
                if (state == TcpState.TIME_WAIT) { // a newer one begins anew (RFC 6191)
                    say(Tcp.SYN, seq + 1000, 0, 0);
                    assertEquals(Tcp.SYN | Tcp.ACK, said.getFirst().flags());
                    assertEquals(TcpState.CLOSED, tcb.state);
                } else {
                    say(Tcp.SYN, seq + 1, 0, 0);
                    acknowledgedOnly(state);
                }
            }
            case "no ack" -> {
                say(0, seq, 0, 0);
                ignored(state);
            }
            case "ack of what was never sent" -> {
                say(Tcp.ACK, seq, ack + 1000, 0);
                if (state == TcpState.SYN_RECEIVED) {
                    assertEquals(Tcp.RST, said.getFirst().flags());
                    assertEquals(ack + 1000, said.getFirst().sequence());
                } else {
                    acknowledgedOnly(state);
                }
            }
            case "old data" -> {
                say(Tcp.ACK, seq - 100, ack, 50);
                acknowledgedOnly(state);
            }
            case "data beyond the window" -> {
                say(Tcp.ACK, seq + (1 << 20), ack, 50);
                acknowledgedOnly(state);
            }
            default -> {
                long damagedBefore = stack.connections().counters.damaged;
                byte[] bytes = new byte[54];
                PacketBuffer b = new PacketBuffer().wrap(bytes, 0, bytes.length);
                Ethernet.write(b, 0, 1, 2, Ethernet.IPV4);
                Ipv4.write(b, 14, 0, 40, 7, 0, 64 << 8 | Ipv4.TCP, THEIRS, OURS);
                new Tcp(PEER, 80, seq, ack, 20, Tcp.RST, 0).write(b, 34); // without a checksum
                said.clear();
                stack.frame(1, bytes, 0, bytes.length, now);
                ignored(state);
                assertEquals(damagedBefore + 1, stack.connections().counters.damaged);
            }
        }
        assertEquals(0, stack.buffersTaken());
    }

    @Test
    void bothMayCloseAtTheSameTime() {
        reach(TcpState.CLOSING);
        say(Tcp.ACK, seq, ack + 1, 0);
        assertEquals(TcpState.TIME_WAIT, tcb.state);
        stack.poll(now + 61 * Simulation.SECOND);
        assertEquals(0, stack.connections().count());
    }

    @Test
    void aPortWhereNobodyListensRefuses() {
        say(Tcp.SYN, seq, 0, 0);
        said.clear();
        PacketBuffer b = new PacketBuffer().wrap(new byte[54], 0, 54);
        Ethernet.write(b, 0, 1, 2, Ethernet.IPV4);
        Ipv4.write(b, 14, 0, 40, 7, 0, 64 << 8 | Ipv4.TCP, THEIRS, OURS);
        new Tcp(PEER, 81, seq, 0, 20, Tcp.SYN, WINDOW).write(b, 34);
        long sum = Checksum.address(Checksum.address(0, 0, IpAddress.mapped(THEIRS)), 0, IpAddress.mapped(OURS));
        b.put16(50, Checksum.of(b.packet().sum(sum + Ipv4.TCP + 20, 34, 20)));
        stack.frame(1, b.bytes(), 0, 54, now);
        assertEquals(Tcp.RST | Tcp.ACK, said.getFirst().flags());
        assertEquals(seq + 1, said.getFirst().acknowledgment());
    }

    @Test
    void aFloodOfSynsIsAnsweredByCookiesAndOneOfThemMakesAConnection() {
        for (int i = 0; i < 1000; i++) {
            flood(10000 + i, Tcp.SYN, 77, 0);
        }
        assertTrue(stack.connections().count() <= 128);
        Tcp answer = said.getLast();
        assertEquals(Tcp.SYN | Tcp.ACK, answer.flags());
        flood(10999, Tcp.ACK, 78, answer.sequence() + 1);
        assertEquals(TcpState.ESTABLISHED, tcb.state);
        flood(10998, Tcp.ACK, 78, 12345); // a guess
        assertEquals(Tcp.RST, said.getLast().flags());
        assertEquals(0, stack.buffersTaken());
    }

    private void flood(int port, int flags, int sequence, int acknowledgment) {
        PacketBuffer b = new PacketBuffer().wrap(new byte[54], 0, 54);
        Ethernet.write(b, 0, 1, 2, Ethernet.IPV4);
        Ipv4.write(b, 14, 0, 40, 7, 0, 64 << 8 | Ipv4.TCP, THEIRS, OURS);
        new Tcp(port, 80, sequence, acknowledgment, 20, flags, WINDOW).write(b, 34);
        long sum = Checksum.address(Checksum.address(0, 0, IpAddress.mapped(THEIRS)), 0, IpAddress.mapped(OURS));
        b.put16(50, Checksum.of(b.packet().sum(sum + Ipv4.TCP + 20, 34, 20)));
        stack.frame(1, b.bytes(), 0, 54, now);
    }
}
