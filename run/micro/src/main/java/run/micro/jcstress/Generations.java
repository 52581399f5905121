package run.micro.jcstress;

import java.util.ArrayList;
import java.util.List;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Event;
import run.micro.Kernel;

/**
 * Two events whose handlers are replaced together, generation by generation. One for the whole virtual machine: the tests
 * judge what one raise saw, whichever swap it met.
 */
final class Generations {

    /** How many handlers a generation has on {@link Left}. */
    static final int ON_LEFT = 2;

    private static final Dispatcher DISPATCHER = Kernel.dispatcher();
    private static List<Bound> bound = List.of();
    private static long generation;

    static {
        swap();
    }

    /** The stub. */
    static final Left LEFT = DISPATCHER.stub(Left.class);
    /** The stub. */
    static final Right RIGHT = DISPATCHER.stub(Right.class);

    private Generations() {}

    /** What the handlers of one raise leave behind. */
    public static final class Token {
        int marks;
        long generation;
        boolean torn;

        void mark(long of) {
            torn |= marks > 0 && generation != of;
            generation = of;
            marks++;
        }
    }

    /** One event. */
    @Event(unanswered = Event.Unanswered.IGNORE)
    public interface Left {
        /** Handlers leave their mark. */
        void seen(Token token);
    }

    /** The other. */
    @Event(unanswered = Event.Unanswered.IGNORE)
    public interface Right {
        /** Handlers leave their mark. */
        void seen(Token token);
    }

    /** Has the next generation take over. */
    static synchronized void swap() {
        long now = ++generation;
        List<Binding<?>> next = new ArrayList<>();
        for (int i = 0; i < ON_LEFT; i++) {
            next.add(Binding.handler(Left.class, token -> token.mark(now)).name("left" + i));
        }
        next.add(Binding.handler(Right.class, token -> token.mark(now)).name("right"));
        bound = DISPATCHER.swap(bound, next);
    }
}
