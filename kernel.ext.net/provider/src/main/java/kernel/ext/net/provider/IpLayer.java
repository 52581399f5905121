package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpOutput;
import kernel.ext.net.api.PacketBuffer;

/** The way down for transports: the destination says by which family. Used in the stack's strand. */
final class IpLayer implements IpOutput {

    private final Stack stack;

    IpLayer(Stack stack) {
        this.stack = stack;
    }

    private IpOutput by(IpAddress destination) {
        return destination.isV4() ? stack.ipv4 : stack.ipv6;
    }

    @Override
    public PacketBuffer take(int count) {
        return stack.pool.take(Stack.HEADROOM, count);
    }

    @Override
    public void send(PacketBuffer payload, IpAddress source, IpAddress destination, int protocol, int ttl,
            boolean whole, long now) {
        by(destination).send(payload, source, destination, protocol, ttl, whole, now);
    }

    @Override
    public int largest(IpAddress destination) {
        return by(destination).largest(destination);
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
        return by(destination).sourceFor(destination);
    }

    @Override
    public boolean intact(IpAddress destination) {
        return by(destination).intact(destination);
    }
}
