package kernel.core.dispatcher;

import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatcher.link.Step;

/**
 * One binding: what is called, how it is bound, and how it fares. What it is bound to is checked and made into
 * {@link Step}s when it is admitted; those fields belong to the event's lock. Failures have a lock of their own, the
 * member's monitor.
 */
final class Member {

    private static final long MEMORY = TimeUnit.SECONDS.toNanos(10);

    final Object service;
    final Options options;
    final long sequence;
    final String bundle;
    final long bundleId;
    /** Guards that authorizer and owner imposed: objects of functional interfaces. */
    final List<Object> imposed;

    /** Values wanted, by key; set when admitted. */
    Map<String, Set<Object>> keys = Map.of();
    /** What is called: the service, perhaps with something around it. */
    Object handler;
    /** The step without any key conditions but those that are not looked up in a table, by that table's key. */
    Step step;
    String stepKey = "";
    List<Guard> guards = List.of();
    List<Step.Change> changes = List.of();
    long methods = -1;
    /** Calls to come, if asynchronous. */
    Mailbox mailbox;
    /** It is an intrinsic handler in the place of another, which comes back if this one fails too often. */
    boolean watched;
    Meter meter;
    /** The event's methods. */
    List<Method> events = List.of();

    /** No raise enters it any more. */
    volatile boolean removed;
    /** It is bound, but out of force. */
    volatile boolean quarantined;

    private final Deque<Long> recent = new ArrayDeque<>();
    private long failures;
    private String trouble = "";
    private String last = "";
    private long logged;

    Member(Object service, Options options, List<Object> imposed, long sequence, String bundle, long bundleId) {
        this.service = service;
        this.options = options;
        this.imposed = List.copyOf(imposed);
        this.sequence = sequence;
        this.bundle = bundle;
        this.bundleId = bundleId;
    }

    boolean intrinsic() {
        return options.intrinsic();
    }

    String name() {
        return options.name();
    }

    /**
     * Counts a failure.
     *
     * @param tolerance how many within ten seconds are tolerated; 0: any number
     * @return whether it was one too many
     */
    synchronized boolean failed(String what, int tolerance) {
        failures++;
        last = what;
        long now = System.nanoTime();
        recent.add(now);
        while (now - recent.peekFirst() > MEMORY) {
            recent.removeFirst();
        }
        return tolerance > 0 && recent.size() >= tolerance && !quarantined && !removed;
    }

    /** Whether a failure is to be logged: not more than one a second for each member. */
    synchronized boolean mayLog() {
        long now = System.nanoTime();
        if (logged != 0 && now - logged < TimeUnit.SECONDS.toNanos(1)) {
            return false;
        }
        logged = now;
        return true;
    }

    synchronized void quarantine() {
        quarantined = true;
        trouble = "quarantined since " + Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS) + " after "
                + recent.size() + " failures within 10 s, the last: " + last;
    }

    synchronized void rearm() {
        quarantined = false;
        recent.clear();
        trouble = "";
    }

    /** It was removed, but strands are still inside. */
    synchronized void trouble(String what) {
        trouble = what;
    }

    synchronized long failures() {
        return failures;
    }

    /** For people: empty, or what is wrong. */
    synchronized String troubleNow() {
        return !trouble.isEmpty() || last.isEmpty() ? trouble : "last failure: " + last;
    }

    /** Names of the classes of which a frame directly above a plan's means that a strand is inside. */
    Set<String> classes() {
        Set<String> names = new HashSet<>();
        for (Object object : objects()) {
            for (Class<?> c = object.getClass(); c != null && c != Object.class; c = c.getSuperclass()) {
                names.add(c.getName());
            }
        }
        for (Method method : events) {
            Method called = method;
            try {
                called = service.getClass().getMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException e) {
                // then it is the event's own
            }
            names.add(called.getDeclaringClass().getName());
        }
        return names;
    }

    /** Whether one of its classes is hidden, a lambda's: not all looks at stacks show them. */
    boolean hidden() {
        return objects().stream().anyMatch(object -> object.getClass().isHidden());
    }

    private List<Object> objects() {
        List<Object> objects = new ArrayList<>(List.of(service));
        guards.forEach(guard -> objects.add(guard.target()));
        return objects;
    }

    @Override
    public String toString() {
        return name() + " of " + bundle;
    }
}
