package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.signal.Action;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a process has to do with others: parent and children, process group, session and terminal (credentials(7), wait(2)).
 * The lock of the {@link ProcessTable} guards all of it; groups and sessions may be looked at without.
 */
public final class Family {

    /** Options of waitpid(2) and waitid(2) (linux/wait.h). */
    public static final int WNOHANG = 1, WSTOPPED = 2, WEXITED = 4, WCONTINUED = 8, WNOWAIT = 0x0100_0000,
            WCLONE = 0x8000_0000, WALL = 0x4000_0000, WNOTHREAD = 0x2000_0000;
    /** Which children: any, one by its id, those of a process group (waitid(2)). */
    public static final int P_ALL = 0, P_PID = 1, P_PGID = 2, P_PIDFD = 3;

    private static final int CONTINUED = 0xFFFF;

    private final UnixProcess self;
    private final ProcessTable table;
    private final ReentrantLock lock;
    private final Condition changed;
    private final int exitSignal;
    private final Set<UnixProcess> children = new LinkedHashSet<>();
    private UnixProcess parent;
    private volatile int group;
    private volatile int session;
    private ControllingTerminal terminal;
    private boolean executed;
    private boolean zombie;
    /** Whether somebody in the kernel forgets it ({@link UnixProcess#reap}) if it has no parent. */
    private final boolean kept;
    /** Status of a stop that the parent has not been told by wait(2), or 0. */
    private int stopWord;
    private boolean continueUntold;
    /** Processor time of children that were waited for. */
    private long childTime;

