package kernel.ext.vm.provider;

import java.io.IOException;
import java.util.BitSet;
import kernel.core.machine.Disk;
import kernel.core.memory.Frame;
import kernel.ext.vm.api.PageStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Pages on the machine's swap disk, one in a block.
 *
 * <p>Thread-safe: the monitor guards which blocks are in use; transfers run without it.
 */
@Component(service = PageStore.class, property = PageStore.NAME + "=disk")
public final class DiskStore implements PageStore {

    private final Disk disk;
    private final BitSet taken = new BitSet();
    private volatile int used;
    /** Where free blocks are looked for: behind the last that was given, so that what is stored together lies together. */
    private int next;

    /** @param disk where pages go */
    @Activate
    public DiskStore(@Reference(target = "(" + Disk.USE + "=" + Disk.SWAP + ")") Disk disk) {
        this.disk = disk;
    }

    @Override
    public long store(Frame frame) throws IOException {
        int block = take();
        if (block < 0) {
            return NONE;
        }
        boolean done = false;
        try {
            disk.write(block, frame);
            done = true;
            return block;
        } finally {
            if (!done) {
                free(block);
            }
        }
    }

    private synchronized int take() {
        int block = taken.nextClearBit(next);
        if (block >= capacity()) {
            block = taken.nextClearBit(0);
        }
        if (block >= capacity()) {
            return -1;
        }
        taken.set(block);
        used++;
        next = block + 1;
        return block;
    }

    @Override
    public void load(long place, Frame frame) throws IOException {
        disk.read(place, frame);
    }

    @Override
    public synchronized void free(long place) {
        if (taken.get((int) place)) {
            taken.clear((int) place);
            used--;
        }
    }

    @Override
    public long capacity() {
        return Math.min(disk.blocks(), Integer.MAX_VALUE - 1);
    }

    @Override
    public long used() {
        return used;
    }

    /** As long as there is room for others: a page that is in memory as well takes a block for nothing otherwise. */
    @Override
    public boolean keepsLoaded() {
        return used < capacity() / 2;
    }
}
