package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What was sent to a UNIX socket and not received. The monitor guards it; nothing is called with it held. Who watches is told,
 * without it, when something was put in or taken out, or nothing will be any more.
 */
final class Inbox {

    /** Bytes that there is room for (net.core.wmem_default). */
    static final int ROOM = 212_992;
    /** What a message takes besides its data. */
    private static final int OVERHEAD = 32;

    /** A message, or a piece of a stream that was sent at once. */
    private static final class Parcel {
        final byte[] bytes;
        final byte[] from;
        final Credentials credentials;
        List<OpenFile> files;
        int taken;

        Parcel(byte[] bytes, byte[] from, Credentials credentials, List<OpenFile> files) {
            this.bytes = bytes;
            this.from = from;
            this.credentials = credentials;
            this.files = files;
        }

        int left() {
            return bytes.length - taken;
        }
    }

    private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private int used;
    private boolean ended;
    private boolean reset;

    /** Something runs from now on when this has changed; it must not wait. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    /** Ends what {@link #watch} began. */
    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    private void tell() {
        watchers.forEach(Runnable::run);
    }

    /**
     * Puts in what there is room for of a stream.
     *
     * @param from address of the sender
     * @return how many bytes, or {@link Socket#WAIT}
     * @throws ErrnoException EPIPE: nobody will receive it
     */
    int putStream(Sending sending, byte[] from) throws ErrnoException {
        int count;
        synchronized (this) {
            needOpen();
            if (sending.length() == 0) {
                return 0;
            }
            count = Math.min(sending.length(), ROOM - used - OVERHEAD);
            if (count <= 0) {
                return Socket.WAIT;
            }
            add(sending, count, from);
        }
        tell();
        return count;
    }

    /**
     * Puts a message in.
     *
     * @param from address of the sender
     * @return its length, or {@link Socket#WAIT}
     * @throws ErrnoException EPIPE: nobody will receive it; EMSGSIZE
     */
    int putMessage(Sending sending, byte[] from) throws ErrnoException {
        synchronized (this) {
            needOpen();
            if (sending.length() > ROOM - OVERHEAD) {
                throw Errno.EMSGSIZE.exception();
            }
            if (sending.length() > ROOM - used - OVERHEAD) {
                return Socket.WAIT;
            }
            add(sending, sending.length(), from);
        }
        tell();
        return sending.length();
    }

    private void needOpen() throws ErrnoException {
        if (ended) {
            throw Errno.EPIPE.exception();
        }
    }

    private void add(Sending sending, int count, byte[] from) {
        byte[] bytes = new byte[count];
        System.arraycopy(sending.bytes(), sending.offset(), bytes, 0, count);
        sending.files().forEach(OpenFile::retain);
        parcels.add(new Parcel(bytes, from, sending.credentials(), sending.files()));
        used += count + OVERHEAD;
    }

    /**
     * Takes bytes of a stream: as many as there is room for and have come, but not beyond files that were sent with some of
     * them, nor, if senders are told, of two senders.
     *
     * @param credentials whether senders are told
     * @return how many bytes, 0: the end, or {@link Socket#WAIT}
     * @throws ErrnoException ECONNRESET, once
     */
    int takeStream(Receiving room, boolean credentials) throws ErrnoException {
        int count = 0;
        synchronized (this) {
            if (parcels.isEmpty()) {
                return empty();
            }
            Credentials sender = null;
            for (Iterator<Parcel> all = parcels.iterator(); all.hasNext() && count < room.length;) {
                Parcel parcel = all.next();
                boolean apart = !parcel.files.isEmpty() || credentials && !parcel.credentials.equals(sender);
                if (count > 0 && apart) {
                    break;
                }
                sender = parcel.credentials;
                int some = Math.min(room.length - count, parcel.left());
                System.arraycopy(parcel.bytes, parcel.taken, room.bytes, room.offset + count, some);
                count += some;
                boolean files = !parcel.files.isEmpty();
                hand(parcel, room);
                if (!room.peek) {
                    parcel.taken += some;
                    used -= some;
                    if (parcel.left() == 0) {
                        used -= OVERHEAD;
                        all.remove();
                    }
                }
                if (files) {
                    break;
                }
            }
            room.credentials = sender;
            room.set(count, count, null);
        }
        if (!room.peek && count > 0) {
            tell();
        }
        return count;
    }

    /** Takes a message; as {@link #takeStream}. */
    int takeMessage(Receiving room) throws ErrnoException {
        synchronized (this) {
            Parcel parcel = parcels.peekFirst();
            if (parcel == null) {
                return empty();
            }
            int some = Math.min(room.length, parcel.bytes.length);
            System.arraycopy(parcel.bytes, 0, room.bytes, room.offset, some);
            hand(parcel, room);
            room.credentials = parcel.credentials;
            room.record = true;
            room.set(some, parcel.bytes.length, parcel.from == UnixSocket.UNNAMED ? null : parcel.from);
            if (!room.peek) {
                parcels.removeFirst();
                used -= parcel.bytes.length + OVERHEAD;
            }
        }
        if (!room.peek) {
            tell();
        }
        return room.count;
    }

    private static void hand(Parcel parcel, Receiving room) {
        if (!parcel.files.isEmpty()) {
            room.files = parcel.files;
            if (room.peek) {
                parcel.files.forEach(OpenFile::retain);
            } else {
                parcel.files = List.of();
            }
        }
    }

    private int empty() throws ErrnoException {
        if (reset) {
            reset = false;
            throw Errno.ECONNRESET.exception();
        }
        return ended ? 0 : Socket.WAIT;
    }

    /** Nothing more is put in; what is there can be taken. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        tell();
    }

    /** The other end has gone without receiving everything. */
    void reset() {
        synchronized (this) {
            reset = true;
            ended = true;
        }
        tell();
    }

    /** Whether the other end has gone so, told once. */
    synchronized boolean takeReset() {
        boolean was = reset;
        reset = false;
        return was;
    }

    /** Whether the other end has gone so. */
    synchronized boolean wasReset() {
        return reset;
    }

    /** Whether nothing more is put in. */
    synchronized boolean ended() {
        return ended;
    }

    /** Whether there is something to be taken. */
    synchronized boolean hasSome() {
        return !parcels.isEmpty();
    }

    /** Whether a socket that sends here counts as writable: three quarters are free. */
    synchronized boolean hasRoom() {
        return 4 * used <= ROOM;
    }

    /** Bytes that can be taken: all of a stream, the first of messages. */
    synchronized int available(boolean messages) {
        if (messages) {
            return parcels.isEmpty() ? 0 : parcels.peekFirst().bytes.length;
        }
        return parcels.stream().mapToInt(Parcel::left).sum();
    }

    /** Bytes that were put in and not taken. */
    synchronized int used() {
        return used;
    }

    /** Nobody takes anything any more: what is there is thrown away. @return whether there was something */
    boolean discard() {
        List<OpenFile> files = new ArrayList<>();
        boolean some;
        synchronized (this) {
            ended = true;
            some = !parcels.isEmpty();
            parcels.forEach(parcel -> files.addAll(parcel.files));
            parcels.clear();
            used = 0;
        }
        for (OpenFile file : files) {
            try {
                file.release();
            } catch (IOException e) {
                // Whoever sent it has closed it and was told then.
            }
        }
        tell();
        return some;
    }
}