    /** Of a process that the kernel starts: a session of its own. */
    Family(UnixProcess self, ProcessTable table, ControllingTerminal terminal) {
        this(self, table, Signal.SIGCHLD, true);
        this.group = self.id();
        this.session = self.id();
        this.terminal = terminal;
        if (terminal != null) {
            lock.lock();
            try {
                terminal.setSession(session);
                terminal.setForeground(group);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Of a child, which is its parent's from now on. */
    Family(UnixProcess self, UnixProcess parent, int exitSignal) {
        this(self, parent.kernel().table(), exitSignal, false);
        lock.lock();
        try {
            Family theirs = parent.family();
            this.parent = parent;
            this.group = theirs.group;
            this.session = theirs.session;
            this.terminal = theirs.terminal;
            theirs.children.add(self);
        } finally {
            lock.unlock();
        }
    }

    private Family(UnixProcess self, ProcessTable table, int exitSignal, boolean kept) {
        this.self = self;
        this.table = table;
        this.lock = table.lock;
        this.changed = lock.newCondition();
        this.exitSignal = exitSignal;
        this.kept = kept;
    }

    /** Number of its process group. */
    public int group() {
        return group;
    }

    /** Number of its session. */
    public int session() {
        return session;
    }

    /** Its parent's id: 0 if the kernel started it, 1 if the parent has ended. */
    public int parent() {
        lock.lock();
        try {
            return parent != null ? parent.id() : kept ? 0 : 1;
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds of processor time of the children that were waited for, and of theirs. */
    public long childTime() {
        lock.lock();
        try {
            return childTime;
        } finally {
            lock.unlock();
        }
    }

    /** The session's terminal, or null. */
    public ControllingTerminal terminal() {
        lock.lock();
        try {
            return terminal;
        } finally {
            lock.unlock();
        }
    }

    /** It runs another program now: its parent may no longer change its group. */
    void executed() {
        lock.lock();
        try {
            executed = true;
        } finally {
            lock.unlock();
        }
    }

    /** It was not to be after all. */
    void unborn() {
        lock.lock();
        try {
            if (parent != null) {
                parent.family().children.remove(self);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A new session with a group of its own and no terminal (setsid(2)). */
    public int newSession() throws ErrnoException {
        lock.lock();
        try {
            if (group == self.id() || !table.group(self.id()).isEmpty()) {
                throw Errno.EPERM.exception();
            }
            group = self.id();
            session = self.id();
            terminal = null;
            return session;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes the group of this process or a child of it (setpgid(2)).
     *
     * @param id the process, 0: this
     * @param wanted the group, 0: one of its own
     */
    public void setGroup(int id, int wanted) throws ErrnoException {
        lock.lock();
        try {
            if (wanted < 0 || id < 0) {
                throw Errno.EINVAL.exception();
            }
            UnixProcess process = id == 0 ? self : table.find(id);
            if (process == null || process != self && process.family().parent != self) {
                throw Errno.ESRCH.exception();
            }
            Family target = process.family();
            if (process != self && target.executed) {
                throw Errno.EACCES.exception();
            }
            int to = wanted == 0 ? process.id() : wanted;
            boolean exists = to == process.id()
                    || table.all().stream().anyMatch(other -> other.family().group == to
                            && other.family().session == session);
            if (target.session != session || target.session == process.id() || !exists) {
                throw Errno.EPERM.exception();
            }
            target.group = to;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a terminal that nobody has for the session that this process leads (TIOCSCTTY). */
    public void take(ControllingTerminal wanted) throws ErrnoException {
        lock.lock();
        try {
            if (session != self.id() || terminal != null && terminal != wanted) {
                throw Errno.EPERM.exception();
            }
            boolean free = wanted.session() == 0 || wanted.session() == session
                    || table.all().stream().noneMatch(other -> other.family().terminal == wanted && !other.ended());
            if (!free) {
                throw Errno.EPERM.exception();
            }
            terminal = wanted;
            wanted.setSession(session);
            wanted.setForeground(group);
        } finally {
            lock.unlock();
        }
    }

    /** Has no terminal any more if it was this one. The caller holds the lock. */
    void lose(ControllingTerminal gone) {
        if (terminal == gone) {
            terminal = null;
        }
    }

    /** Gives the terminal up, with the session if this leads it (TIOCNOTTY). */
    public void giveUpTerminal() {
        ControllingTerminal old;
        lock.lock();
        try {
            old = terminal;
            terminal = null;
        } finally {
            lock.unlock();
        }
        if (old != null && session == self.id() && old.session() == session) {
            old.hangUp();
        }
    }

    /** Takes a terminal that was opened, if this leads a session that has none and nobody else has it (open(2), O_NOCTTY). */
    public void offer(ControllingTerminal opened) {
        lock.lock();
        try {
            if (session == self.id() && terminal == null && opened.session() == 0) {
                take(opened);
            }
        } catch (ErrnoException e) {
            // Somebody has it.
        } finally {
            lock.unlock();
        }
    }

    /** Puts a group of the session in the terminal's foreground (tcsetpgrp(3)). */
    public void setForeground(int wanted) throws ErrnoException {
        lock.lock();
        try {
            boolean exists = table.all().stream()
                    .anyMatch(other -> other.family().group == wanted && other.family().session == session);
            if (terminal == null) {
                throw Errno.ENOTTY.exception();
            }
            if (!exists) {
                throw (wanted < 0
                        ? Errno.EINVAL
                        : table.group(wanted).isEmpty() ? Errno.ESRCH : Errno.EPERM).exception();
            }
            terminal.setForeground(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Whether this process has the terminal but is not in its foreground. */
    public boolean inBackground() {
        lock.lock();
        try {
            return terminal != null && terminal.session() == session && terminal.foreground() != group;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nobody is left who could continue the members of this process's group (POSIX: orphaned process group). */
    public boolean orphaned() {
        lock.lock();
        try {
            return orphaned(group, session, null);
        } finally {
            lock.unlock();
        }
    }

    private boolean orphaned(int which, int ofSession, UnixProcess leaving) {
        return table.group(which).stream().noneMatch(member -> {
            UnixProcess above = member.family().parent;
            // Who the kernel started can be continued by the kernel's user.
            return member.family().kept && member != leaving
                    || above != null && above != leaving && member != leaving && above.family().session == ofSession
                            && above.family().group != which;
        });
    }

    // What becomes of a process

    /** The process has stopped. */
    void stopped(int signal) {
        lock.lock();
        try {
            stopWord = signal << 8 | 0x7F;
            continueUntold = false;
            tellParent(Signal.CLD_STOPPED, signal);
        } finally {
            lock.unlock();
        }
    }

    /** The process goes on after a stop. */
    void continued() {
        lock.lock();
        try {
            stopWord = 0;
            continueUntold = true;
            tellParent(Signal.CLD_CONTINUED, Signal.SIGCONT);
        } finally {
            lock.unlock();
        }
    }

    private void tellParent(int code, int status) {
        if (parent == null) {
            return;
        }
        if (!parent.signals().action(Signal.SIGCHLD).has(Signal.SA_NOCLDSTOP)) {
            parent.send(SignalInfo.child(Signal.SIGCHLD, code, self.id(), self.kernel().user(), status));
        }
        parent.family().changed.signalAll();
    }

    /** The process has ended: its children are nobody's, its parent is told, or it is forgotten. */
    void ended() {
        lock.lock();
        try {
            zombie = true;
            hangUp();
            for (UnixProcess child : List.copyOf(children)) {
                child.family().parent = null;
                if (child.family().zombie) {
                    table.remove(child);
                }
            }
            children.clear();
            if (parent == null) {
                if (!kept) {
                    table.remove(self);
                }
                return;
            }
            Action action = parent.signals().action(Signal.SIGCHLD);
            boolean unwanted = exitSignal == Signal.SIGCHLD
                    && (action.handler() == Signal.SIG_IGN || action.has(Signal.SA_NOCLDWAIT));
            Family theirs = parent.family();
            if (exitSignal != 0 && !(unwanted && action.handler() == Signal.SIG_IGN)) {
                ChildStatus status = status();
                parent.send(SignalInfo.child(exitSignal, status.code(), self.id(), self.kernel().user(),
                        status.status()));
            }
            if (unwanted) {
                theirs.children.remove(self);
                table.remove(self);
            }
            theirs.changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Groups that lose who could continue them are told, if they are stopped; the terminal of a session that ends, too. */
    private void hangUp() {
        if (session == self.id() && terminal != null) {
            if (terminal.foreground() != group) {
                terminal.send(SignalInfo.kernel(Signal.SIGHUP));
            }
            terminal.setSession(0);
        }
        // One of each group, and most groups have no member that is stopped: who ends among thousands takes little time.
        Map<Integer, Family> near = new LinkedHashMap<>();
        children.forEach(child -> near.putIfAbsent(child.family().group, child.family()));
        near.putIfAbsent(group, this);
        for (Family one : near.values()) {
            if (table.anyStopped(one.group) && !orphaned(one.group, one.session, null)
                    && orphaned(one.group, one.session, self)) {
                table.group(one.group).forEach(member -> {
                    member.send(SignalInfo.kernel(Signal.SIGHUP));
                    member.send(SignalInfo.kernel(Signal.SIGCONT));
                });
            }
        }
    }

    private ChildStatus status() {
        int word = self.word();
        int code = (word & 0x7F) == 0 ? Signal.CLD_EXITED : (word & 0x80) != 0 ? Signal.CLD_DUMPED : Signal.CLD_KILLED;
        return new ChildStatus(self.id(), code, word, self.kernel().user(), self.processorTime() + childTime);
    }

    // Waiting

    /**
     * Waits for children (waitid(2)).
     *
     * @param thread who waits
     * @param which {@link #P_ALL}, {@link #P_PID} or {@link #P_PGID}
     * @param id of the process or group
     * @param options bits W...
     * @throws ErrnoException ECHILD: there is none such; EINTR
     */
    public ChildStatus await(UnixThread thread, int which, int id, int options) throws ErrnoException, IOException {
        lock.lock();
        try {
            ChildStatus found = look(which, id, options);
            if (found != ChildStatus.NONE || (options & WNOHANG) != 0) {
                return found;
            }
        } finally {
            lock.unlock();
        }
        return thread.signals().await(() -> {
            lock.lockInterruptibly();
            try {
                while (true) {
                    ChildStatus found = look(which, id, options);
                    if (found != ChildStatus.NONE) {
                        return found;
                    }
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private ChildStatus look(int which, int id, int options) throws ErrnoException {
        boolean eligible = false;
        for (UnixProcess child : children) {
            boolean clone = child.family().exitSignal != Signal.SIGCHLD;
            boolean kind = (options & WALL) != 0 || clone == ((options & WCLONE) != 0);
            if (!kind || !(which == P_ALL || which == P_PID && child.id() == id
                    || which == P_PGID && child.family().group == id)) {
                continue;
            }
            eligible = true;
            ChildStatus status = child.family().tell(options);
            if (status != ChildStatus.NONE) {
                if (child.family().zombie && (options & WNOWAIT) == 0) {
                    childTime += status.processorTime();
                    children.remove(child);
                    table.remove(child);
                }
                return status;
            }
        }
        if (!eligible) {
            throw Errno.ECHILD.exception();
        }
        return ChildStatus.NONE;
    }

    private ChildStatus tell(int options) {
        if (zombie) {
            return (options & WEXITED) != 0 ? status() : ChildStatus.NONE;
        }
        boolean keep = (options & WNOWAIT) != 0;
        if (stopWord != 0 && (options & WSTOPPED) != 0) {
            int word = stopWord;
            stopWord = keep ? word : 0;
            return new ChildStatus(self.id(), Signal.CLD_STOPPED, word, self.kernel().user(), 0);
        }
        if (continueUntold && (options & WCONTINUED) != 0) {
            continueUntold = keep;
            return new ChildStatus(self.id(), Signal.CLD_CONTINUED, CONTINUED, self.kernel().user(), 0);
        }
        return ChildStatus.NONE;
    }
}
