package kernel.ext.vm.provider;

import kernel.core.dispatch.Intrinsic;
import kernel.core.memory.Frame;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.Reclaim;
import kernel.core.memory.ReclaimableFrames;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The default policy of page replacement: the oldest frame that was not used since it was looked at last; those that were become the
 * youngest (second chance, also known as clock). When many in a row were used it is the oldest of those that are left. And the
 * intrinsic handler of {@link Reclaim}, which offers what was fetched ahead and is not used yet. Thread-safe.
 */
@Component
@Intrinsic(name = "second chance")
public final class SecondChance implements PageReplacement, Reclaim {

    /** Frames that are given a second chance for one that is taken; more would be a long stop for who waits for it. */
    private static final int MOST = 128;

    private final VirtualMemory memory;

    /** @param memory whose pages are fetched ahead */
    @Activate
    public SecondChance(@Reference VirtualMemory memory) {
        this.memory = memory;
    }

    @Override
    public int choose(ReclaimableFrames frames) {
        for (int left = Math.min(MOST, frames.size()); left > 0; left--) {
            int oldest = frames.oldest();
            if (!frames.used(oldest)) {
                return oldest;
            }
            frames.requeue(oldest);
        }
        return frames.oldest();
    }

    @Override
    public Frame reclaim(Frame candidate) {
        return memory.paging().ahead.offer();
    }
}
