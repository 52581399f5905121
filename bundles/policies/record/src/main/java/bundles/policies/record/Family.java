package bundles.policies.record;

import bundles.unix.api.Process;
import bundles.unix.api.UserThread;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Which processes and threads of a replay are which of the record, and in what order they write. Thread-safe: one monitor. Who waits there is
 * a thread of a program, before a call, for a limited time: a replay that goes another way comes to an end.
 */
final class Family {

    private static final System.Logger LOG = System.getLogger("record");
    private static final long CLONE_THREAD = 0x10000, CLONE_CHILD_SETTID = 0x01000000;
    private static final int PATIENCE = 10;

    /** What a clone asks for. */
    record Request(long flags, long idAt) {}

    /**
     * What a thread is in the record.
     *
     * @param idAt where in its memory its id is to be, or 0
     */
    record Born(int process, int thread, long idAt) {}

    /** Ids of processes and threads: of the record by those of now, and the other way round. */
    private final Map<Integer, Integer> then = new HashMap<>(), now = new HashMap<>();
    private final Map<Process, Integer> processes = new HashMap<>();
    /** Who is being made, by the process that makes it. */
    private final Map<Integer, Born> expected = new HashMap<>();
    private final Map<Integer, Born> born = new HashMap<>();
    /** Writes to standard streams that are to come, by order: by which process. */
    private final TreeMap<Integer, Integer> turns = new TreeMap<>();
    private final int root;
    private boolean begun;

    Family(RecordFile.Contents record) {
        root = record.root();
        record.calls().values().forEach(calls -> calls.stream().filter(call -> call.stream() != Call.NO_STREAM)
                .forEach(call -> turns.put(call.order(), call.process())));
    }

    /** A process gets a program. @return which it is in the record, or 0 */
    synchronized int begins(int process) {
        if (!begun) {
            begun = true;
            meet(process, root);
            born.put(process, new Born(root, root, 0));
        }
        return then.getOrDefault(process, 0);
    }

    private void meet(int present, int past) {
        then.put(present, past);
        now.put(past, present);
    }

    /** What a thread is in the record; null if it has nothing to do with it. */
    synchronized Born find(UserThread thread) {
        Process process = thread.process();
        Integer past = processes.get(process);
        Born mine = born.remove(thread.id());
        if (mine == null) {
            // Whoever made it may not have come to say so.
            Integer maker = past != null ? past : then.get(process.parent());
            mine = maker == null ? null : expected.remove(maker);
            if (mine == null) {
                return null;
            }
            notifyAll();
        }
        meet(thread.id(), mine.thread());
        processes.put(process, mine.process());
        return mine;
    }

    /** A process is about to make another one, or a thread; one at a time. */
    synchronized void bears(Process process, Call call, Request request) {
        await(() -> !expected.containsKey(call.process()));
        boolean thread = (request.flags & CLONE_THREAD) != 0;
        int id = (int) call.result();
        expected.put(call.process(), new Born(thread ? call.process() : id, id,
                (request.flags & CLONE_CHILD_SETTID) != 0 ? request.idAt : 0));
    }

    /** It has made it. */
    synchronized void born(Process process, int present, Call call) {
        Born waiting = expected.get(call.process());
        if (waiting != null && waiting.thread() == (int) call.result()) {
            expected.remove(call.process());
            born.put(present, waiting);
            notifyAll();
        }
        meet(present, (int) call.result());
    }

    /** The id of now of a process or thread of the record. */
    synchronized int present(int past, int otherwise) {
        return now.getOrDefault(past, otherwise);
    }

    /** Waits until all that other processes wrote to standard streams before this call is written. */
    synchronized void awaitTurn(Call call) {
        if (call.stream() != Call.NO_STREAM) {
            await(() -> turns.headMap(call.order()).values().stream()
                    .allMatch(process -> process == call.process()));
        }
    }

    /** A call has been made. */
    synchronized void done(Call call) {
        if (turns.remove(call.order()) != null) {
            notifyAll();
        }
    }

    /** A process makes no more calls of the record. */
    synchronized void leaves(int process) {
        if (turns.values().removeIf(of -> of == process)) {
            notifyAll();
        }
    }

    private void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                LOG.log(System.Logger.Level.WARNING, "processes do not come to their calls in the order of the record");
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
