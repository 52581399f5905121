package bundles.unix.provider.ipc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;

/** An open queue (mq_open(3)). It lives, with what is in it, while somebody has it open or it has a name. Thread-safe. */
public final class PosixQueueFile extends OpenFile {

    private final PosixQueue queue;
    private final Runnable closed;
    private final Runnable told = this::changed;
    private volatile PosixQueue.Notice notice;

    PosixQueueFile(PosixQueue queue, int flags, Runnable closed) {
        super(flags & (OpenFlags.O_ACCMODE | OpenFlags.O_NONBLOCK));
        this.queue = queue;
        this.closed = closed;
        queue.watch(told);
    }

    /** What is open. */
    public PosixQueue queue() {
        return queue;
    }

    private boolean waits() {
        return (flags() & OpenFlags.O_NONBLOCK) == 0;
    }

    /** Checks that messages may be sent. @throws ErrnoException EBADF */
    public void needWritable() throws ErrnoException {
        need(OpenFlags.O_WRONLY);
    }

    /** Checks that messages may be received. @throws ErrnoException EBADF */
    public void needReadable() throws ErrnoException {
        need(OpenFlags.O_RDONLY);
    }

    /** Sends (mq_timedsend(3)); {@link PosixQueue#send}. */
    public void send(Waiter waiter, PosixQueue.Message message, long timeout) throws IOException, ErrnoException {
        queue.send(waiter, message, waits(), timeout);
    }

    /** Receives (mq_timedreceive(3)); {@link PosixQueue#receive}. */
    public PosixQueue.Message receive(Waiter waiter, long timeout) throws IOException, ErrnoException {
        return queue.receive(waiter, waits(), timeout);
    }

    /** Has somebody told of the next message that finds the queue empty. @throws ErrnoException EBUSY */
    public void tell(PosixQueue.Notice wanted) throws ErrnoException {
        queue.setNotice(wanted);
        notice = wanted;
    }

    /** Has nobody told whom {@code gone} is equal to. */
    public void tellNot(PosixQueue.Notice gone) {
        queue.removeNotice(gone);
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(FileStatus.S_IFREG | queue.mode(), 0, System.identityHashCode(queue) & 0xFFFFFFFFL);
    }

    @Override
    public int events() {
        int count = queue.count();
        return Events.of(count > 0, count < queue.most());
    }

    @Override
    public long seek(long offset, int whence) throws ErrnoException {
        throw Errno.ESPIPE.exception();
    }

    @Override
    protected void close() {
        queue.unwatch(told);
        queue.removeNotice(notice);
        closed.run();
    }
}
