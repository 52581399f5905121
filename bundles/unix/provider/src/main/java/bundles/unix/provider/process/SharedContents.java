package bundles.unix.provider.process;

import bundles.unix.api.SharedFile;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryObject;
import kernel.ext.vm.api.Pager;

/**
 * What shared mappings show: the pages of a file, one set for all processes that map it, or of no file. Changes go back to
 * the file at msync(2), munmap(2) and a process's end, and only the bytes that were changed, for pages do not tell whether
 * they were written.
 *
 * <p>Concurrency: the registry's monitor guards who uses which contents, and the writer; {@link #writeBack} is serialized by
 * the contents' monitor. The pager runs in whatever strand faults.
 */
final class SharedContents {

    private record Key(long device, long inode) {}

    /** The contents in use, by file. Thread-safe: its monitor guards it. */
    static final class Registry {

        private final AddressSpaces spaces;
        private final SharedFile sharing;
        private final Map<Key, SharedContents> byFile = new HashMap<>();
        private final MappedFiles files = new MappedFiles();

        /** @param sharing the event that says what mappings of files show */
        Registry(AddressSpaces spaces, SharedFile sharing) {
            this.spaces = spaces;
            this.sharing = sharing;
        }

        /** Files that processes have mapped for themselves. */
        MappedFiles files() {
            return files;
        }

        /** The contents of a file, or new ones if that is null; the caller is one more who uses them. */
        SharedContents open(OpenFile file) throws IOException, ErrnoException {
            if (file == null) {
                return new SharedContents(this, null, null, null);
            }
            FileStatus status = file.status();
            var key = new Key(status.device(), status.inode());
            if (!status.is(FileStatus.S_IFREG)) {
                return new SharedContents(this, key, file, null).use(file);
            }
            synchronized (this) {
                SharedContents contents = byFile.get(key);
                if (contents != null) {
                    contents.users++;
                    return contents.use(file);
                }
            }
            // Without the monitor: who answers may have to ask another machine.
            return open(key, file, file.path() == null ? null : sharing.open(file.path()));
        }

        private synchronized SharedContents open(Key key, OpenFile file, SharedFile.Contents given) {
            SharedContents contents = byFile.get(key);
            if (contents == null) {
                contents = new SharedContents(this, key, file, given);
                byFile.put(key, contents);
            } else {
                contents.users++;
                if (given != null) {
                    given.release().run();
                }
            }
            return contents.use(file);
        }
    }

    private final Registry registry;
    private final Key key;
    /** What is shown in place of the file; null: the file. */
    private final SharedFile.Contents given;
    private final OpenFile reader;
    private final MemoryObject object;
    /** Pages as they were when they were filled or written last, by position. */
    private final Map<Long, byte[]> clean = new ConcurrentHashMap<>();
    private OpenFile writer;
    private int users = 1;

    private SharedContents(Registry registry, Key key, OpenFile file, SharedFile.Contents given) {
        this.registry = registry;
        this.key = key;
        this.given = given;
        this.reader = given == null ? file : null;
        if (reader != null) {
            reader.retain();
        }
        this.object = given != null
                ? given.object()
                : registry.spaces.object(file == null ? Pager.ZERO : file.ahead(this::fill));
    }

    /** This file is one that changes can go back to, if it is open for that. The caller holds the registry's monitor, or has this alone. */
    private SharedContents use(OpenFile file) {
        if (given == null && writer == null && (file.flags() & 3) == 2) {
            file.retain();
            writer = file;
        }
        return this;
    }

    /** The pages. */
    MemoryObject object() {
        return object;
    }

    /** One more uses this. */
    void retain() {
        synchronized (registry) {
            users++;
        }
    }

    /** How many use this. */
    int users() {
        synchronized (registry) {
            return users;
        }
    }

    /** One less uses this; with the last the file is let go. Write back first. */
    void release() throws IOException {
        synchronized (registry) {
            if (--users > 0) {
                return;
            }
            registry.byFile.remove(key, this);
        }
        if (given != null) {
            given.release().run();
            return;
        }
        object.close();
        if (reader != null) {
            reader.release();
        }
        if (writer != null) {
            writer.release();
        }
    }

    private void fill(long position, Frame frame) throws IOException {
        byte[] page = new byte[Layout.PAGE];
        if (!reader.retainOpen()) {
            throw new IOException("nobody has the file mapped any more"); // who fetches pages ahead may come late
        }
        try {
            int got = reader.readAt(position, page, 0, page.length);
            if (got == 0) {
                throw new IOException("beyond the end of the file");
            }
        } catch (ErrnoException e) {
            throw new IOException(e);
        } finally {
            reader.release();
        }
        frame.write(0, page, 0, page.length);
        clean.put(position, page);
    }

    /** Writes back what was changed between two positions. */
    synchronized void writeBack(long from, long to) throws IOException, ErrnoException {
        OpenFile file;
        synchronized (registry) {
            file = writer;
        }
        if (file == null) {
            return;
        }
        long size = file.status().size();
        byte[] now = new byte[Layout.PAGE];
        for (long position : object.touched()) {
            if (position >= from && position < to && object.read(position, now)) {
                // What lies beyond the end of the file is not written.
                writeBack(file, position, now, Math.clamp(size - position, 0, Layout.PAGE));
            }
        }
    }

    private void writeBack(OpenFile file, long position, byte[] now, int length) throws IOException, ErrnoException {
        byte[] before = clean.get(position);
        if (before == null) {
            return;
        }
        int at = 0;
        while (at < length) {
            int from = at;
            while (at < length && now[at] != before[at]) {
                at++;
            }
            if (at > from) {
                file.writeAt(position + from, now, from, at - from);
            }
            at++;
        }
        clean.put(position, now.clone());
    }
}
