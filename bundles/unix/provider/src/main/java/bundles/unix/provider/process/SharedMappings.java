package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.Pager;

/**
 * Mappings of files whose changes go back to the file: at msync(2), munmap(2) and the process's end, and only the bytes that
 * were changed, for pages do not tell whether they were written. Belongs to the process's strand, but for the pagers.
 */
public final class SharedMappings {

    /**
     * A mapping, or what is left of it.
     *
     * @param position in the file, of {@code start}
     */
    private record Mapping(long start, long end, long position, Contents contents) {

        Mapping part(long from, long to) {
            return new Mapping(from, to, position + from - start, contents);
        }
    }

    /** A file's pages as they were when they were filled or written last, by position. */
    private record Contents(OpenFile file, Map<Long, byte[]> pages) {

        void fill(long position, Frame frame) throws IOException {
            byte[] page = new byte[Layout.PAGE];
            try {
                int got = file.readAt(position, page, 0, page.length);
                if (got == 0) {
                    throw new IOException("beyond the end of the file");
                }
            } catch (ErrnoException e) {
                throw new IOException(e);
            }
            frame.write(0, page, 0, page.length);
            pages.put(position, page);
        }

        void writeBack(long position, Frame frame) throws IOException, ErrnoException {
            byte[] before = pages.get(position);
            if (before == null) {
                return;
            }
            byte[] now = new byte[Layout.PAGE];
            frame.read(0, now, 0, now.length);
            // What lies beyond the end of the file is not written.
            int length = Math.clamp(file.status().size() - position, 0, Layout.PAGE);
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
            pages.put(position, now);
        }
    }

    private final AddressSpace space;
    private final List<Mapping> mappings = new ArrayList<>();

    /** @param space the process's */
    SharedMappings(AddressSpace space) {
        this.space = space;
    }

    /**
     * Notes a mapping.
     *
     * @param position in the file
     * @return what fills its pages
     */
    public Pager add(long start, long length, OpenFile file, long position) {
        var contents = new Contents(file, new ConcurrentHashMap<>());
        mappings.add(new Mapping(start, start + Layout.ceil(length), position, contents));
        return (at, frame) -> contents.fill(position + at, frame);
    }

    /** Writes back what was changed between two addresses. */
    public void writeBack(long start, long end) throws IOException, ErrnoException {
        for (Mapping mapping : mappings) {
            // Pages beyond the end of the file cannot be there.
            long size = mapping.contents.file.status().size() - mapping.position;
            long to = Math.min(Math.min(end, mapping.end), mapping.start + Math.max(0, size));
            for (long page = Math.max(start, mapping.start); page < to; page += Layout.PAGE) {
                Frame frame = space.translation().frame(page);
                if (frame != null) {
                    mapping.contents.writeBack(mapping.position + page - mapping.start, frame);
                }
            }
        }
    }

    /** Writes back and forgets what lies between two addresses, before something else is mapped there or nothing. */
    public void remove(long start, long end) throws IOException, ErrnoException {
        if (mappings.isEmpty()) {
            return;
        }
        writeBack(start, end);
        List<Mapping> rest = new ArrayList<>();
        for (Mapping mapping : mappings) {
            if (mapping.end <= start || end <= mapping.start) {
                rest.add(mapping);
                continue;
            }
            if (mapping.start < start) {
                rest.add(mapping.part(mapping.start, start));
            }
            if (end < mapping.end) {
                rest.add(mapping.part(end, mapping.end));
            }
        }
        mappings.clear();
        mappings.addAll(rest);
    }

    /** Writes back everything; errors have nobody left to be told. */
    void close() {
        try {
            remove(0, Layout.TASK_SIZE);
        } catch (IOException | ErrnoException e) {
            mappings.clear();
        }
    }
}
