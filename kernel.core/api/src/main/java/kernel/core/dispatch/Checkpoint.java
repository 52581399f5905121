package kernel.core.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Where code that may be stopped looks whether it is to stop. Calls of {@link #poll()} are put at method entries and backward
 * branches of a bundle's classes as they are loaded, if the bundle has handlers with time limits or says
 * {@code Kernel-Ephemeral: true} in its manifest, and calls of {@link #poll(int)} if the bundle is not trusted; nobody needs
 * to write them.
 *
 * <p>Thread-safe. Polling reads one field, or a field and an element.
 */
public final class Checkpoint {

    private static final Map<Thread, String> STOPPED = new ConcurrentHashMap<>();
    private static volatile boolean any;

    /** @param name for people; @param lives whether it has been started again */
    private record Domain(String name, BooleanSupplier lives) {}

    /** Domains by number, and which of them are ended; their monitor guards all changes, of {@link #look} too. */
    private static final List<Domain> DOMAINS = new ArrayList<>();
    private static final BitSet ENDED = new BitSet();
    /**
     * By domain: whether it is ended, or any thread is stopped. The field is volatile so that no loop keeps an old element: what is read after
     * it is read anew.
     */
    private static volatile boolean[] look = new boolean[16];

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
        if (look[domain]) {
            look();
            look(domain);
        }
    }

    private static void look() {
        String why = STOPPED.get(Thread.currentThread());
        if (why != null) {
            throw new TimeLimitExceeded(why);
        }
    }

    private static void look(int number) {
        Domain domain;
        synchronized (DOMAINS) {
            if (!ENDED.get(number)) {
                return;
            }
            domain = DOMAINS.get(number);
        }
        if (!domain.lives.getAsBoolean()) {
            throw new DomainStopped(domain.name + " was stopped");
        }
        end(number, false);
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
            if (DOMAINS.size() > look.length) {
                look = Arrays.copyOf(look, 2 * look.length);
            }
            set(DOMAINS.size() - 1);
            return DOMAINS.size() - 1;
        }
    }

    /** For the dispatcher: whether {@link #poll(int)} throws from now on in all threads that run code of that domain. */
    public static void end(int domain, boolean now) {
        synchronized (DOMAINS) {
            ENDED.set(domain, now);
            set(domain);
        }
    }

    private static void set(int domain) {
        look[domain] = any || ENDED.get(domain);
    }

    /** For the dispatcher: from now on {@link #poll} throws in that thread. */
    public static void stop(Thread thread, String why) {
        STOPPED.put(thread, why);
        threads();
    }

    /** For the dispatcher: takes {@link #stop} back. */
    public static void go(Thread thread) {
        STOPPED.remove(thread);
        threads();
    }

    private static void threads() {
        synchronized (DOMAINS) {
            any = !STOPPED.isEmpty();
            for (int domain = 0; domain < DOMAINS.size(); domain++) {
                set(domain);
            }
        }
    }
}
