package kernel.ext.net.am;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.Packet;

/**
 * Handlers {@value #ECHO}, which answers with what it is given, and {@value #ANSWER}, which takes such answers: the example, and
 * what measures. Thread-safe: one asks at a time; its lock is taken by the stack's strand, and never held when the stack is called.
 */
public final class Echo implements AutoCloseable {

    /** Numbers of the handlers. */
    public static final int ECHO = 1, ANSWER = 2;
    private static final int LONGEST = 1492;

    private final Clock clock;
    private final ActiveMessages.Endpoint echo;
    private final ActiveMessages.Endpoint answer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final byte[] echoed = new byte[65536];
    private long asked;
    private volatile long answered;

    /** @throws IOException the numbers are taken */
    public Echo(ActiveMessages messages, Clock clock) throws IOException {
        this.clock = clock;
        ActiveMessages.Endpoint[] own = new ActiveMessages.Endpoint[1];
        echo = messages.bind(ECHO, "echo", (message, _, count, _) -> {
            message.copyTo(ActiveMessages.PAYLOAD, echoed, 0, count);
            try {
                own[0].answer(message, ANSWER, echoed, 0, count);
            } catch (IOException e) {
                return false; // its interface has gone
            }
            return true;
        });
        own[0] = echo;
        answer = messages.bind(ANSWER, "echo, answers", (message, _, count, _) -> answered(message, count));
    }

    private boolean answered(Packet message, int count) {
        if (count < 8) {
            return false;
        }
        long number = (long) message.i32(ActiveMessages.PAYLOAD) << 32
                | message.i32(ActiveMessages.PAYLOAD + 4) & 0xFFFF_FFFFL;
        lock.lock();
        try {
            answered = number;
            change.signalAll();
        } finally {
            lock.unlock();
        }
        return true;
    }

    /**
     * Sends a message and waits for its answer.
     *
     * @param bytes that it carries, 8 to 1492
     * @param timeout nanoseconds
     * @return nanoseconds that it took, or -1 if no answer came
     */
    public synchronized long roundTrip(ActiveMessages.Peer to, int bytes, long timeout)
            throws IOException, InterruptedException {
        byte[] message = new byte[Math.clamp(bytes, 8, LONGEST)];
        long number = ++asked;
        for (int i = 0; i < 8; i++) {
            message[i] = (byte) (number >> 56 - 8 * i);
        }
        long start = clock.monotonicTime();
        echo.send(to, ECHO, message, 0, message.length);
        for (int i = 0; i < 2000 && answered != number; i++) {
            Thread.onSpinWait(); // it mostly takes microseconds
        }
        lock.lock();
        try {
            while (answered != number) {
                long left = start + timeout - clock.monotonicTime();
                if (left <= 0) {
                    return -1;
                }
                clock.await(lock, change, left);
            }
        } finally {
            lock.unlock();
        }
        return clock.monotonicTime() - start;
    }

    @Override
    public void close() {
        echo.close();
        answer.close();
    }
}
