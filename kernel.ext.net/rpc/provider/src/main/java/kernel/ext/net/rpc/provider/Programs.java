package kernel.ext.net.rpc.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcCall;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcHandler;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/** The programs that are served, and what answers a call. Thread-safe: concurrent tables. */
final class Programs {

    /** A version of a program. */
    static final class Program {
        final int number;
        final int version;
        final int port;
        final String name;
        final RpcHandler handler;
        final AtomicLong calls = new AtomicLong();
        final AtomicLong failures = new AtomicLong();

        Program(int number, int version, int port, String name, RpcHandler handler) {
            this.number = number;
            this.version = version;
            this.port = port;
            this.name = name;
            this.handler = handler;
        }
    }

    private static final int TOLD = 10;

    private final System.Logger log = System.getLogger(Programs.class.getName());
    private final Map<Integer, ConcurrentSkipListMap<Integer, Program>> programs = new ConcurrentHashMap<>();

    /** @return false if somebody serves it already */
    boolean add(Program program) {
        return programs.computeIfAbsent(program.number, _ -> new ConcurrentSkipListMap<>())
                .putIfAbsent(program.version, program) == null;
    }

    void remove(Program program) {
        programs.computeIfPresent(program.number, (_, versions) -> {
            versions.remove(program.version, program);
            return versions.isEmpty() ? null : versions;
        });
    }

    List<Program> all() {
        List<Program> all = new ArrayList<>();
        new TreeMap<>(programs).values().forEach(versions -> all.addAll(versions.values()));
        return all;
    }

    /** What is served here, as a port mapper tells it. */
    List<Rpc.Mapping> mappings() {
        List<Rpc.Mapping> all = new ArrayList<>();
        for (Program one : all()) {
            for (RpcTransport transport : RpcTransport.values()) {
                all.add(new Rpc.Mapping(one.number, one.version, transport.protocol(), one.port, one.name,
                        one.calls.get()));
            }
        }
        return all;
    }

    /**
     * Serves a call.
     *
     * @param in the whole message
     * @param out is given the answer
     * @return false if there is no answer, since it was no call
     */
    boolean serve(XdrReader in, XdrWriter out, IpAddress from, int fromPort, RpcTransport transport) {
        int xid;
        try {
            xid = in.getInt();
            if (in.getInt() != Messages.CALL) {
                return false;
            }
            if (in.getInt() != Messages.VERSION) {
                Messages.denied(out, xid, Messages.RPC_MISMATCH, Messages.VERSION, Messages.VERSION);
                return true;
            }
        } catch (XdrException e) {
            return false;
        }
        try {
            int number = in.getInt();
            int version = in.getInt();
            int procedure = in.getInt();
            int flavour = in.getInt();
            byte[] credentials = in.getOpaque(Messages.CREDENTIALS);
            in.getInt();
            in.getOpaque(Messages.CREDENTIALS);
            int[] user = user(flavour, credentials);
            if (user == null) {
                Messages.denied(out, xid, Messages.AUTH_ERROR,
                        flavour == Messages.AUTH_SYS ? Messages.AUTH_BADCRED : Messages.AUTH_REJECTEDCRED, 0);
                return true;
            }
            serve(new RpcCall(from, fromPort, transport, number, version, procedure, user[0], user[1]), xid, in, out);
        } catch (XdrException e) {
            Messages.accepted(out, xid, Messages.GARBAGE_ARGS);
        }
        return true;
    }

    /** User and group that credentials name, -1 if they name none; null if they are not taken. */
    private static int[] user(int flavour, byte[] credentials) {
        if (flavour == Messages.AUTH_NONE) {
            return new int[]{-1, -1};
        }
        if (flavour != Messages.AUTH_SYS) {
            return null;
        }
        try {
            XdrReader in = new XdrReader(credentials, 0, credentials.length);
            in.getInt(); // a stamp
            in.getString(255);
            return new int[]{in.getInt(), in.getInt()};
        } catch (XdrException e) {
            return null;
        }
    }

    private void serve(RpcCall call, int xid, XdrReader in, XdrWriter out) {
        ConcurrentSkipListMap<Integer, Program> versions = programs.get(call.program());
        if (versions == null || versions.isEmpty()) {
            Messages.accepted(out, xid, Messages.PROG_UNAVAIL);
            return;
        }
        Program program = versions.get(call.version());
        if (program == null) {
            Messages.accepted(out, xid, Messages.PROG_MISMATCH).putInt(versions.firstKey()).putInt(versions.lastKey());
            return;
        }
        program.calls.incrementAndGet();
        int start = out.length();
        Messages.accepted(out, xid, Messages.SUCCESS);
        if (call.procedure() == 0) {
            return;
        }
        int status;
        try {
            program.handler.serve(call, in, out);
            return;
        } catch (XdrException e) {
            status = Messages.GARBAGE_ARGS;
        } catch (RpcException e) {
            status = Messages.status(e.reason());
        } catch (RuntimeException e) {
            status = Messages.SYSTEM_ERR;
            if (program.failures.incrementAndGet() <= TOLD) { // callers must not be able to fill the log
                log.log(System.Logger.Level.ERROR, "procedure " + call.procedure() + " of " + program.name + " failed",
                        e);
            }
        }
        out.truncate(start);
        Messages.accepted(out, xid, status);
    }
}
