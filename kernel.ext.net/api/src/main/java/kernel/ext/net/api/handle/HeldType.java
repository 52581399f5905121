package kernel.ext.net.api.handle;

import java.io.IOException;
import kernel.ext.net.api.EthernetEndpoint;
import kernel.ext.net.api.EthernetReceive;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.Packet;

/** An Ethernet type that an application has taken, whatever stack serves it. Thread-safe: by the lock of its handles. */
public final class HeldType extends Held<EthernetEndpoint> implements EthernetEndpoint {

    private final int type;
    private final String name;
    private final EthernetReceive handler;

    /** Takes a type. See {@link kernel.ext.net.api.Network#bindEthernet}. */
    public HeldType(Handles handles, int type, String name, EthernetReceive handler) throws IOException {
        super(handles, EthernetEndpoint::close);
        this.type = type;
        this.name = name;
        this.handler = handler;
        handles.enter();
        try {
            count(0);
            behind = handles.stack().bindEthernet(type, name, handler);
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
            behind = to.bindEthernet(type, name, handler);
        } catch (IOException e) {
            over = true;
        }
        return !over;
    }

    private EthernetEndpoint behind() throws NetworkException {
        if (!over) {
            handles.stack();
        }
        if (behind == null) {
            throw new NetworkException(NetworkException.Reason.SHUT, "The Ethernet type was given back");
        }
        return behind;
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public void send(String by, long destination, byte[] bytes, int offset, int count) throws IOException {
        handles.enter();
        try {
            behind().send(by, destination, bytes, offset, count);
        } finally {
            handles.leave();
        }
    }

    @Override
    public void answer(Packet frame, byte[] bytes, int offset, int count) throws IOException {
        handles.enter();
        try {
            behind().answer(frame, bytes, offset, count);
        } finally {
            handles.leave();
        }
    }
}
