package bundles.policies.vmload;

import bundles.policies.vmload.Ranges.Mode;
import bundles.policies.vmload.Ranges.Range;
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
 * System calls of this extension's own, by which a program says what is to happen with its pages:
 * <dl>
 * <dt>20000
 * <dd>does nothing: what a call of an extension costs
 * <dt>20001 (address, bytes, mode)
 * <dd>owns these pages from now on, which must be there; 0 bytes: none any more. Mode 0 enables a page that faults, 1 also
 * protects the next one
 * <dt>20002 (address, bytes, protection)
 * <dd>changes what may be done with pages (bits of {@link TranslationContext})
 * <dt>20003 (address)
 * <dd>what may be done with a page, -1 if it is not there
 * <dt>20004
 * <dd>the program will fault next
 * <dt>20005
 * <dd>nanoseconds from then to the handler
 * </dl>
 */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, cancel = true, name = "vmload", key = {"number=20000", "number=20001", "number=20002",
        "number=20003", "number=20004", "number=20005"})
public final class Calls implements Syscall {

    private static final int NOTHING = 20000;
    private static final int OWN = 20001;
    private static final int PROTECT = 20002;
    private static final int STATE = 20003;
    private static final int MARK = 20004;
    private static final int ARRIVED = 20005;
    private static final int EINVAL = 22;

    private final Ranges ranges;
    private final AddressSpaces spaces;
    private final int page;

    /** Made by Declarative Services. */
    @Activate
    public Calls(@Reference Ranges ranges, @Reference AddressSpaces spaces, @Reference PhysAddr memory) {
        this.ranges = ranges;
        this.spaces = spaces;
        page = memory.pageSize();
    }

    @Override
    public void syscall(UserContext context, int number) {
        TranslationContext space = context.translation();
        Range range = ranges.of(space);
        switch (number) {
            case NOTHING -> context.succeed(0);
            case OWN -> own(context, space);
            case PROTECT -> protect(context, space, range);
            case STATE -> context.succeed(space.examine(context.argument(0)));
            case MARK -> {
                if (range != null) {
                    range.marked = System.nanoTime();
                }
                context.succeed(0);
            }
            case ARRIVED -> {
                if (range == null || range.arrived == 0) {
                    context.fail(EINVAL);
                } else {
                    context.succeed(range.arrived - range.marked);
                    range.marked = 0;
                }
            }
            default -> context.fail(EINVAL);
        }
    }

    private void own(UserContext context, TranslationContext space) {
        long start = context.argument(0) & -page;
        long bytes = context.argument(1);
        long mode = context.argument(2);
        if (bytes == 0) {
            ranges.forget(space);
            context.succeed(0);
            return;
        }
        if (bytes < 0 || mode < 0 || mode >= Mode.values().length) {
            context.fail(EINVAL);
            return;
        }
        for (long at = start; at < start + bytes; at += page) {
            if (space.examine(at) == TranslationContext.UNMAPPED) {
                context.fail(EINVAL);
                return;
            }
        }
        AddressSpace owner = spaces.spaces().stream().filter(one -> one.translation() == space).findFirst()
                .orElse(null);
        if (owner == null) {
            context.fail(EINVAL);
            return;
        }
        ranges.own(space, new Range(start, start + bytes, Mode.values()[(int) mode], owner));
        context.succeed(0);
    }

    /** A program may take rights away from its own pages and give back what it owns, nothing else. */
    private void protect(UserContext context, TranslationContext space, Range range) {
        long start = context.argument(0) & -page;
        long end = context.argument(0) + context.argument(1);
        long protection = context.argument(2);
        if (range == null || start < range.start || end > range.end || end < start
                || (protection & ~(TranslationContext.READ | TranslationContext.WRITE)) != 0) {
            context.fail(EINVAL);
            return;
        }
        if ((protection & TranslationContext.WRITE) != 0) {
            // Not here: the page may be a child's as well, and the memory service knows that.
            range.space.protect(start, end - start, (int) protection);
        } else {
            space.protect(start, end - start, (int) protection);
        }
        context.succeed(0);
    }
}
