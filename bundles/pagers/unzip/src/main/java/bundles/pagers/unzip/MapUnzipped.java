package bundles.pagers.unzip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A system call of this extension's own: 20010 (path, address of a 64-bit length) maps what a compressed file has in it, readable
 * and private, and answers the address. {@code munmap} ends it. Thread-safe: holds nothing that changes.
 */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, cancel = true, name = "unzip", key = "number=20010")
public final class MapUnzipped implements Syscall {

    /** Where the UNIX server lets the mappings of programs begin. */
    private static final long LOWEST = 0x200_0000_0000L;
    private static final int LONGEST_PATH = 4096;
    private static final int ENOENT = 2, EIO = 5, ENOMEM = 12, EFAULT = 14, EINVAL = 22;

    private final AddressSpaces spaces;
    private final FileSystem files;
    private final int page;

    /** Made by Declarative Services. */
    @Activate
    public MapUnzipped(@Reference AddressSpaces spaces, @Reference PhysAddr memory,
            @Reference(target = "(spin.filesystem=host)") FileSystem files) {
        this.spaces = spaces;
        this.files = files;
        page = memory.pageSize();
    }

    @Override
    public void syscall(UserContext context, int number) {
        TranslationContext translation = context.translation();
        AddressSpace space = spaces.spaces().stream().filter(one -> one.translation() == translation).findFirst()
                .orElse(null);
        String path = path(context);
        if (space == null || path == null) {
            context.fail(EFAULT);
            return;
        }
        try {
            map(context, space, new BlockFile(files.getPath(path), page));
        } catch (NoSuchFileException | InvalidPathException e) {
            context.fail(ENOENT);
        } catch (IOException e) {
            System.getLogger(MapUnzipped.class.getName()).log(System.Logger.Level.DEBUG, "not mapped", e);
            context.fail(EIO);
        }
    }

    private void map(UserContext context, AddressSpace space, BlockFile file) {
        byte[] length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(file.length()).array();
        if (file.length() == 0) {
            context.fail(EINVAL);
            return;
        }
        if (context.copyOut(context.argument(1), length, 0, length.length) < length.length) {
            context.fail(EFAULT);
            return;
        }
        long address = space.findGap(LOWEST, file.length());
        if (address < 0) {
            context.fail(ENOMEM);
            return;
        }
        space.map(address, file.length(), TranslationContext.READ, file, "[unzipped]");
        context.succeed(address);
    }

    /** The path, or null if it is not in the program's memory. */
    private static String path(UserContext context) {
        byte[] bytes = new byte[LONGEST_PATH];
        for (int i = 0; i < bytes.length && context.copyIn(context.argument(0) + i, bytes, i, 1) == 1; i++) {
            if (bytes[i] == 0) {
                return new String(bytes, 0, i, StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
