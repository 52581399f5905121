package kernel.core.dispatcher;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
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
 * call in both cases. It is looked at again, and once it has computed for a millisecond in between it has come past that
 * place for certain. Of virtual threads the time is not to be had; they are given a tenth of a second.
 *
 * <p>A look costs some milliseconds, mostly in proportion to the number of strands; strands go on meanwhile. Used by one
 * thread.
 */
final class Quiescence {

    /** Classes of ours that generated code calls before it calls a handler; and those that may wait for one there. */
    private static final List<String> BEFORE = Stream.of(TimeLimits.class, Meter.class, Mailbox.class, Failures.class)
            .map(Class::getName).toList();
    private static final List<String> WAITING = List.of(EventType.class.getName(), Plan.class.getName());
    /** Present when there has ever been a virtual thread. */
    private static final String UNBLOCKER = "VirtualThread-unblocker";

    private static final long COMPUTED = 1_000_000;
    private static final long ELAPSED = 100_000_000;

    private final String prefix;
    private final Member member;
    private final Set<String> others;
    /** What strands in doubt had computed, or the time, when they were first seen so. */
    private final Map<Long, Long> doubts = new HashMap<>();

    private Quiescence(String prefix, Member member, Set<String> others) {
        this.prefix = prefix;
        this.member = member;
        this.others = others;
    }

    /**
     * Waits.
     *
     * @param prefix of the names of the event's generated classes
     * @param others classes by which a strand in another binding is known
     * @param nanos how long at most
     * @return names and places of the strands that are still inside
     */
    static List<String> await(String prefix, Member member, Function<Member, Set<String>> others, long nanos) {
        Quiescence quiescence = new Quiescence(prefix, member, member.hidden ? others.apply(member) : Set.of());
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
        boolean virtual = false;
        long self = Thread.currentThread().threadId();
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            virtual |= thread.getName().equals(UNBLOCKER);
            if (thread.threadId() != self && (among == null || among.contains(thread.threadId()))) {
                List<String> frames = new ArrayList<>();
                StackTraceElement[] trace = entry.getValue();
                for (StackTraceElement frame : trace) {
                    add(frames, frame.getClassName());
                }
                boolean safe = trace.length > 0 && trace[0].getLineNumber() == Family.SAFE_LINE;
                judge(thread.threadId(), thread.getName(), frames, true, safe, inside);
            }
        }
        if (virtual) {
            lookAtVirtual(among, self, inside);
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
        Long first = doubts.putIfAbsent(id, now);
        return first == null || now - first < needed;
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
        return member.classes.contains(called) || !complete && member.hidden && !others.contains(called);
    }

    /** Stacks of virtual threads are to be had by a dump alone. */
    private void lookAtVirtual(Set<Long> among, long self, Map<Long, String> inside) {
        try {
            Path folder = Files.createTempDirectory("spin-threads");
            Path file = folder.resolve("dump");
            try {
                ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class).dumpThreads(
                        file.toString(), com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
                parse(Files.readAllLines(file), among, self, inside);
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        } catch (IOException | RuntimeException e) {
            System.getLogger(Quiescence.class.getName()).log(System.Logger.Level.WARNING,
                    "The stacks of virtual threads cannot be seen; one may still be in " + member, e);
        }
    }

    private static boolean isSafe(String top) {
        return top.endsWith(":" + Family.SAFE_LINE + ")");
    }

    private void parse(List<String> lines, Set<Long> among, long self, Map<Long, String> inside) {
        List<String> frames = new ArrayList<>();
        long id = -1;
        String name = "";
        boolean safe = false;
        boolean top = false;
        for (String line : lines) {
            if (line.startsWith("#")) {
                finish(id, name, frames, safe, inside);
                frames = new ArrayList<>();
                top = true;
                int space = line.indexOf(' ');
                long thread = Long.parseLong(line.substring(1, space));
                boolean wanted = line.contains("\" virtual ") && thread != self
                        && (among == null || among.contains(thread));
                id = wanted ? thread : -1;
                name = line.substring(space + 1);
            } else if (line.startsWith("    at ")) {
                safe = top ? isSafe(line) : safe;
                top = false;
                add(frames, className(line.substring(7)));
            }
        }
        finish(id, name, frames, safe, inside);
    }

    private void finish(long id, String name, List<String> frames, boolean safe, Map<Long, String> inside) {
        if (id >= 0) {
            judge(id, name, frames, false, safe, inside);
        }
    }

    /** Of a frame as a dump shows it: {@code loader//module/class.method(place)}, the first two not always. */
    private static String className(String frame) {
        int end = frame.indexOf('(');
        String method = end < 0 ? frame : frame.substring(0, end);
        String plain = method.substring(method.lastIndexOf('/') + 1);
        int dot = plain.lastIndexOf('.');
        return dot < 0 ? plain : plain.substring(0, dot);
    }
}
