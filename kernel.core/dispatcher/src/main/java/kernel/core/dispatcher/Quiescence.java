package kernel.core.dispatcher;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kernel.core.dispatcher.link.Family;
import kernel.core.dispatcher.link.Plan;

/**
 * Finds out when no strand is inside a binding any more, without anything that raises would have to do: it looks at the
 * strands' stacks. A raise that began before the binding was removed has frames of the event's generated classes; directly
 * above the topmost of them is what it calls. Each strand must be seen outside once: it cannot enter later, because plans
 * check for removals before each step.
 *
 * <p>A strand whose topmost frame is generated may be just about to enter, or have just left: stacks show the place of the
 * call in both cases. It is looked at again, and once it has computed for a while in between, several times, it has come past that
 * place. Once would not do: a host that takes the processor away from the whole machine counts that as the strand's time, and so it does what
 * the virtual machine does in its name before the call. Of virtual threads the time is not to be had; they are given a tenth of a second.
 *
 * <p>Of virtual threads, strands are seen, and none that somebody else made: the JDK lists them in thread dumps alone, and
 * dumps beside many short-lived virtual threads were seen to end the virtual machine (JDK 25.0.3, {@code ThreadSnapshot}).
 *
 * <p>A look costs some milliseconds, mostly in proportion to the number of strands; strands go on meanwhile. Used by one
 * thread.
 */
final class Quiescence {

    /** Classes of ours that generated code calls before it calls a handler; and those that may wait for one there. */
    private static final List<String> BEFORE = Stream.of(TimeLimits.class, Meter.class, Mailbox.class, Failures.class)
            .map(Class::getName).toList();
    private static final List<String> WAITING = List.of(EventType.class.getName(), Plan.class.getName());

    /** Nanoseconds of the processor, or of time, between two looks, and how many such pairs are wanted. */
    private static final long COMPUTED = 200_000;
    private static final long ELAPSED = 25_000_000;
    private static final int TIMES = 4;

    private final String prefix;
    private final Set<String> classes;
    private final boolean hidden;
    private final Set<String> others;
    private final Supplier<Collection<Thread>> virtual;
    /** Strands in doubt. */
    private final Map<Long, Doubt> doubts = new HashMap<>();

    /** What a strand had computed, or the time, when it had last computed for a while, and how often it has. */
    private static final class Doubt {
        private long since;
        private int times;

        Doubt(long since) {
            this.since = since;
        }
    }

    private Quiescence(String prefix, Member member, Function<Member, Set<String>> others,
            Supplier<Collection<Thread>> virtual) {
        this.virtual = virtual;
        this.prefix = prefix;
        classes = member.classes();
        hidden = member.hidden();
        this.others = hidden ? others.apply(member) : Set.of();
    }

    /**
     * Waits.
     *
     * @param prefix of the names of the event's generated classes
     * @param others classes by which a strand in another binding is known
     * @param virtual gives the virtual threads that may be in a raise: strands, and the runner of an asynchronous event
     * @param nanos how long at most
     * @return names and places of the strands that are still inside
     */
    static List<String> await(String prefix, Member member, Function<Member, Set<String>> others,
            Supplier<Collection<Thread>> virtual, long nanos) {
        Quiescence quiescence = new Quiescence(prefix, member, others, virtual);
        long until = System.nanoTime() + nanos;
        long rest = 50_000;
        Map<Long, String> inside = quiescence.look(null);
        while (!inside.isEmpty() && System.nanoTime() < until) {
            LockSupport.parkNanos(rest);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                break; // whoever interrupts wants no waiting
            }
            rest = Math.min(2 * rest, 20_000_000);
            inside = quiescence.look(inside.keySet());
        }
        return List.copyOf(inside.values());
    }

    /** @return strands inside, by id; of these if they are given */
    private Map<Long, String> look(Set<Long> among) {
        Map<Long, String> inside = new HashMap<>();
        long self = Thread.currentThread().threadId();
        Map<Thread, StackTraceElement[]> stacks = new HashMap<>(Thread.getAllStackTraces());
        virtual.get().forEach(thread -> stacks.put(thread, thread.getStackTrace()));
        for (Map.Entry<Thread, StackTraceElement[]> entry : stacks.entrySet()) {
            Thread thread = entry.getKey();
            if (thread.threadId() != self && (among == null || among.contains(thread.threadId()))) {
                List<String> frames = new ArrayList<>();
                StackTraceElement[] trace = entry.getValue();
                for (StackTraceElement frame : trace) {
                    add(frames, frame.getClassName());
                }
                boolean safe = trace.length > 0 && trace[0].getLineNumber() == Family.SAFE_LINE;
                judge(thread.threadId(), thread.getName(), frames, !thread.isVirtual(), safe, inside);
            }
        }
        return inside;
    }

    /** Leaves out the frames of method handles, which are not always shown. */
    private static void add(List<String> frames, String name) {
        if (!name.startsWith("java.lang.invoke.")) {
            frames.add(name);
        }
    }

    /**
     * @param complete whether hidden frames are there
     * @param safe whether the topmost frame, if it is a generated one, is at a safe place
     */
    private void judge(long id, String name, List<String> frames, boolean complete, boolean safe,
            Map<Long, String> inside) {
        for (int i = 0; i < frames.size(); i++) {
            if (!frames.get(i).startsWith(prefix)) {
                continue;
            }
            if (i == 0 ? !safe && mayEnter(id, complete) : isInside(frames.get(i - 1), frames.getFirst(), complete)) {
                inside.put(id, name + (i == 0 ? "" : " at " + frames.get(i - 1)));
                return;
            }
            while (i + 1 < frames.size() && frames.get(i + 1).startsWith(prefix)) {
                i++;
            }
        }
    }

    /** Whether a strand in generated code may still be about to enter. */
    private boolean mayEnter(long id, boolean platform) {
        long now = platform ? ManagementFactory.getThreadMXBean().getThreadCpuTime(id) : -1;
        long needed = COMPUTED;
        if (now < 0) { // a virtual thread, or a host that does not tell
            now = System.nanoTime();
            needed = ELAPSED;
        }
        Doubt doubt = doubts.get(id);
        if (doubt == null) {
            doubts.put(id, new Doubt(now));
            return true;
        }
        if (now - doubt.since >= needed) {
            doubt.since = now;
            doubt.times++;
        }
        return doubt.times < TIMES;
    }

    private static boolean isOf(List<String> classes, String name) {
        int inner = name.indexOf('$');
        return classes.contains(inner < 0 ? name : name.substring(0, inner));
    }

    /** Whether a class that was called by generated code is the member's. */
    private boolean isInside(String called, String top, boolean complete) {
        if (isOf(WAITING, called)) {
            return !top.startsWith("jdk.internal."); // on its way into a handler, unless it waits for one to come
        }
        if (isOf(BEFORE, called)) {
            return true;
        }
        // where hidden frames are missing, somebody unknown may be a lambda of the member's
        return classes.contains(called) || !complete && hidden && !others.contains(called);
    }
}
