package kernel.ext.net.rpc.provider;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;
import kernel.ext.net.rpc.api.RpcClient;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/**
 * Calls that wait for answers, which find theirs by its xid. Thread-safe: the table by its lock, which is held neither while sending nor
 * by whoever holds it when the network's is taken.
 */
abstract class Caller implements RpcClient {

    private final Clock clock;
    private final int program;
    private final int version;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Waiting> waiting = new HashMap<>();
    private int lastXid = ThreadLocalRandom.current().nextInt();
    private IOException failure;

    private final class Waiting {
        final Condition condition = lock.newCondition();
        byte[] answer;
    }

    Caller(Clock clock, int program, int version) {
        this.clock = clock;
        this.program = program;
        this.version = version;
    }

    /** Sends a call; bytes before {@code from} are the transport's. */
    abstract void send(XdrWriter message) throws IOException;

    /** How many bytes the transport wants before a message. */
    abstract int room();

    /** Nanoseconds after which a call is sent again for the first time; {@link Long#MAX_VALUE} for never. */
    abstract long again();

    @Override
    public XdrReader call(int procedure, XdrWriter arguments, long timeout) throws IOException {
        Waiting own = new Waiting();
        int xid;
        lock.lock();
        try {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            xid = ++lastXid;
            waiting.put(xid, own);
        } finally {
            lock.unlock();
        }
        try {
            XdrWriter message = new XdrWriter();
            for (int i = 0; i < room(); i += 4) {
                message.putInt(0);
            }
            Messages.call(message, xid, program, version, procedure);
            message.putFixed(arguments.bytes(), 0, arguments.length());
            byte[] answer = exchange(own, message, clock.monotonicTime() + timeout);
            XdrReader in = new XdrReader(answer, 4, answer.length - 4);
            Messages.results(in);
            return in;
        } finally {
            lock.lock();
            waiting.remove(xid);
            lock.unlock();
        }
    }

    private byte[] exchange(Waiting own, XdrWriter message, long deadline) throws IOException {
        long patience = again();
        while (true) {
            send(message);
            long now = clock.monotonicTime();
            long until = patience == Long.MAX_VALUE ? deadline : Math.min(deadline, now + patience);
            byte[] answer = await(own, until);
            if (answer != null) {
                return answer;
            }
            if (clock.monotonicTime() >= deadline) {
                throw new RpcException(RpcException.Reason.TIMED_OUT, "No answer to a call of program " + program);
            }
            patience *= 2;
        }
    }

    private byte[] await(Waiting own, long until) throws IOException {
        lock.lock();
        try {
            while (own.answer == null) {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                long left = until - clock.monotonicTime();
                if (left <= 0) {
                    return null;
                }
                clock.await(lock, own.condition, left);
            }
            return own.answer;
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } finally {
            lock.unlock();
        }
    }

    /** An answer came. */
    final void answered(int xid, byte[] answer) {
        lock.lock();
        try {
            Waiting own = waiting.get(xid);
            if (own != null && own.answer == null) {
                own.answer = answer;
                own.condition.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No answers come any more. */
    final void failed(IOException reason) {
        lock.lock();
        try {
            failure = failure == null ? reason : failure;
            waiting.values().forEach(one -> one.condition.signal());
        } finally {
            lock.unlock();
        }
    }
}
