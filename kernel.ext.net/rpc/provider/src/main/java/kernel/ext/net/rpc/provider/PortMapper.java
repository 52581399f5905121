package kernel.ext.net.rpc.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcCall;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/**
 * Tells at which port a program is (RFC 1833): the port mapper, version 2, and rpcbind, versions 3 and 4. Programs of this machine
 * can say where they are, those of others cannot. Not: CALLIT and its like, statistics. Thread-safe.
 */
final class PortMapper {

    private static final int SET = 1, UNSET = 2, GETPORT = 3, DUMP = 4, GETTIME = 6, GETVERSADDR = 9;
    private static final int FOREIGN = 256;

    private final Programs programs;
    private final java.util.function.LongSupplier seconds;
    /** Where programs of this machine said they are. */
    private final List<Rpc.Mapping> foreign = new CopyOnWriteArrayList<>();

    PortMapper(Programs programs, java.util.function.LongSupplier seconds) {
        this.programs = programs;
        this.seconds = seconds;
    }

    private List<Rpc.Mapping> all() {
        List<Rpc.Mapping> all = new ArrayList<>(programs.mappings());
        all.addAll(foreign);
        return all;
    }

    /** The port of a program: in that version, else in any, whose server tells which there are; 0 if there is none. */
    private int port(int program, int version, int protocol) {
        int found = 0;
        for (Rpc.Mapping one : all()) {
            if (one.program() == program && one.protocol() == protocol) {
                if (one.version() == version) {
                    return one.port();
                }
                found = one.port();
            }
        }
        return found;
    }

    private boolean set(RpcCall call, int program, int version, int protocol, int port) {
        boolean taken = all().stream().anyMatch(
                one -> one.program() == program && one.version() == version && one.protocol() == protocol);
        if (!call.from().equals(IpAddress.LOOPBACK) || taken || foreign.size() >= FOREIGN || port < 1
                || port > 65535) {
            return false;
        }
        foreign.add(new Rpc.Mapping(program, version, protocol, port, "", 0));
        return true;
    }

    private boolean unset(RpcCall call, int program, int version) {
        return call.from().equals(IpAddress.LOOPBACK)
                && foreign.removeIf(one -> one.program() == program && one.version() == version);
    }

    /** Version 2. */
    void serve2(RpcCall call, XdrReader in, XdrWriter out) throws XdrException, RpcException {
        switch (call.procedure()) {
            case SET -> out.putBoolean(set(call, in.getInt(), in.getInt(), in.getInt(), in.getInt()));
            case UNSET -> out.putBoolean(unset(call, in.getInt(), in.getInt()));
            case GETPORT -> out.putInt(port(in.getInt(), in.getInt(), in.getInt()));
            case DUMP -> {
                for (Rpc.Mapping one : all()) {
                    out.putBoolean(true).putInt(one.program()).putInt(one.version()).putInt(one.protocol())
                            .putInt(one.port());
                }
                out.putBoolean(false);
            }
            default -> throw call.noSuchProcedure();
        }
    }

    /** Versions 3 and 4. */
    void serve3(RpcCall call, IpAddress own, XdrReader in, XdrWriter out) throws XdrException, RpcException {
        switch (call.procedure()) {
            case SET, UNSET -> {
                int program = in.getInt();
                int version = in.getInt();
                String net = in.getString(32);
                int port = portOf(in.getString(256));
                out.putBoolean(call.procedure() == UNSET
                        ? unset(call, program, version)
                        : set(call, program, version, net.equals("udp") ? 17 : net.equals("tcp") ? 6 : -1, port));
            }
            case GETPORT, GETVERSADDR -> { // GETADDR
                int port = port(in.getInt(), in.getInt(), call.transport().protocol());
                out.putString(port == 0 ? "" : universal(own, port));
            }
            case DUMP -> {
                for (Rpc.Mapping one : all()) {
                    out.putBoolean(true).putInt(one.program()).putInt(one.version());
                    out.putString(one.protocol() == RpcTransport.UDP.protocol() ? "udp" : "tcp");
                    out.putString(universal(IpAddress.ANY, one.port())).putString("superuser");
                }
                out.putBoolean(false);
            }
            case GETTIME -> out.putInt((int) seconds.getAsLong());
            default -> throw call.noSuchProcedure();
        }
    }

    /** An address and a port as rpcbind writes them (RFC 5665 section 5.2.3.3). */
    private static String universal(IpAddress address, int port) {
        return (address.isAny() ? "0.0.0.0" : address.toString()) + "." + (port >> 8) + "." + (port & 255);
    }

    private static int portOf(String universal) {
        String[] parts = universal.split("\\.");
        try {
            return parts.length < 2
                    ? 0
                    : Integer.parseInt(parts[parts.length - 2]) << 8 | Integer.parseInt(parts[parts.length - 1]);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
