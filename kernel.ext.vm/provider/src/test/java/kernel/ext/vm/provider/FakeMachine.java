package kernel.ext.vm.provider;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.Translation;
import kernel.core.memory.TranslationContext;

/** Physical memory and a translation unit that check how they are used. */
final class FakeMachine implements PhysAddr, Translation {

    static final int PAGE = 8192;
    static final long LIMIT = 1L << 42;

    final Set<Frame> used = new HashSet<>();
    private final int total;

    FakeMachine(int total) {
        this.total = total;
    }

    @Override
    public int pageSize() {
        return PAGE;
    }

    @Override
    public int total() {
        return total;
    }

    @Override
    public synchronized int free() {
        return total - used.size();
    }

    @Override
    public synchronized Frame allocate() {
        if (used.size() == total) {
            return null;
        }
        var frame = new FakeFrame();
        used.add(frame);
        return frame;
    }

    @Override
    public synchronized void free(Frame frame) {
        if (!used.remove(frame)) {
            throw new IllegalStateException("freed twice");
        }
    }

    @Override
    public TranslationContext create() {
        return new FakeContext();
    }

    @Override
    public long limit() {
        return LIMIT;
    }

    /** A frame with its bytes. */
    static final class FakeFrame implements Frame {
        final byte[] bytes = new byte[PAGE];

        @Override
        public long address() {
            return 0;
        }

        @Override
        public void read(int position, byte[] to, int offset, int length) {
            System.arraycopy(bytes, position, to, offset, length);
        }

        @Override
        public void write(int position, byte[] from, int offset, int length) {
            System.arraycopy(from, offset, bytes, position, length);
        }
    }

    private static final class FakeContext implements TranslationContext {
        private record Entry(Frame frame, int protection) {}

        private final Map<Long, Entry> entries = new HashMap<>();

        @Override
        public Frame map(long address, Frame frame, int protection) {
            Entry old = entries.put(address / PAGE, new Entry(frame, protection));
            return old == null ? null : old.frame;
        }

        @Override
        public Frame unmap(long address) {
            Entry old = entries.remove(address / PAGE);
            return old == null ? null : old.frame;
        }

        @Override
        public void protect(long address, int protection) {
            entries.computeIfPresent(address / PAGE, (page, entry) -> new Entry(entry.frame, protection));
        }

        @Override
        public void protect(long address, long length, int protection) {
            for (long page = address / PAGE; page * PAGE < address + length; page++) {
                protect(page * PAGE, protection);
            }
        }

        @Override
        public int examine(long address) {
            Entry entry = entries.get(address / PAGE);
            return entry == null ? UNMAPPED : entry.protection;
        }

        @Override
        public Frame frame(long address) {
            Entry entry = entries.get(address / PAGE);
            return entry == null ? null : entry.frame;
        }

        @Override
        public void destroy() {
            entries.clear();
        }
    }
}
