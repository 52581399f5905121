package bundles.unix.provider.socket;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.machine.Clock;

/**
 * A socket (socket(7)). Addresses are {@code struct sockaddr} as programs give them.
 *
 * <p>Concurrency: kinds of sockets do everything at once or say that it would wait ({@link #WAIT}), and tell by
 * {@link #changed} when it may be worth trying again. {@link #until} is the only place where a strand waits for a socket: it
 * holds no lock then, and is interrupted nowhere else, so that no work of the network's sees an interrupt.
 */
public abstract class Socket extends OpenFile {

    /** Address families. */
    public static final int AF_UNSPEC = 0, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;
    /** Types. */
    public static final int STREAM = 1, DATAGRAM = 2, RAW = 3, SEQUENCED = 5;
    /** In place of what came of an attempt: it would have to wait. */
    protected static final int WAIT = -1;

    private static final AtomicLong NUMBERS = new AtomicLong(4000);

    private final int domain;
    private final int type;
    private final int protocol;
    private final Clock clock;
    private final SocketOptions options;
    private final long number = NUMBERS.incrementAndGet();
    private volatile Errno error;

    /**
     * A socket without an address.
     *
     * @param domain address family
     * @param type what kind
     * @param protocol of the family
     * @param flags status flags
     * @param clock measures timeouts
     * @param buffer bytes that it says it has room for
     */
    protected Socket(int domain, int type, int protocol, int flags, Clock clock, int buffer) {
        super(OpenFlags.O_RDWR | flags);
        this.domain = domain;
        this.type = type;
        this.protocol = protocol;
        this.clock = clock;
        this.options = new SocketOptions(buffer, buffer);
    }

    /** Address family. */
    public final int domain() {
        return domain;
    }

    /** What kind: {@link #STREAM} ... */
    public final int type() {
        return type;
    }

    /** Protocol of the family. */
    public final int protocol() {
        return protocol;
    }

    /** Options of SOL_SOCKET. */
    public final SocketOptions options() {
        return options;
    }

    /** Its number, which tells it from all others. */
    public final long number() {
        return number;
    }

    /** The clock that measures timeouts. */
    protected final Clock clock() {
        return clock;
    }

    /** Gives it an address (bind(2)). */
    public abstract void bind(byte[] address, Caller caller) throws ErrnoException, IOException;

    /** Connects it (connect(2)), waiting unless it is not to. */
    public abstract void connect(Waiter waiter, byte[] address, Caller caller) throws ErrnoException, IOException;

    /** Takes connections from now on (listen(2)). */
    public void listen(int backlog, Caller caller) throws ErrnoException, IOException {
        throw Errno.EOPNOTSUPP.exception();
    }

    /**
     * The next connection (accept(2)), waiting for it unless it is not to.
     *
     * @param newFlags status flags of the socket that is made
     */
    public Socket accept(Waiter waiter, int newFlags) throws ErrnoException, IOException {
        throw Errno.EOPNOTSUPP.exception();
    }

    /** Whether it takes connections. */
    public boolean listens() {
        return false;
    }

    /** Its address. */
    public abstract byte[] local() throws ErrnoException;

    /** The address of the other end. @throws ErrnoException ENOTCONN */
    public abstract byte[] peer() throws ErrnoException;

    /** Who is at the other end. */
    public Credentials peerCredentials() {
        return Credentials.NONE;
    }

    /** Nothing more is received, or sent (shutdown(2)). */
    public abstract void shutdown(boolean in, boolean out) throws ErrnoException;

    /** Sends at once what there is room for, or answers {@link #WAIT}. */
    protected abstract int trySend(Sending sending) throws ErrnoException, IOException;

    /** Receives at once what has come, or answers {@link #WAIT}; 0: the end. */
    protected abstract int tryReceive(Receiving receiving) throws ErrnoException;

    /** Bytes that were sent and have not arrived (SIOCOUTQ). */
    public int unsent() {
        return 0;
    }

    /**
     * An option of the family's or the protocol's.
     *
     * @return its value, an int as a rule
     * @throws ErrnoException ENOPROTOOPT: there is none such
     */
    public byte[] option(int level, int name) throws ErrnoException {
        throw (level == 6 || level == 0 ? Errno.ENOPROTOOPT : Errno.EOPNOTSUPP).exception();
    }

