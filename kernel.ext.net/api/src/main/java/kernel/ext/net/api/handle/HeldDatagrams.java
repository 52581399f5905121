package kernel.ext.net.api.handle;

import java.io.IOException;
import java.util.function.Consumer;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;

/** A port for datagrams, whatever stack serves it. Thread-safe: by the lock of its handles. */
public final class HeldDatagrams extends Held<UdpEndpoint> implements UdpEndpoint {

    private final String name;
    private final UdpReceive handler;
    private final int port;
    private Consumer<NetworkException> troubled;

    /** Takes a port. See {@link kernel.ext.net.api.Network#bind}. */
    public HeldDatagrams(Handles handles, int port, String name, UdpReceive handler) throws IOException {
        super(handles, UdpEndpoint::close);
        this.name = name;
        this.handler = handler;
        handles.enter();
        try {
            count(0);
            behind = handles.stack().bind(port, name, handler);
            this.port = behind.port();
            handles.add(this);
        } catch (IOException | RuntimeException e) {
            uncount();
            throw e;
        } finally {
            handles.leave();
        }
    }

    @Override
    public boolean bind(StackInForce to) {
        try {
            behind = to.bind(port, name, handler);
            behind.onTrouble(troubled);
            return true;
        } catch (IOException e) {
            ended(NetworkException.of("The network was stopped", e.getMessage()));
            return false;
        }
    }

    @Override
    public void unbound() {
        behind.onTrouble(null);
        super.unbound();
    }

    @Override
    public void ended(NetworkException why) {
        super.ended(why);
        if (troubled != null) {
            troubled.accept(why);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void send(IpAddress to, int toPort, byte[] bytes, int offset, int count) throws IOException {
        handles.enter();
        try {
            if (behind == null) {
                awaitStack();
            }
            behind.send(to, toPort, bytes, offset, count);
        } finally {
            handles.leave();
        }
    }

    private void awaitStack() throws NetworkException {
        if (!over) {
            handles.stack();
        }
        if (behind == null) {
            throw NetworkException.of("The network was stopped", "");
        }
    }

    @Override
    public void onTrouble(Consumer<NetworkException> listener) {
        handles.enter();
        try {
            troubled = listener;
            if (behind != null) {
                behind.onTrouble(listener);
            }
        } finally {
            handles.leave();
        }
    }
}
