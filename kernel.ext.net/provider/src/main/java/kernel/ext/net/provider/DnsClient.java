package kernel.ext.net.provider;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Names;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;

/**
 * Asks for names (RFC 1034, RFC 1035; against forged answers RFC 5452): by UDP from a port by chance with a number by chance, by TCP if the
 * answer did not fit. What was answered is kept as long as it says, what is not there for half a minute, of at most 256 names.
 * Thread-safe: by the host's lock, with which its callers wait.
 */
final class DnsClient implements Names {

    private static final int PORT = 53;
    private static final int KEPT = 256;
    private static final int TRIES = 3;
    private static final long SECOND = 1_000_000_000L;
    private static final long PATIENCE = 2 * SECOND, ABSENT = 30 * SECOND;

    private record Known(List<IpAddress> addresses, long until) {}

    private final Host host;
    private final Sockets sockets;
    private final Supplier<List<IpAddress>> told;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Known> cache = new LinkedHashMap<>(16, 0.75f, true);
    private List<IpAddress> chosen = List.of();

    /** @param told resolvers that the network told of; called with the host's lock held */
    DnsClient(Host host, Sockets sockets, Supplier<List<IpAddress>> told) {
        this.host = host;
        this.sockets = sockets;
        this.told = told;
    }

    @Override
    public List<IpAddress> resolvers() {
        host.enter();
        try {
            List<IpAddress> all = new ArrayList<>(chosen);
            told.get().stream().filter(one -> !all.contains(one)).forEach(all::add);
            return all;
        } finally {
            host.leave();
        }
    }

    /** Who was set. */
    List<IpAddress> chosen() {
        host.enter();
        try {
            return chosen;
        } finally {
            host.leave();
        }
    }

    @Override
    public void resolvers(List<IpAddress> addresses) {
        host.enter();
        chosen = List.copyOf(addresses);
        cache.clear();
        host.leave();
    }

    @Override
    public List<IpAddress> addresses(String name) throws IOException {
        if (name.indexOf(':') >= 0 || name.matches("[0-9.]+")) {
            try {
                return List.of(IpAddress.parse(name));
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        String plain = name.toLowerCase(Locale.ROOT);
        if (plain.equals("localhost") || plain.endsWith(".localhost")) { // RFC 6761 section 6.3
            return List.of(IpAddress.LOOPBACK, IpAddress.LOOPBACK6);
        }
        host.enter();
        try {
            Known known = cache.get(plain);
            if (known == null || known.until <= host.now()) {
                known = ask(plain);
                cache.put(plain, known);
                if (cache.size() > KEPT) {
                    Iterator<Known> oldest = cache.values().iterator();
                    oldest.next();
                    oldest.remove();
                }
            }
            if (known.addresses.isEmpty()) {
                throw new IOException("There is no address of " + name);
            }
            return known.addresses;
        } finally {
            host.leave();
        }
    }

    private Known ask(String name) throws IOException {
        List<IpAddress> servers = resolvers();
        if (servers.isEmpty()) {
            throw new IOException("Nobody is known who could say where " + name
                    + " is: neither DHCP nor a router told of a resolver, and none was set");
        }
        IOException last = null;
        for (int i = 0; i < TRIES; i++) {
            for (IpAddress server : servers) {
                try {
                    DnsMessage.Answer[] both = ask(server, name);
                    if (both != null) {
                        return known(both);
                    }
                } catch (InterruptedIOException e) {
                    throw e;
                } catch (IOException e) {
                    last = e;
                }
            }
        }
        throw new IOException("Nobody answers where " + name + " is: " + servers, last);
    }

    private Known known(DnsMessage.Answer[] both) {
        List<IpAddress> all = new ArrayList<>(both[0].addresses());
        all.addAll(both[1].addresses());
        long life = Long.MAX_VALUE;
        for (DnsMessage.Answer one : both) {
            life = one.addresses().isEmpty() ? life : Math.min(life, one.seconds() * SECOND);
        }
        return new Known(List.copyOf(all), host.now() + (all.isEmpty() ? ABSENT : life));
    }

    /** Asks one resolver for addresses of both families at once. @return null if it does not answer, or cannot */
    private DnsMessage.Answer[] ask(IpAddress server, String name) throws IOException {
        int[] types = {DnsMessage.A, DnsMessage.AAAA};
        int[] ids = {random.nextInt(0x10000), random.nextInt(0x10000)};
        byte[][] questions = new byte[2][];
        for (int i = 0; i < 2; i++) {
            try {
                questions[i] = DnsMessage.question(ids[i], name, types[i]);
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        DnsMessage.Answer[] answers = new DnsMessage.Answer[2];
        Condition come = host.lock.newCondition();
        try (UdpEndpoint endpoint = bind((packet, _, _) -> {
            int at = packet.transport();
            if (!packet.source().equals(host.stack.scoped(server)) || Udp.source(packet, at) != PORT) {
                return false;
            }
            byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
            packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
            for (int i = 0; i < 2; i++) {
                DnsMessage.Answer answer = DnsMessage.answer(bytes, ids[i], name, types[i]);
                answers[i] = answer != null ? answer : answers[i];
            }
            come.signal();
            return true;
        })) {
            boolean[] refused = new boolean[1];
            endpoint.onTrouble(_ -> {
                refused[0] = true;
                come.signal();
            });
            for (byte[] question : questions) {
                endpoint.send(server, PORT, question, 0, question.length);
            }
            long left = PATIENCE;
            while ((answers[0] == null || answers[1] == null) && left > 0 && !refused[0]) {
                left = host.await(come, left);
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while asking where " + name + " is");
        }
        for (int i = 0; i < 2; i++) {
            if (answers[i] != null && answers[i].cut()) {
                answers[i] = byTcp(server, questions[i], ids[i], name, types[i]);
            }
            if (answers[i] == null || answers[i].code() != 0 && answers[i].code() != 3) {
                return null;
            }
        }
        return answers;
    }

    private UdpEndpoint bind(kernel.ext.net.api.UdpReceive handler) throws IOException {
        for (int i = 0; i < 8; i++) {
            try {
                return sockets.bind(UdpLayer.FIRST_FREE + random.nextInt(65536 - UdpLayer.FIRST_FREE), "dns", handler);
            } catch (IOException e) {
                continue; // somebody has it
            }
        }
        return sockets.bind(0, "dns", handler);
    }

    private DnsMessage.Answer byTcp(IpAddress server, byte[] question, int id, String name, int type)
            throws IOException {
        TcpConnection connection = sockets.connect(server, PORT, PATIENCE);
        try {
            connection.setReadTimeout(PATIENCE);
            byte[] framed = new byte[question.length + 2];
            framed[1] = (byte) question.length;
            framed[0] = (byte) (question.length >>> 8);
            System.arraycopy(question, 0, framed, 2, question.length);
            connection.write(framed, 0, framed.length);
            byte[] length = exactly(connection, 2);
            return DnsMessage.answer(exactly(connection, (length[0] & 0xFF) << 8 | length[1] & 0xFF), id, name, type);
        } finally {
            connection.close();
        }
    }

    private static byte[] exactly(TcpConnection connection, int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            int some = connection.read(bytes, have, count - have);
            if (some < 0) {
                throw new IOException("The resolver ended the connection");
            }
            have += some;
        }
        return bytes;
    }
}