    /** Sets an option of the family's or the protocol's. @throws ErrnoException ENOPROTOOPT: there is none such */
    public void setOption(int level, int name, byte[] value) throws ErrnoException, IOException {
        throw Errno.ENOPROTOOPT.exception();
    }

    /** An option of SOL_SOCKET was set that the kind may want to heed. */
    public void optionsChanged() throws IOException {}

    /** Whether it keeps messages apart. */
    public final boolean keepsMessages() {
        return type != STREAM;
    }

    /** Whether sending to an end that has gone sends SIGPIPE. */
    public final boolean signalsBrokenPipe() {
        return type == STREAM;
    }

    /** What went wrong meanwhile is told once, by what is done next. */
    protected final void fail(Errno what) {
        error = what;
    }

    /** What went wrong meanwhile, once; null if nothing did (SO_ERROR). */
    public Errno takeError() {
        Errno what = error;
        error = null;
        return what;
    }

    /** Whether something went wrong that nobody was told. */
    protected final boolean failed() {
        return error != null;
    }

    /** Throws what went wrong meanwhile, if anything did. */
    protected final void check() throws ErrnoException {
        if (failed()) {
            Errno what = takeError();
            if (what != null) {
                throw what.exception();
            }
        }
    }

    /**
     * Sends.
     *
     * @param wait whether to wait for room
     * @return bytes sent
     */
    public final int send(Waiter waiter, Sending sending, boolean wait) throws ErrnoException, IOException {
        return until(waiter, wait, options.sendTimeout, () -> trySend(sending));
    }

    /**
     * Receives.
     *
     * @param wait whether to wait until something comes
     * @return bytes received, 0 at the end
     */
    public final int receive(Waiter waiter, Receiving receiving, boolean wait) throws ErrnoException, IOException {
        return until(waiter, wait, options.receiveTimeout, () -> tryReceive(receiving));
    }

    /** Something that is tried until it need not wait. */
    @FunctionalInterface
    protected interface Attempt {
        /** Tries; {@link #WAIT}: later. */
        int go() throws ErrnoException, IOException;
    }

    /**
     * Tries until it is done.
     *
     * @param wait whether to wait at all
     * @param timeout nanoseconds at most, 0: for ever
     * @throws ErrnoException EAGAIN: not now, or not in time; EINTR
     */
    protected final int until(Waiter waiter, boolean wait, long timeout, Attempt attempt)
            throws ErrnoException, IOException {
        int done = attempt.go();
        if (done != WAIT) {
            return done;
        }
        if (!wait) {
            throw Errno.EAGAIN.exception();
        }
        long start = clock.monotonicTime();
        var poller = new Poller(clock);
        watch(poller);
        try {
            while ((done = attempt.go()) == WAIT) {
                long left = timeout == 0 ? Long.MAX_VALUE : timeout - (clock.monotonicTime() - start);
                if (left <= 0) {
                    throw Errno.EAGAIN.exception();
                }
                waiter.await(() -> {
                    poller.await(left);
                    return 0;
                });
            }
            return done;
        } catch (InterruptedCall e) {
            // A call with a time limit is not made again (signal(7)): it would have all its time once more.
            throw timeout == 0 ? e : Errno.EINTR.exception();
        } finally {
            unwatch(poller);
        }
    }

    /** Whether it is to wait for what is not there yet. */
    protected final boolean waits() {
        return (flags() & OpenFlags.O_NONBLOCK) == 0;
    }

    @Override
    public final int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        return receive(waiter, new Receiving(to, offset, length, false), waits());
    }

    @Override
    public final int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        return send(waiter, new Sending(from, offset, length, Credentials.NONE), waits());
    }

    @Override
    public final FileStatus status() {
        return FileStatus.ofSpecial(FileStatus.S_IFSOCK | 0777, 0, number);
    }

    /** The family of an address; {@link #AF_UNSPEC} if it is too short to have one. */
    protected static int family(byte[] address) {
        return address.length < 2
                ? AF_UNSPEC
                : ByteBuffer.wrap(address).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
    }
}
