package bundles.unix.provider.ipc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Objects of System V's interprocess communication by key and by id (sysvipc(7)). Not thread-safe: who has it guards it.
 *
 * @param <T> their kind
 */
public final class Table<T extends Table.Entry> {

    /** The key that is nobody's. */
    public static final int IPC_PRIVATE = 0;
    /** Flags of the calls that get an object (linux/ipc.h). */
    public static final int IPC_CREAT = 01000, IPC_EXCL = 02000, IPC_NOWAIT = 04000;
    /** Bytes of a {@code struct ipc64_perm}. */
    public static final int PERMISSIONS = 48;

    private static final int MOST = 4096;

    /** What each of them has. */
    public static class Entry {
        int key;
        int id;
        int user;
        int group;
        int mode;
        boolean removed;

        /** Its id. */
        public final int id() {
            return id;
        }

        /** Permissions. */
        public final int mode() {
            return mode;
        }

        /** Sets the permissions. */
        public final void setMode(int newMode) {
            mode = newMode & 0777;
        }

        /** Whether nobody may get it by its key any more. */
        public final boolean removed() {
            return removed;
        }

        /** A structure that begins with its {@code struct ipc64_perm} (asm/ipcbuf.h). @param more bits of its mode */
        public final ByteBuffer struct(int size, int more) {
            return UserMemory.struct(size).putInt(0, removed ? IPC_PRIVATE : key).putInt(4, user).putInt(8, group)
                    .putInt(12, user).putInt(16, group).putInt(20, mode | more).putShort(24, (short) (id >>> 15));
        }
    }

    private final TreeMap<Integer, T> byId = new TreeMap<>();
    private final int user;
    private final int group;
    private int next;

    /**
     * @param user whose they are
     * @param group its group
     */
    public Table(int user, int group) {
        this.user = user;
        this.group = group;
    }

    /**
     * The object with a key, made now if that is wanted.
     *
     * @param flags IPC_ and permissions
     * @param fits whether one that is there is what is asked for; EINVAL if not
     * @param maker makes one
     * @throws ErrnoException ENOENT, EEXIST, ENOSPC, EINVAL
     */
    public T get(int key, int flags, Predicate<T> fits, Maker<T> maker) throws ErrnoException {
        if (key != IPC_PRIVATE) {
            for (T one : byId.values()) {
                if (one.key == key && !one.removed) {
                    if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL)) {
                        throw Errno.EEXIST.exception();
                    }
                    if (!fits.test(one)) {
                        throw Errno.EINVAL.exception();
                    }
                    return one;
                }
            }
            if ((flags & IPC_CREAT) == 0) {
                throw Errno.ENOENT.exception();
            }
        }
        if (byId.size() >= MOST) {
            throw Errno.ENOSPC.exception();
        }
        T made = maker.make();
        do {
            next = next + 1 & Integer.MAX_VALUE;
        } while (byId.containsKey(next));
        made.id = next;
        made.key = key;
        made.user = user;
        made.group = group;
        made.mode = flags & 0777;
        byId.put(made.id, made);
        return made;
    }

    /** Makes an object. @param <T> its kind */
    @FunctionalInterface
    public interface Maker<T> {
        /** Makes it. */
        T make() throws ErrnoException;
    }

    /** @throws ErrnoException EINVAL: there is none with this id */
    public T find(int id) throws ErrnoException {
        T found = byId.get(id);
        if (found == null) {
            throw Errno.EINVAL.exception();
        }
        return found;
    }

    /** Nobody gets it by its key any more. */
    public void hide(T one) {
        one.removed = true;
    }

    /** It is gone. */
    public void remove(T one) {
        one.removed = true;
        byId.remove(one.id);
    }

    /** All. */
    public List<T> all() {
        return List.copyOf(byId.values());
    }
}
