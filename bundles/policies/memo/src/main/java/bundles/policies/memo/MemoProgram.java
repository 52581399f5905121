package bundles.policies.memo;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcCall;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcHandler;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Notes by name, for whoever calls. The README has the program in RPC's own language. Thread-safe. */
@Component(service = {}, immediate = true)
public final class MemoProgram implements RpcHandler {

    /** Number of the program, of those for one's own. */
    public static final int NUMBER = 0x2053_5049;
    /** Its version. */
    public static final int VERSION = 1;
    /** Its procedures. */
    public static final int PUT = 1, GET = 2, LIST = 3, REMOVE = 4;
    private static final int NAME = 64, NOTE = 8192, MOST = 1000;

    private final Map<String, byte[]> notes = new ConcurrentHashMap<>();
    private final Rpc.Served served;

    /** Made by Declarative Services: serves from now on. */
    @Activate
    public MemoProgram(@Reference Rpc rpc) throws IOException {
        served = rpc.serve(NUMBER, VERSION, 0, "memo", this);
    }

    @Deactivate
    void stop() {
        served.close();
    }

    @Override
    public void serve(RpcCall call, XdrReader in, XdrWriter out) throws XdrException, RpcException {
        switch (call.procedure()) {
            case PUT -> {
                String name = in.getString(NAME);
                byte[] note = in.getOpaque(NOTE);
                boolean room = notes.size() < MOST || notes.containsKey(name);
                if (room) {
                    notes.put(name, note);
                }
                out.putBoolean(room);
            }
            case GET -> {
                byte[] note = notes.get(in.getString(NAME));
                out.putBoolean(note != null);
                if (note != null) {
                    out.putOpaque(note, 0, note.length);
                }
            }
            case LIST -> {
                List<String> names = notes.keySet().stream().sorted().toList();
                out.putInt(names.size());
                names.forEach(out::putString);
            }
            case REMOVE -> out.putBoolean(notes.remove(in.getString(NAME)) != null);
            default -> throw call.noSuchProcedure();
        }
    }
}
