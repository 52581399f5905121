package kernel.core.dispatcher;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The end of a binding: waits until nobody is inside and what it had to do is done, and tells when that takes too long. */
final class Leaving {

    private static final System.Logger LOG = System.getLogger(Leaving.class.getName());

    private Leaving() {}

    /**
     * Waits.
     *
     * @param event its name
     * @param prefix of the names of the event's generated classes
     * @param member retired
     * @param others see {@link Quiescence#await}
     * @param virtual see {@link Quiescence#await}
     * @param nanos how long at most, for each of the two
     */
    static void await(String event, String prefix, Member member, Function<Member, Set<String>> others,
            Supplier<Collection<Thread>> virtual, long nanos) {
        List<String> left = Quiescence.await(prefix, member, others, virtual, nanos);
        if (!left.isEmpty()) {
            member.trouble("removed, but still running: " + String.join("; ", left));
            LOG.log(System.Logger.Level.WARNING, member + " was unbound from " + event + ", but after "
                    + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms it is still running in " + String.join("; ", left));
        }
        if (member.mailbox == null) {
            return;
        }
        try {
            if (!member.mailbox.drain(nanos)) {
                int lost = member.mailbox.discard();
                LOG.log(System.Logger.Level.WARNING, member + " was unbound from " + event + " with " + lost
                        + " calls outstanding, which are discarded: it did not come to them within "
                        + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
