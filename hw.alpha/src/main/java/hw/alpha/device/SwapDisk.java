package hw.alpha.device;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
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
 * <p>Thread-safe: the monitor guards the file's position. It is not a channel, which an interrupted strand would close.
 */
@Component(service = Disk.class, property = Disk.USE + "=" + Disk.SWAP)
public final class SwapDisk implements Disk {

    private final long blocks;
    private final int size;
    private final byte[] buffer;
    private RandomAccessFile file;
    private boolean off;

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
        this.buffer = new byte[size];
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
    public synchronized void read(long block, Frame frame) throws IOException {
        Objects.checkIndex(block, blocks);
        if (off) {
            throw new IOException("the disk is switched off");
        }
        if (file == null || (block + 1) * size > file.length()) {
            frame.write(0, new byte[size], 0, size);
            return;
        }
        file.seek(block * size);
        file.readFully(buffer);
        frame.write(0, buffer, 0, size);
    }

    @Override
    public synchronized void write(long block, Frame frame) throws IOException {
        Objects.checkIndex(block, blocks);
        if (file == null) {
            file = make();
        }
        frame.read(0, buffer, 0, size);
        file.seek(block * size);
        file.write(buffer);
    }

    private RandomAccessFile make() throws IOException {
        if (off) {
            throw new IOException("the disk is switched off");
        }
        Path path = Files.createTempFile("spin-swap-", null);
        File name = path.toFile();
        try {
            return new RandomAccessFile(name, "rw");
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
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
