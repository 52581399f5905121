package run.micro.jcstress;

import java.util.concurrent.TimeUnit;
import kernel.core.strand.Strand;

/** Waits for the ends of strands, but not for ever. */
final class Ended {

    static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private Ended() {}

    /** @return false: it was lost */
    static boolean in(Strand strand) {
        try {
            return strand.join(PATIENCE);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
