package bundles.unix.provider.process;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.OpenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.Pager;

/** The shared mappings of an address space. The monitor of the {@link MemoryMap} that has it guards it. */
public final class SharedMappings {

    /**
     * A mapping, or what is left of it.
     *
     * @param position in the contents, of {@code start}
     */
    private record Mapping(long start, long end, long position, SharedContents contents) {

        Mapping part(long from, long to) {
            return new Mapping(from, to, position + from - start, contents);
        }
    }

    /** A place in what is shared. */
    record Place(SharedContents contents, long position) {}

    private final AddressSpace space;
    private final SharedContents.Registry registry;
    private final List<Mapping> mappings = new ArrayList<>();

    /**
     * @param space the process's
     * @param registry of what is shared
     */
    SharedMappings(AddressSpace space, SharedContents.Registry registry) {
        this.space = space;
        this.registry = registry;
    }

    /** The same mappings in a copy of the space. */
    SharedMappings copy(AddressSpace newSpace) {
        var copy = new SharedMappings(newSpace, registry);
        mappings.forEach(mapping -> mapping.contents.retain());
        copy.mappings.addAll(mappings);
        return copy;
    }

    /**
     * Maps a file, or memory of no file.
     *
     * @param file what to map, or null
     * @param position in the file
     */
    public void map(long start, long length, int protection, OpenFile file, long position, String label)
            throws IOException, ErrnoException {
        SharedContents contents = registry.open(file);
        add(start, length, protection, contents, position, label);
    }

    /** Maps contents that somebody has: one more uses them. */
    void map(long start, long length, int protection, SharedContents contents, String label) {
        contents.retain();
        add(start, length, protection, contents, 0, label);
    }

    /** Pages of a file for a mapping that is nobody else's; the file is open as long as there are such pages. */
    public Pager pager(OpenFile file, long position) throws ErrnoException, IOException {
        return registry.files().pager(file, position);
    }

    private void add(long start, long length, int protection, SharedContents contents, long position, String label) {
        mappings.add(new Mapping(start, start + Layout.ceil(length), position, contents));
        space.map(start, length, protection, contents.object(), position, label);
    }

    /** Whether an address belongs to a shared mapping. */
    public boolean shows(long address) {
        return place(address) != null;
    }

    /** What an address shows, or null if that is not shared. */
    Place place(long address) {
        for (Mapping mapping : mappings) {
            if (mapping.start <= address && address < mapping.end) {
                return new Place(mapping.contents, mapping.position + address - mapping.start);
            }
        }
        return null;
    }

    /** Adds the pages that follow a mapping's end to it. @return whether there was one that ends there */
    public boolean extend(long end, long more, int protection, String label) {
        for (int i = 0; i < mappings.size(); i++) {
            Mapping mapping = mappings.get(i);
            if (mapping.end == end) {
                mappings.set(i, new Mapping(mapping.start, end + more, mapping.position, mapping.contents));
                space.map(end, more, protection, mapping.contents.object(), mapping.position + end - mapping.start,
                        label);
                return true;
            }
        }
        return false;
    }

    /** What lies between two addresses is elsewhere now. */
    public void moved(long start, long end, long to) {
        for (int i = 0; i < mappings.size(); i++) {
            Mapping mapping = mappings.get(i);
            if (mapping.start >= start && mapping.end <= end) {
                mappings.set(i, new Mapping(mapping.start - start + to, mapping.end - start + to, mapping.position,
                        mapping.contents));
            }
        }
    }

    /** Writes back what was changed between two addresses. */
    public void writeBack(long start, long end) throws IOException, ErrnoException {
        for (Mapping mapping : mappings) {
            long from = Math.max(start, mapping.start);
            long to = Math.min(end, mapping.end);
            if (from < to) {
                mapping.contents.writeBack(mapping.position + from - mapping.start,
                        mapping.position + to - mapping.start);
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
        List<SharedContents> gone = new ArrayList<>();
        for (Mapping mapping : mappings) {
            if (mapping.end <= start || end <= mapping.start) {
                rest.add(mapping);
                continue;
            }
            boolean before = mapping.start < start;
            boolean after = end < mapping.end;
            if (before) {
                rest.add(mapping.part(mapping.start, start));
            }
            if (after) {
                rest.add(mapping.part(end, mapping.end));
            }
            if (before && after) {
                mapping.contents.retain();
            } else if (!before && !after) {
                gone.add(mapping.contents);
            }
        }
        mappings.clear();
        mappings.addAll(rest);
        for (SharedContents contents : gone) {
            contents.release();
        }
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
