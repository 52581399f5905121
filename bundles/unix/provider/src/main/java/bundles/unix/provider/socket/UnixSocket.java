package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import kernel.core.machine.Clock;

/**
 * A socket of the UNIX family (unix(7)). The monitor guards its name and what the kinds keep besides; of two sockets only one is
 * held at a time.
 */
public abstract sealed class UnixSocket extends Socket permits UnixStream, UnixDatagram {

    /** Bytes of {@code struct sockaddr_un}. */
    static final int LONGEST = 110;
    /** The address of a socket without a name. */
    static final byte[] UNNAMED = {AF_UNIX, 0};

    private final UnixNames names;
    /** {@code struct sockaddr_un}. */
    private volatile byte[] address = UNNAMED;
    private UnixNames.Name name;

    UnixSocket(UnixNames names, int type, int flags, Clock clock) {
        super(AF_UNIX, type, 0, flags, clock, Inbox.ROOM);
        this.names = names;
    }

    final UnixNames names() {
        return names;
    }

    @Override
    public final byte[] local() {
        return address;
    }

    /** A socket has the name of the one at which it was connected to. */
    final void setAddress(byte[] newAddress) {
        address = newAddress;
    }

    /** The name in an address; empty if it has none. */
    static byte[] name(byte[] address) throws ErrnoException {
        if (address.length < 2 || address.length > LONGEST || family(address) != AF_UNIX) {
            throw Errno.EINVAL.exception();
        }
        int end = address.length;
        if (end > 2 && address[2] != 0) {
            for (end = 2; end < address.length && address[end] != 0;) {
                end++;
            }
        }
        return Arrays.copyOfRange(address, 2, end);
    }

    /** The address of a name. */
    static byte[] address(byte[] name) {
        boolean path = name.length > 0 && name[0] != 0;
        byte[] address = new byte[2 + name.length + (path ? 1 : 0)];
        address[0] = AF_UNIX;
        System.arraycopy(name, 0, address, 2, name.length);
        return address;
    }

    @Override
    public final void bind(byte[] wanted, Caller caller) throws ErrnoException, IOException {
        byte[] bytes = name(wanted);
        synchronized (this) {
            if (name != null) {
                // What is in use is told before that this has a name already, as on Linux.
                names.check(bytes, caller);
                throw Errno.EINVAL.exception();
            }
            if (bytes.length == 0) {
                bindAnywhere();
            } else {
                name = names.add(bytes, this, caller);
                address = address(bytes);
            }
        }
    }

    /** Gives it an abstract name that nobody has (unix(7): autobind). */
    final synchronized void bindAnywhere() throws ErrnoException, IOException {
        for (int number = System.identityHashCode(this) & 0xFFFFF; name == null; number = number + 1 & 0xFFFFF) {
            byte[] bytes = ("\0%05x".formatted(number)).getBytes(StandardCharsets.ISO_8859_1);
            try {
                name = names.add(bytes, this, null);
                address = address(bytes);
            } catch (ErrnoException e) {
                if (e.errno() != Errno.EADDRINUSE) {
                    throw e;
                }
            }
        }
    }

    /** The socket that an address is of. */
    final UnixSocket find(byte[] wanted, Caller caller) throws ErrnoException, IOException {
        byte[] bytes = name(wanted);
        if (bytes.length == 0) {
            throw Errno.ECONNREFUSED.exception();
        }
        UnixSocket found = names.find(bytes, caller);
        if (found.type() != type()) {
            throw Errno.EPROTOTYPE.exception();
        }
        return found;
    }

    /** Forgets its name. */
    final void unbind() {
        UnixNames.Name old;
        synchronized (this) {
            old = name;
            name = null;
        }
        if (old != null) {
            names.remove(old, this);
        }
    }
}
