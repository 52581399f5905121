package bundles.pagers.shared;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.ext.vm.api.MemoryObject;

/**
 * The manager of a segment: knows who may do what with each page, and lets one member write to it or several read it, never both (Li and
 * Hudak, Memory coherence in shared virtual memory systems, ACM TOCS 7(4), 1989: the centralized manager, section 3.1.1, but that pages
 * travel through it). It keeps the contents of pages that nobody may write to.
 *
 * <p>A page has one request under way; others wait in their order. A request for reading recalls the right to write from who has it, one
 * for writing all rights of everybody else; when all have answered, or have left, it is granted. So the order of the grants of a page is one
 * that all members agree about, and a store is seen by all who read it afterwards.
 *
 * <p>Concurrency: the monitor guards everything, and what is to be done is put into {@link #events} and done by who has the monitor, so
 * that a member that answers within a call changes nothing in the middle of it. Members and the object are called with the monitor held;
 * neither waits for a member.
 */
final class Home implements Manager {

    /** Who wants what. */
    private record Request(Member member, int rights) {}

    /** A page. */
    private static final class Entry {
        /** Who may write to it, and so nobody else may do anything; or null, and then its contents are here. */
        private Member writer;
        private final Set<Member> readers = new LinkedHashSet<>();
        private final Deque<Request> waiting = new ArrayDeque<>();
        /** The request under way, and who has not yet answered the recall. */
        private Request current;
        private final Set<Member> asked = new HashSet<>();
        /** Why it cannot be had any more, or null. */
        private String lost;
    }

    private final MemoryObject store;
    private final int pageSize;
    private final Runnable onEmpty;
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Set<Member> members = new HashSet<>();
    private final Deque<Runnable> events = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;

    /**
     * @param store keeps contents; this closes it
     * @param pageSize bytes
     * @param onEmpty runs when the last member has left; must not wait, nor take a lock with which this is called
     */
    Home(MemoryObject store, int pageSize, Runnable onEmpty) {
        this.store = store;
        this.pageSize = pageSize;
        this.onEmpty = onEmpty;
    }

    /** Takes a member. @return {@code false}: the last one has just left, and the segment is gone */
    synchronized boolean join(Member member) {
        return !closed && members.add(member);
    }

    /** How many use it. */
    synchronized int members() {
        return members.size();
    }

    private synchronized void happen(Runnable event) {
        events.add(event);
        if (busy) {
            return;
        }
        busy = true;
        try {
            Runnable next;
            while ((next = events.poll()) != null) {
                next.run();
            }
        } finally {
            busy = false;
        }
    }

    @Override
    public void request(Member member, long offset, int rights) {
        happen(() -> {
            Entry entry = entries.computeIfAbsent(offset, _ -> new Entry());
            Request request = new Request(member, rights);
            if (members.contains(member) && !request.equals(entry.current) && !entry.waiting.contains(request)) {
                entry.waiting.add(request);
                next(offset, entry);
            }
        });
    }

    @Override
    public void returned(Member member, long offset, int left, byte[] contents) {
        happen(() -> {
            Entry entry = entries.get(offset);
            if (entry == null || !members.contains(member)) {
                return;
            }
            if (entry.writer == member) {
                entry.writer = null;
                keep(offset, entry, contents);
                if (left == Rights.READ) {
                    entry.readers.add(member);
                }
            } else if (left == Rights.NONE) {
                entry.readers.remove(member);
            }
            answered(member, offset, entry);
        });
    }

    @Override
    public void left(Member member) {
        happen(() -> {
            if (!members.remove(member)) {
                return;
            }
            entries.forEach((offset, entry) -> {
                entry.readers.remove(member);
                entry.waiting.removeIf(request -> request.member == member);
                if (entry.writer == member) {
                    entry.writer = null;
                    entry.lost = "the kernel that had written to it last is gone";
                }
                answered(member, offset, entry);
            });
            if (members.isEmpty()) {
                close();
            }
        });
    }

    /** Ends the segment for all members. */
    void end(String reason) {
        happen(() -> {
            members.forEach(member -> member.end(reason));
            members.clear();
            close();
        });
    }

    private void close() {
        closed = true;
        entries.clear();
        store.close();
        onEmpty.run();
    }

    private void answered(Member member, long offset, Entry entry) {
        entry.asked.remove(member);
        settle(offset, entry);
        next(offset, entry);
    }

    /** Begins with the next request, if none is under way. */
    private void next(long offset, Entry entry) {
        while (entry.current == null && !entry.waiting.isEmpty()) {
            Request request = entry.waiting.poll();
            entry.current = request;
            if (entry.writer != null) {
                entry.asked.add(entry.writer);
            }
            if (request.rights == Rights.WRITE) {
                entry.asked.addAll(entry.readers);
            }
            entry.asked.remove(request.member);
            int left = request.rights == Rights.WRITE ? Rights.NONE : Rights.READ;
            List.copyOf(entry.asked).forEach(member -> member.recall(offset, left));
            settle(offset, entry);
        }
    }

    /** Ends the request under way, if all have answered. */
    private void settle(long offset, Entry entry) {
        Request request = entry.current;
        if (request == null || !entry.asked.isEmpty()) {
            return;
        }
        entry.current = null;
        if (members.contains(request.member)) {
            boolean has = entry.writer == request.member || entry.readers.contains(request.member);
            byte[] contents = has ? null : contents(offset, entry);
            if (entry.lost != null) {
                request.member.refuse(offset, entry.lost);
            } else {
                grant(offset, entry, request, contents);
            }
        }
    }

    private void grant(long offset, Entry entry, Request request, byte[] contents) {
        int rights = entry.writer == request.member ? Rights.WRITE : request.rights;
        if (rights == Rights.WRITE) {
            entry.readers.remove(request.member);
            entry.writer = request.member;
            store.discard(offset);
        } else {
            entry.readers.add(request.member);
        }
        request.member.grant(offset, rights, contents);
    }

    private void keep(long offset, Entry entry, byte[] contents) {
        try {
            if (contents == null) {
                throw new IOException("the kernel that had written to it last has lost it");
            }
            store.supply(offset, contents, Rights.NONE);
        } catch (IOException e) {
            entry.lost = e.getMessage();
        }
    }

    /** What is in a page that nobody may write to: zeros, if nobody ever did. */
    private byte[] contents(long offset, Entry entry) {
        byte[] bytes = new byte[pageSize];
        try {
            store.read(offset, bytes);
        } catch (IOException e) {
            entry.lost = e.getMessage();
        }
        return bytes;
    }
}
