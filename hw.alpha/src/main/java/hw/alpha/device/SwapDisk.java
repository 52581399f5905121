package hw.alpha.device;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Disk;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The disk that pages are swapped to: a file in the host's folder for temporary files, made when it is written first, sparse, and
 * without a name, so that nothing is left of it however the machine ends. Its size is the framework property
 * {@code spin.swap}, in megabytes; without it, twice the machine's memory.
 *
 * <p>Thread-safe: the file is opened {@value #HEADS} times, and each opening serves one transfer at a time, so that a strand whose
 * thread the host has stopped in the middle of one holds up no others. They are not channels, which an interrupted strand
 * would close.
 */
@Component(service = Disk.class, property = Disk.USE + "=" + Disk.SWAP)
public final class SwapDisk implements Disk {

    private static final int HEADS = 4;

    /** The file, opened once more. The lock guards position and buffer. */
    private static final class Head {
        private final ReentrantLock lock = new ReentrantLock();
        private final RandomAccessFile file;
        private final byte[] buffer;

        Head(RandomAccessFile file, int size) {
            this.file = file;
            this.buffer = new byte[size];
        }
    }

    private final long blocks;
    private final int size;
    /** Empty until something is written. Replaced under the monitor. */
    private volatile Head[] heads = {};
    private volatile boolean off;

    /**
     * @param memory tells how large a page is, and the memory
     * @throws IllegalArgumentException the property is no number of megabytes
     */
    @Activate
    public SwapDisk(@Reference PhysAddr memory, BundleContext context) {
        this(blocks(memory, context.getProperty("spin.swap")), memory.pageSize());
    }

    /**
     * @param blocks how many
     * @param size bytes in one
     */
    public SwapDisk(long blocks, int size) {
        this.blocks = blocks;
        this.size = size;
    }

    private static long blocks(PhysAddr memory, String megabytes) {
        if (megabytes == null) {
            return 2L * memory.total();
        }
        try {
            return ((long) Integer.parseUnsignedInt(megabytes.strip()) << 20) / memory.pageSize();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("spin.swap=" + megabytes + ": not a number of megabytes", e);
        }
    }

    @Override
    public long blocks() {
        return blocks;
    }

    @Override
    public void read(long block, Frame frame) throws IOException {
        Objects.checkIndex(block, blocks);
        check();
        Head[] all = heads;
        if (all.length == 0) {
            frame.write(0, new byte[size], 0, size);
            return;
        }
        Head head = take(all);
        try {
            head.file.seek(block * size);
            head.file.readFully(head.buffer);
            frame.write(0, head.buffer, 0, size);
        } finally {
            head.lock.unlock();
        }
    }

    @Override
    public void write(long block, Frame frame) throws IOException {
        Objects.checkIndex(block, blocks);
        Head head = take(made());
        try {
            frame.read(0, head.buffer, 0, size);
            head.file.seek(block * size);
            head.file.write(head.buffer);
        } finally {
            head.lock.unlock();
        }
    }

    /** Takes the first that is free; waits for one if none is. */
    private static Head take(Head[] all) {
        for (Head head : all) {
            if (head.lock.tryLock()) {
                return head;
            }
        }
        Head last = all[(int) (Thread.currentThread().threadId() % all.length)];
        last.lock.lock();
        return last;
    }

    private void check() throws IOException {
        if (off) {
            throw new IOException("the disk is switched off");
        }
    }

    private Head[] made() throws IOException {
        Head[] all = heads;
        if (all.length > 0) {
            return all;
        }
        synchronized (this) {
            check();
            if (heads.length == 0) {
                heads = make();
            }
            return heads;
        }
    }

    private Head[] make() throws IOException {
        Path path = Files.createTempFile("spin-swap-", null);
        File name = path.toFile();
        Head[] all = new Head[HEADS];
        try {
            for (int i = 0; i < HEADS; i++) {
                all[i] = new Head(new RandomAccessFile(name, "rw"), size);
            }
            all[0].file.setLength(blocks * size); // takes no room until it is written to
            return all;
        } catch (IOException e) {
            for (int i = 0; i < HEADS && all[i] != null; i++) {
                all[i].file.close();
            }
            throw e;
        } finally {
            if (!name.delete()) {
                name.deleteOnExit(); // a host on which open files keep their names
            }
        }
    }

    /** Switches it off: its contents are lost. */
    @Deactivate
    synchronized void close() throws IOException {
        off = true;
        for (Head head : heads) {
            head.lock.lock();
            try {
                head.file.close();
            } finally {
                head.lock.unlock();
            }
        }
    }
}
