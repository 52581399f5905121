package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.SpecialNodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of UNIX sockets: abstract ones, and paths, for which {@link SpecialNodes} have the nodes. Thread-safe: the monitor
 * guards the abstract names.
 */
public final class UnixNames {

    /** A name that a socket has: of an abstract one the bytes, of a path null. */
    record Name(ByteBuffer bytes) {}

    private final Map<ByteBuffer, UnixSocket> abstractNames = new HashMap<>();
    private final SpecialNodes nodes;

    /** @param nodes where sockets with paths are */
    public UnixNames(SpecialNodes nodes) {
        this.nodes = nodes;
    }

    /** Gives a socket a name. @throws ErrnoException EADDRINUSE */
    Name add(byte[] bytes, UnixSocket socket, Caller caller) throws ErrnoException, IOException {
        if (bytes[0] == 0) {
            ByteBuffer name = ByteBuffer.wrap(bytes);
            synchronized (this) {
                if (abstractNames.putIfAbsent(name, socket) != null) {
                    throw Errno.EADDRINUSE.exception();
                }
            }
            return new Name(name);
        }
        Path path = caller.path(new String(bytes, StandardCharsets.UTF_8));
        try {
            Files.createFile(path, HostFiles.create(path, 0777 & ~caller.umask()));
        } catch (FileAlreadyExistsException e) {
            throw Errno.EADDRINUSE.exception();
        }
        nodes.add(path, FileStatus.S_IFSOCK, socket);
        return new Name(null);
    }

    /** Looks whether a name is free. @throws ErrnoException EADDRINUSE */
    void check(byte[] bytes, Caller caller) throws ErrnoException {
        boolean used;
        if (bytes.length > 0 && bytes[0] == 0) {
            synchronized (this) {
                used = abstractNames.containsKey(ByteBuffer.wrap(bytes));
            }
        } else {
            used = bytes.length > 0 && Files.exists(caller.path(new String(bytes, StandardCharsets.UTF_8)));
        }
        if (used) {
            throw Errno.EADDRINUSE.exception();
        }
    }

    /** The socket of a name. @throws ErrnoException ECONNREFUSED: none; ENOENT: not even a file */
    UnixSocket find(byte[] bytes, Caller caller) throws ErrnoException, IOException {
        Object found;
        if (bytes[0] == 0) {
            synchronized (this) {
                found = abstractNames.get(ByteBuffer.wrap(bytes));
            }
        } else {
            Path path = caller.path(new String(bytes, StandardCharsets.UTF_8));
            FileStatus status = HostFiles.status(path, true);
            if (!Files.isWritable(path)) {
                throw Errno.EACCES.exception();
            }
            found = nodes.find(status);
        }
        if (found instanceof UnixSocket socket && !socket.closed()) {
            return socket;
        }
        throw Errno.ECONNREFUSED.exception();
    }

    /** A name is free again; a path stays, without a socket, until somebody removes it. */
    synchronized void remove(Name name, UnixSocket socket) {
        if (name.bytes() != null) {
            abstractNames.remove(name.bytes(), socket);
        }
    }
}
