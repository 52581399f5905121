package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Arp;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Ipv6;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;

/**
 * A connection as a script, one step a line, in the words of RFC 9293's figures:
 *
 * <pre>
 * &lt; S 0 win 1000        a segment of the peer: flags (S F R P .), sequence number, then len, ack, win
 * &gt; S. 0 ack 1          the next segment of ours, which must be so; what is not named does not matter
 * &gt; nothing             we have said nothing more
 * wait 1000             milliseconds pass
 * urgent N              how many bytes from the next on are urgent, which segments say by "urg N"
 * connect, listen, urge (a byte), write N, read N, close, abort, keepalive MS
 * state ESTABLISHED     what the connection is in
 * told                  the application was told of a change by the last segment of the peer
 * together, apart       the segments between came in one go, as an adapter that had several hands them over
 * </pre>
 *
 * Numbers count from each side's first. Segments of ours that a step does not ask for are an error at the next {@code > nothing}.
 */
final class TcpScript {

    private static final Pattern SEGMENT = Pattern
            .compile("([SFRPU.]+) (-?\\d+)(?: len (\\d+))?(?: ack (-?\\d+))?(?: win (\\d+))?(?: urg (\\d+))?");
    private static final int PEER_PORT = 5000, OUR_PORT = 80;
    private static final int PEER_FIRST = 1_000_000;
    private static final long MS = 1_000_000;

    private final boolean six;
    private final IpAddress ours;
    private final IpAddress theirs;
    private final int header;
    private final Stack stack = new Stack(new PlainGraph(), new TcpEngine(), new NewReno(), 1, 1 << 16);
    private final ArrayDeque<Tcp> said = new ArrayDeque<>();
    private final ArrayDeque<Integer> lengths = new ArrayDeque<>();
    private final ArrayDeque<Integer> pointers = new ArrayDeque<>();
    private long now = 1_000_000_000L;
    private Tcb tcb;
    private int first;
    private boolean begun;
    private boolean asked;
    private boolean told;

    TcpScript(boolean six) {
        this.six = six;
        ours = IpAddress.parse(six ? "fd00::1" : "10.0.0.1");
        theirs = IpAddress.parse(six ? "fd00::2" : "10.0.0.2");
        header = six ? 54 : 34;
        int link = stack.add("eth0", 1, 1500, true, this::hear);
        stack.configure(link, ours, six ? 64 : 24);
        if (six) {
            stack.neighbours6.heard(stack.links().get(link), theirs, 2, true, now);
        } else {
            thePeerIsThere();
        }
    }

    private void thePeerIsThere() {
        PacketBuffer arp = new PacketBuffer().wrap(new byte[42], 0, 42);
        Ethernet.write(arp, 0, Ethernet.BROADCAST, 2, Ethernet.ARP);
        new Arp(Arp.REQUEST, 2, theirs.v4(), 0, ours.v4()).write(arp, 14);
        stack.frame(1, arp.bytes(), 0, 42, now);
        asked = false;
    }

    private void hear(byte[] frame, int offset, int length) {
        Packet p = new PacketBuffer().wrap(frame, offset, length).packet();
        if (Ethernet.type(p, 0) == Ethernet.IPV6 && p.u8(20) == 58 && p.u8(54) == 135) { // the peer is there
            stack.neighbours6.advertised(stack.links().get(1), theirs, 2, false, true, true, now);
        }
        asked |= Ethernet.type(p, 0) == Ethernet.ARP;
        boolean tcp = Ethernet.type(p, 0) == Ethernet.IPV4 && p.u8(23) == 6
                || Ethernet.type(p, 0) == Ethernet.IPV6 && p.u8(20) == 6;
        if (tcp) {
            Tcp one = Tcp.of(p, header);
            if (!begun) {
                begun = true;
                first = one.sequence();
            }
            said.add(one);
            lengths.add(length - header - one.headerLength());
            pointers.add(Tcp.urgent(p, header));
        }
    }

