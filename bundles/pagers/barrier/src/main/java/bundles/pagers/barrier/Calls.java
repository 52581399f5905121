package bundles.pagers.barrier;

import bundles.pagers.barrier.Heaps.Heap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentSkipListSet;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.TranslationContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * System calls of this extension's own:
 * <dl>
 * <dt>20020 (address, bytes)
 * <dd>watches this heap from now on; 0 bytes: none
 * <dt>20021 (array of 64-bit addresses, how many it holds)
 * <dd>answers how many pages may have been written to since it told them last, and puts their addresses into the array, ascending; there
 * may be more if the array is full
 * </dl>
 * Taking rights away is all that is done to pages. Thread-safe, but no thread of the program may write to its heap while another
 * one asks, as is usual with collectors that stop the world.
 */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, cancel = true, name = "barrier", key = {"number=20020", "number=20021"})
public final class Calls implements Syscall {

    private static final int WATCH = 20020;
    private static final int EFAULT = 14, EINVAL = 22;

    private final Heaps heaps;
    private final int page;

    /** Made by Declarative Services. */
    @Activate
    public Calls(@Reference Heaps heaps, @Reference PhysAddr memory) {
        this.heaps = heaps;
        page = memory.pageSize();
    }

    @Override
    public void syscall(UserContext context, int number) {
        if (number == WATCH) {
            watch(context, context.argument(0), context.argument(1));
        } else {
            written(context, context.argument(0), context.argument(1));
        }
    }

    private void watch(UserContext context, long address, long bytes) {
        long start = address & -page;
        long end = address + bytes + page - 1 & -page;
        if (address < 0 || bytes < 0 || end < start) {
            context.fail(EINVAL);
            return;
        }
        // First the heap, then the pages: what is written between the two is told once too often, not once too little.
        heaps.watch(context.translation(),
                bytes == 0 ? null : new Heap(start, end, new ConcurrentSkipListSet<>()));
        for (long at = start; bytes > 0 && at < end; at += page) {
            protect(context.translation(), at);
        }
        context.succeed(0);
    }

    private void written(UserContext context, long array, long most) {
        Heap heap = heaps.of(context.translation());
        if (heap == null || most <= 0) {
            context.fail(EINVAL);
            return;
        }
        long count = 0;
        for (Long at : heap.written()) {
            if (count == most) {
                break;
            }
            byte[] address = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(at).array();
            if (context.copyOut(array + count * Long.BYTES, address, 0, address.length) < address.length) {
                context.fail(EFAULT);
                return;
            }
            heap.written().remove(at);
            protect(context.translation(), at);
            count++;
        }
        context.succeed(count);
    }

    private static void protect(TranslationContext space, long at) {
        int now = space.examine(at);
        if (now != TranslationContext.UNMAPPED) {
            space.protect(at, now & ~TranslationContext.WRITE);
        }
    }
}
