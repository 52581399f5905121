package kernel.ext.net.rpc.provider;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcClient;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcHandler;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/** Remote procedure calls without OSGi. Thread-safe: ports by its monitor. */
public class PlainRpc implements Rpc, AutoCloseable {

    private final Network network;
    private final Strands strands;
    private final Clock clock;
    private final Programs programs = new Programs();
    private final Map<Integer, Door> doors = new HashMap<>();
    private final Map<Door, Integer> users = new HashMap<>();
    private Door shared;

    /** Serves nothing yet; see {@link #mapPorts}. */
    public PlainRpc(Network network, Strands strands, Clock clock) {
        this.network = network;
        this.strands = strands;
        this.clock = clock;
    }

    /**
     * Begins to tell where programs are, at port {@value Rpc#PORTMAPPER_PORT}.
     *
     * @throws IOException somebody has the port
     */
    public final void mapPorts() throws IOException {
        PortMapper mapper = new PortMapper(programs, () -> clock.realTime() / 1_000_000_000L);
        serve(PORTMAPPER, 2, PORTMAPPER_PORT, "portmapper", mapper::serve2);
        for (int version = 3; version <= 4; version++) {
            serve(PORTMAPPER, version, PORTMAPPER_PORT, "rpcbind", (call, in, out) -> {
                IpAddress own = network.sourceFor(call.from());
                mapper.serve3(call, own == null ? IpAddress.ANY : own, in, out);
            });
        }
    }

    @Override
    public synchronized Served serve(int program, int version, int port, String name, RpcHandler handler)
            throws IOException {
        Door door = door(port);
        Programs.Program own = new Programs.Program(program, version, door.port(), name, handler);
        if (!programs.add(own)) {
            leave(door);
            throw new IOException("Somebody serves version " + version + " of program " + program + " already");
        }
        return new Served() {
            private boolean closed;

            @Override
            public int port() {
                return door.port();
            }

            @Override
            public void close() {
                synchronized (PlainRpc.this) {
                    if (!closed) {
                        closed = true;
                        programs.remove(own);
                        leave(door);
                    }
                }
            }
        };
    }

    private Door door(int port) throws IOException {
        Door door = port == 0 ? shared : doors.get(port);
        if (door == null) {
            door = new Door(network, strands, programs, port);
            doors.put(door.port(), door);
            shared = port == 0 ? door : shared;
        }
        users.merge(door, 1, Integer::sum);
        return door;
    }

    private void leave(Door door) {
        if (users.merge(door, -1, Integer::sum) == 0) {
            users.remove(door);
            doors.remove(door.port());
            shared = shared == door ? null : shared;
            door.close();
        }
    }

    @Override
    public synchronized void close() {
        doors.values().forEach(Door::close);
        doors.clear();
        users.clear();
        shared = null;
    }

    @Override
    public RpcClient client(RpcTransport transport, IpAddress address, int port, int program, int version,
            long timeout) throws IOException {
        int there = port == 0 ? portOf(transport, address, program, version, timeout) : port;
        return transport == RpcTransport.UDP
                ? new DatagramCaller(network, clock, address, there, program, version)
                : new StreamCaller(network.connect(address, there, timeout), strands, clock, program, version);
    }

    private int portOf(RpcTransport transport, IpAddress address, int program, int version, long timeout)
            throws IOException {
        try (RpcClient mapper = client(transport, address, PORTMAPPER_PORT, PORTMAPPER, 2, timeout)) {
            XdrWriter arguments = new XdrWriter().putInt(program).putInt(version).putInt(transport.protocol())
                    .putInt(0);
            int there = mapper.call(3, arguments, timeout).getInt();
            if (there < 1 || there > 65535) {
                throw new RpcException(RpcException.Reason.PROGRAM_UNAVAILABLE,
                        "The port mapper of " + address + " knows no program " + program + " by " + transport);
            }
            return there;
        }
    }

    @Override
    public List<Mapping> mappings(IpAddress address, long timeout) throws IOException {
        try (RpcClient mapper = client(RpcTransport.TCP, address, PORTMAPPER_PORT, PORTMAPPER, 2, timeout)) {
            XdrReader in = mapper.call(4, new XdrWriter(), timeout);
            List<Mapping> all = new ArrayList<>();
            while (in.getBoolean()) {
                all.add(new Mapping(in.getInt(), in.getInt(), in.getInt(), in.getInt(), "", 0));
            }
            return all;
        }
    }

    @Override
    public List<Mapping> served() {
        return programs.mappings();
    }
}
