package bundles.policies.random;

import java.util.SplittableRandom;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.ReclaimableFrames;
import org.osgi.service.component.annotations.Component;

/**
 * Takes any frame: no worse than a second chance for a program that goes through its memory in circles, for which the oldest page
 * is always the next that it needs. As long as it is bound nobody else is asked. Policies are called one at a time.
 */
@Component
@Handler(order = Binding.FIRST, cancel = true, name = "random")
public final class RandomReplacement implements PageReplacement {

    /** Frames that belong to nobody, or to somebody who keeps them, are hit as well; after so many of them any frame will do. */
    private static final int TRIES = 64;

    private final SplittableRandom random = new SplittableRandom(1);

    /** Made by Declarative Services. */
    public RandomReplacement() {}

    @Override
    public int choose(ReclaimableFrames frames) {
        for (int i = 0; i < TRIES; i++) {
            int frame = random.nextInt(frames.total());
            if (frames.contains(frame)) {
                return frame;
            }
        }
        return frames.oldest();
    }
}
