package run.itest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcCall;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/**
 * One folder with one file, served by the programs of NFS version 3 (RFC 1813): as much as a client needs to mount, list and read it. A
 * proof of the remote procedure calls below it, not a file server.
 */
final class Export {

    static final String FOLDER = "/export", NAME = "file";
    private static final int MOUNT = 100005, NFS = 100003, VERSION = 3;
    private static final int OK = 0, NO_ENTRY = 2, NOT_A_FOLDER = 20, STALE = 70;
    private static final int REGULAR = 1, DIRECTORY = 2;
    private static final int ROOT = 1, FILE = 2;
    private static final int MOST = 1 << 16;

    private final byte[] content;
    /** Who called, as he said (AUTH_SYS). */
    volatile int user = -1;

    Export(byte[] content) {
        this.content = content.clone();
    }

    void serve(Rpc rpc) throws IOException {
        rpc.serve(MOUNT, VERSION, 0, "mount", this::mount);
        rpc.serve(NFS, VERSION, 2049, "nfs", this::nfs);
    }

    private void mount(RpcCall call, XdrReader in, XdrWriter out) throws XdrException, RpcException {
        switch (call.procedure()) {
            case 1 -> { // MNT
                if (in.getString(1024).replaceAll("/+$", "").equals(FOLDER)) {
                    handle(out.putInt(OK), ROOT);
                    out.putInt(1).putInt(1); // one flavour, AUTH_SYS
                } else {
                    out.putInt(NO_ENTRY);
                }
            }
            case 2 -> out.putBoolean(false); // DUMP: nobody
            case 3 -> in.getString(1024); // UMNT
            case 5 -> out.putBoolean(true).putString(FOLDER).putBoolean(false).putBoolean(false); // EXPORT: to everybody
            default -> throw call.noSuchProcedure();
        }
    }

    private void nfs(RpcCall call, XdrReader in, XdrWriter out) throws XdrException, RpcException {
        user = call.user();
        byte[] handle = in.getOpaque(64);
        int which = handle.length == 4 ? ByteBuffer.wrap(handle).getInt() : 0;
        if (which != ROOT && which != FILE) {
            out.putInt(STALE);
            if (call.procedure() != 1) {
                out.putBoolean(false);
            }
            return;
        }
        switch (call.procedure()) {
            case 1 -> attributes(out.putInt(OK), which); // GETATTR
            case 3 -> lookup(which, in.getString(255), out);
            case 4 -> attributes(out.putInt(OK).putBoolean(true), which).putInt(in.getInt() & 0x23); // ACCESS: to read
            case 6 -> read(which, in.getLong(), in.getInt(), out);
            case 16, 17 -> list(call.procedure() == 17, which, in.getLong(), out);
            case 18 -> { // FSSTAT: bytes and files, free ones, and for how long that holds
                attributes(out.putInt(OK).putBoolean(true), which);
                List.of((long) content.length, 0L, 0L, 2L, 0L, 0L).forEach(out::putLong);
                out.putInt(0);
            }
            case 19 -> { // FSINFO: sizes of reads, writes and lists, of files, the clock's step, what there is
                attributes(out.putInt(OK).putBoolean(true), which);
                List.of(MOST, MOST, 1, MOST, MOST, 1, MOST).forEach(out::putInt);
                out.putLong(Long.MAX_VALUE).putInt(0).putInt(1).putInt(8);
            }
            case 20 -> { // PATHCONF
                attributes(out.putInt(OK).putBoolean(true), which).putInt(1).putInt(255);
                List.of(true, true, false, true).forEach(out::putBoolean);
            }
            default -> throw call.noSuchProcedure();
        }
    }

    private static XdrWriter handle(XdrWriter out, int which) {
        return out.putOpaque(ByteBuffer.allocate(4).putInt(which).array(), 0, 4);
    }

    private XdrWriter attributes(XdrWriter out, int which) {
        long size = which == ROOT ? 4096 : content.length;
        out.putInt(which == ROOT ? DIRECTORY : REGULAR).putInt(which == ROOT ? 0755 : 0644).putInt(1).putInt(0)
                .putInt(0);
        out.putLong(size).putLong(size).putInt(0).putInt(0).putLong(1).putLong(which);
        return out.putLong(0).putLong(0).putLong(0); // times
    }

    private void lookup(int which, String name, XdrWriter out) {
        if (which != ROOT) {
            out.putInt(NOT_A_FOLDER).putBoolean(false);
        } else if (name.equals(NAME)) {
            attributes(handle(out.putInt(OK), FILE).putBoolean(true), FILE).putBoolean(false);
        } else {
            out.putInt(NO_ENTRY).putBoolean(false);
        }
    }

    private void read(int which, long offset, int wanted, XdrWriter out) {
        int from = Math.clamp(offset, 0, content.length);
        int count = which == ROOT ? 0 : Math.clamp(wanted, 0, Math.min(MOST, content.length - from));
        attributes(out.putInt(OK).putBoolean(true), which).putInt(count).putBoolean(from + count == content.length)
                .putOpaque(content, from, count);
    }

    private void list(boolean plus, int which, long cookie, XdrWriter out) {
        attributes(out.putInt(which == ROOT ? OK : NOT_A_FOLDER).putBoolean(true), which);
        if (which != ROOT) {
            return;
        }
        out.putLong(0);
        List<String> names = List.of(".", "..", NAME);
        for (int i = (int) cookie; i < names.size(); i++) {
            int entry = i == 2 ? FILE : ROOT;
            out.putBoolean(true).putLong(entry).putString(names.get(i)).putLong(i + 1);
            if (plus) {
                handle(attributes(out.putBoolean(true), entry).putBoolean(true), entry);
            }
        }
        out.putBoolean(false).putBoolean(true);
    }
}
