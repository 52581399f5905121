package bundles.pagers.shared;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.Pager;

/**
 * The segments of a kernel: those that it is home of, and those that its programs map. Thread-safe.
 *
 * <p>A member that has heard nothing from its home for {@link #MEMBERS_SILENCE} seconds gives up all rights, before the home, which waits
 * longer, takes it to be gone and gives others what it had.
 */
class PlainSegments {

    /** The TCP port at which a home is asked. */
    static final int PORT = 1989;
    private static final int MOST = 256;
    private static final int HOMES_SILENCE = 10, MEMBERS_SILENCE = 5;
    private static final long SECOND = 1_000_000_000;
    private static final String STOPPED = "the bundle bundles.pagers.shared was stopped";

    private final System.Logger log = System.getLogger("shared memory");
    private final Network network;
    private final Strands strands;
    private final Clock clock;
    private final AddressSpaces spaces;
    private final int pageSize;
    private final TcpListener listener;
    private final Map<String, Home> homes = new ConcurrentSkipListMap<>();
    private final Map<Node, SegmentName> nodes = new ConcurrentHashMap<>();
    private final Set<TcpConnection> joining = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Accepts members from now on.
     *
     * @param pageSize bytes
     * @throws IOException the port is taken
     */
    PlainSegments(Network network, Strands strands, Clock clock, AddressSpaces spaces, int pageSize)
            throws IOException {
        this.network = network;
        this.strands = strands;
        this.clock = clock;
        this.spaces = spaces;
        this.pageSize = pageSize;
        listener = network.listen(IpAddress.ANY6, PORT, 16);
        strands.fork("shared memory, port " + PORT, this::accept);
    }

    /**
     * Makes this kernel a member of a segment.
     *
     * @throws IOException its home does not answer, or does not want us
     */
    Node open(SegmentName name) throws IOException {
        if (nodes.size() >= MOST || closed) {
            throw new IOException(name + ": " + (closed ? STOPPED : "there are too many segments"));
        }
        Node node = new Node(name.toString(), spaces, pageSize, clock);
        try {
            if (isHere(name.home())) {
                member(name.name(), home -> {
                    node.setManager(home);
                    return node;
                });
                node.begin(strands);
            } else {
                join(name, node);
            }
        } catch (IOException e) {
            node.object().close();
            throw e;
        }
        nodes.put(node, name);
        if (closed) {
            node.leave(STOPPED);
        }
        return node;
    }

    /** Nobody here maps it any more. */
    void release(Node node) {
        nodes.remove(node);
        node.leave("it is mapped no longer");
    }

    private boolean isHere(IpAddress address) {
        return address.equals(IpAddress.LOOPBACK) || address.equals(IpAddress.LOOPBACK6)
                || network.addresses().stream().anyMatch(one -> one.address().equals(address));
    }

    /** Makes a member of a segment whose home is here. */
    private <M extends Member> M member(String name, Function<Home, M> maker) throws IOException {
        while (true) {
            if (closed || homes.size() >= MOST && !homes.containsKey(name)) {
                throw new IOException(name + (closed ? ": its home was stopped" : ": its home has too many segments"));
            }
            Home home = homes.computeIfAbsent(name, this::make);
            M member = maker.apply(home);
            if (home.join(member)) {
                return member;
            }
            homes.remove(name, home); // its last member has just left
        }
    }

    private Home make(String name) {
        Home[] made = new Home[1];
        made[0] = new Home(spaces.object(Pager.ZERO), pageSize, () -> homes.remove(name, made[0]));
        return made[0];
    }

    private void join(SegmentName name, Node node) throws IOException {
        TcpConnection connection = network.connect(name.home(), PORT, MEMBERS_SILENCE * SECOND);
        try {
            connection.setReadTimeout(MEMBERS_SILENCE * SECOND);
            Message.text(Message.Kind.JOIN, pageSize, name.name()).write(connection);
            Message answer = Message.read(connection);
            if (answer.kind() != Message.Kind.WELCOME) {
                throw new IOException(name + ": " + answer.text());
            }
        } catch (IOException e) {
            connection.abort();
            throw e;
        }
        Link link = new Link(connection);
        RemoteManager manager = new RemoteManager(link, node);
        node.setManager(manager);
        node.begin(strands);
        link.begin(strands, MEMBERS_SILENCE, manager);
    }

    private void accept() {
        while (!closed) {
            try {
                TcpConnection connection = listener.accept();
                joining.add(connection);
                strands.fork("shared memory, " + connection.remoteAddress(), () -> welcome(connection));
            } catch (java.io.InterruptedIOException e) {
                continue;
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void welcome(TcpConnection connection) {
        try {
            connection.setReadTimeout(HOMES_SILENCE * SECOND);
            Message message = Message.read(connection);
            if (message.kind() != Message.Kind.JOIN || message.offset() != pageSize) {
                throw new IOException("pages here have " + pageSize + " bytes, not " + message.offset());
            }
            Link link = new Link(connection);
            RemoteMember member = member(message.text(), home -> new RemoteMember(link, home, pageSize));
            link.send(Message.of(Message.Kind.WELCOME));
            link.begin(strands, HOMES_SILENCE, member);
            if (closed) {
                member.end("its home was stopped");
            }
        } catch (IOException e) {
            refuse(connection, e.getMessage());
        } finally {
            joining.remove(connection);
        }
    }

    private void refuse(TcpConnection connection, String reason) {
        try {
            Message.text(Message.Kind.END, 0, reason).write(connection);
            connection.close();
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "{0}: {1}", connection.remoteAddress(), reason);
            connection.abort();
        }
    }

    /** The segments, for people, a line each. */
    List<String> list() {
        List<String> lines = new ArrayList<>();
        homes.forEach((name, home) -> lines.add("%s: home of it, %d members".formatted(name, home.members())));
        nodes.forEach((node, name) -> lines.add("%s: %d pages here, %d of them to write to; %s".formatted(name,
                node.pages()[0], node.pages()[1], node.faults())));
        return lines;
    }

    /** Leaves all segments, and ends those whose home is here. */
    void close() {
        closed = true;
        listener.close();
        joining.forEach(TcpConnection::abort);
        nodes.keySet().forEach(node -> node.leave(STOPPED));
        try {
            for (Node node : nodes.keySet()) {
                node.join(MEMBERS_SILENCE * SECOND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        homes.values().forEach(home -> home.end("its home was stopped"));
    }
}