    /** Runs a script. */
    void run(String script) {
        int line = 0;
        for (String step : script.strip().split("\n")) {
            line++;
            String text = step.strip().replaceAll("\\s*#.*", "");
            if (text.isEmpty()) {
                continue;
            }
            try {
                step(text);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "line " + line + ", \"" + text + "\": " + e.getMessage() + "; then said: " + said,
                        e);
            }
        }
        assertEquals(0, stack.buffersTaken(), "buffers come back");
    }

    private void step(String text) {
        String[] words = text.split(" ");
        switch (words[0]) {
            case "<" -> {
                told = false;
                say(text.substring(2));
            }
            case "told" -> assertTrue(told, "the application was not told");
            case ">" -> heard(text.substring(2));
            case "wait" -> pass(Long.parseLong(words[1]) * MS);
            case "connect" -> tcb = stack.connect(ours, OUR_PORT, theirs, PEER_PORT, this::changed, now);
            case "listen" -> {
                TcpListening[] port = new TcpListening[1];
                port[0] = new TcpListening(ours, OUR_PORT, 4, () -> this::changed, () -> tcb = port[0].ready.poll());
                assertTrue(stack.listen(port[0]));
            }
            case "write" -> {
                int count = Integer.parseInt(words[1]);
                assertEquals(count, tcb.output.write(new byte[count], 0, count));
                stack.push(tcb, now);
            }
            case "urge" -> {
                tcb.sndUp = tcb.sndBase + tcb.output.size() + 1;
                tcb.urgentOut = true;
                tcb.ackNow = tcb.output.write(new byte[1], 0, 1) == 0;
                stack.push(tcb, now);
            }
            case "urgent" -> assertEquals(Integer.parseInt(words[1]), tcb.urgent());
            case "read" -> {
                int count = Integer.parseInt(words[1]);
                assertEquals(count, tcb.input.read(new byte[count + 1], 0, count + 1));
                stack.push(tcb, now);
            }
            case "close" -> {
                tcb.finQueued = true;
                stack.push(tcb, now);
            }
            case "abort" -> stack.abort(tcb, now);
            case "keepalive" -> {
                tcb.keepAlive = Long.parseLong(words[1]) * MS;
                tcb.set(Tcb.KEEP_ALIVE, now + tcb.keepAlive);
                tcb.table.schedule(tcb);
            }
            case "together" -> stack.begin();
            case "apart" -> stack.end(now);
            case "state" -> {
                tcb = tcb == null ? stack.connections().all().getFirst() : tcb;
                assertEquals(TcpState.valueOf(words[1]), tcb.state);
            }
            default -> throw new IllegalArgumentException(text);
        }
    }

    private void changed(Tcb t) {
        tcb = t;
        told = true;
    }

    private void pass(long time) {
        long end = now + time;
        while (stack.nextDeadline() <= end) {
            now = Math.max(now, stack.nextDeadline());
            stack.poll(now);
            if (asked && !six) {
                thePeerIsThere();
            }
        }
        now = end;
    }

    private static int flags(String text) {
        int flags = 0;
        for (char one : text.toCharArray()) {
            flags |= switch (one) {
                case 'S' -> Tcp.SYN;
                case 'F' -> Tcp.FIN;
                case 'R' -> Tcp.RST;
                case 'P' -> Tcp.PSH;
                case 'U' -> Tcp.URG;
                default -> Tcp.ACK;
            };
        }
        return flags;
    }

    private static int number(String text, int otherwise) {
        return text == null ? otherwise : Integer.parseInt(text);
    }

    private void say(String text) {
        Matcher m = SEGMENT.matcher(text);
        assertTrue(m.matches(), text);
        int data = number(m.group(3), 0);
        int options = m.group(1).indexOf('S') >= 0 ? 4 : 0; // who asks says that he takes segments of 536 bytes
        int length = header + 20 + options + data;
        PacketBuffer b = new PacketBuffer().wrap(new byte[length], 0, length);
        Ethernet.write(b, 0, 1, 2, six ? Ethernet.IPV6 : Ethernet.IPV4);
        if (six) {
            new Ipv6(0, 0, 20 + options + data, 6, 64, theirs, ours).write(b, 14);
        } else {
            Ipv4.write(b, 14, 0, length - 14, 7, 0, 64 << 8 | Ipv4.TCP, theirs.v4(), ours.v4());
        }
        new Tcp(PEER_PORT, OUR_PORT, PEER_FIRST + number(m.group(2), 0),
                m.group(4) == null ? 0 : first + number(m.group(4), 0), 20 + options, flags(m.group(1)),
                number(m.group(5), 20000)).write(b, header);
        b.put16(header + 18, number(m.group(6), 0));
        if (options > 0) {
            b.put32(header + 20, 0x204_0000 | 536);
        }
        long sum = Checksum.address(Checksum.address(0, theirs.high(), theirs.low()), ours.high(), ours.low());
        b.put16(header + 16, Checksum.of(b.packet().sum(sum + 6 + length - header, header, length - header)));
        stack.frame(1, b.bytes(), 0, length, now);
    }

    private void heard(String text) {
        if (text.equals("nothing")) {
            assertTrue(said.isEmpty());
            return;
        }
        Matcher m = SEGMENT.matcher(text);
        assertTrue(m.matches(), text);
        Tcp one = said.poll();
        assertTrue(one != null, "nothing was said");
        int length = lengths.poll();
        assertEquals(number(m.group(6), 0), pointers.poll(), "urgent pointer of " + one);
        int pushes = text.indexOf('P') >= 0 ? 0 : Tcp.PSH; // matters if it is asked for
        assertEquals(flags(m.group(1)), one.flags() & ~pushes, "flags of " + one);
        assertEquals(number(m.group(2), 0), one.sequence() - first, "sequence number of " + one);
        assertEquals(number(m.group(3), 0), length, "length of " + one);
        if (m.group(4) != null) {
            assertEquals(number(m.group(4), 0), one.acknowledgment() - PEER_FIRST, "acknowledgment of " + one);
        }
        if (m.group(5) != null) {
            assertEquals(number(m.group(5), 0), one.window(), "window of " + one);
        }
    }
}
