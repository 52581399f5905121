package kernel.ext.net.api.handle;

import java.io.IOException;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.TransportDivert;

/** Diverted ports, whatever stack serves them. Thread-safe: by the lock of its handles. */
public final class HeldDoor extends Held<Diversion> implements Diversion {

    private final int protocol;
    private final int port;
    private final int firstBack;
    private final int backs;
    private final String name;
    private final TransportDivert handler;

    /** Diverts ports. See {@link kernel.ext.net.api.Network#divert}. */
    public HeldDoor(Handles handles, int protocol, int port, int backs, String name, TransportDivert handler)
            throws IOException {
        super(handles, Diversion::close);
        this.protocol = protocol;
        this.port = port;
        this.backs = backs;
        this.name = name;
        this.handler = handler;
        handles.enter();
        try {
            count(Math.max(0, backs));
            behind = handles.stack().divert(protocol, port, 0, backs, name, handler);
            firstBack = behind.firstBack();
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
            behind = to.divert(protocol, port, firstBack, backs, name, handler);
        } catch (IOException e) {
            over = true;
        }
        return !over;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int firstBack() {
        return firstBack;
    }

    @Override
    public int backs() {
        return backs;
    }

    @Override
    public int door() {
        return protocol << 16 | port;
    }

    @Override
    public boolean send(Packet packet, IpAddress source, int sourcePort, IpAddress destination, int destinationPort,
            long now) throws IOException {
        handles.enter();
        try {
            if (behind == null) {
                throw new NetworkException(NetworkException.Reason.NOT_OURS, "This packet is not being handled");
            }
            return behind.send(packet, source, sourcePort, destination, destinationPort, now);
        } finally {
            handles.leave();
        }
    }
}
