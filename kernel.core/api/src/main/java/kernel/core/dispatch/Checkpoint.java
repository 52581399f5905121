package kernel.core.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import kernel.core.domain.DomainStopped;

/**
 * Where code that may be stopped looks whether it is to stop. Calls of {@link #poll()} are put at method entries and backward
 * branches of a bundle's classes as they are loaded, if the bundle has handlers with time limits or says
 * {@code Kernel-Ephemeral: true} in its manifest, and calls of {@link #poll(int)} if the bundle is not trusted; nobody needs
 * to write them.
 *
 * <p>Thread-safe. Polling reads one or two fields.
 */
public final class Checkpoint {

    private static final Map<Thread, String> STOPPED = new ConcurrentHashMap<>();
    private static volatile boolean any;

    /** @param name for people; @param lives whether it has been started again */
    private record Domain(String name, BooleanSupplier lives) {}

    /** Domains by number; guards {@link #ended} against being replaced while it is changed. */
    private static final List<Domain> DOMAINS = new ArrayList<>();
    /** Whether a domain is stopped, by number. Read after {@link #any}, which is volatile, so that no loop keeps an old value. */
    private static boolean[] ended = new boolean[16];

    private Checkpoint() {}

    /**
     * Goes on, most often.
     *
     * @throws TimeLimitExceeded the current strand runs a handler that has exceeded its limit
     */
    public static void poll() {
        if (any) {
            look();
        }
    }

    /**
     * Goes on, most often.
     *
     * @param domain a number that {@link #enrol} gave
     * @throws TimeLimitExceeded the current strand runs a handler that has exceeded its limit
     * @throws DomainStopped the domain was stopped
     */
    public static void poll(int domain) {
        if (any) {
            look();
        }
        if (ended[domain]) {
            fail(domain);
        }
    }

    private static void fail(int number) {
        Domain domain;
        synchronized (DOMAINS) {
            domain = DOMAINS.get(number);
        }
        if (!domain.lives.getAsBoolean()) {
            throw new DomainStopped(domain.name + " was stopped");
        }
        end(number, false);
    }

    private static void look() {
        String why = STOPPED.get(Thread.currentThread());
        if (why != null) {
            throw new TimeLimitExceeded(why);
        }
    }

    /**
     * For the dispatcher: a number for a domain.
     *
     * @param name for people
     * @param lives asked when code of a domain that was ended runs: whether it was started again, which takes {@link #end} back
     */
    public static int enrol(String name, BooleanSupplier lives) {
        synchronized (DOMAINS) {
            DOMAINS.add(new Domain(name, lives));
            if (DOMAINS.size() > ended.length) {
                ended = Arrays.copyOf(ended, 2 * ended.length);
            }
            return DOMAINS.size() - 1;
        }
    }

    /** For the dispatcher: whether {@link #poll(int)} throws from now on in all threads that run code of that domain. */
    public static void end(int domain, boolean now) {
        synchronized (DOMAINS) {
            ended[domain] = now;
        }
    }

    /** For the dispatcher: from now on {@link #poll} throws in that thread. */
    public static void stop(Thread thread, String why) {
        STOPPED.put(thread, why);
        any = true;
    }

    /** For the dispatcher: takes {@link #stop} back. */
    public static void go(Thread thread) {
        STOPPED.remove(thread);
        any = !STOPPED.isEmpty();
    }
}
