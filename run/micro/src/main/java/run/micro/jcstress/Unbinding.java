package run.micro.jcstress;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Event;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import run.micro.Kernel;

/** A raise beside an unbinding: when it has returned nobody is inside the handler, and nobody enters. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Nobody was inside or entered.")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "A raise entered the handler after it was unbound.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Raises were inside when the unbinding returned.")
public class Unbinding {

    private static final Dispatcher DISPATCHER = Kernel.dispatcher();
    private static final Visit VISIT = DISPATCHER.stub(Visit.class);

    /** What a raise found. */
    public static final class Finding {
        private boolean entered;
    }

    /** The event. */
    @Event(unanswered = Event.Unanswered.IGNORE)
    public interface Visit {
        /** Handlers look whether they may still run. */
        void visit(Finding finding);
    }

    private static final class Guest implements Visit {
        private final AtomicInteger inside = new AtomicInteger();
        private volatile boolean gone;

        @Override
        public void visit(Finding finding) {
            inside.incrementAndGet();
            finding.entered |= gone;
            inside.decrementAndGet();
        }
    }

    /** Binds and unbinds. */
    @Actor
    public void unbind(II_Result result) {
        Guest guest = new Guest();
        Bound bound = DISPATCHER.bind(Binding.handler(Visit.class, guest).name("guest"));
        bound.close();
        guest.gone = true;
        result.r2 = guest.inside.get();
    }

    /** Raises. */
    @Actor
    public void raise(II_Result result) {
        Finding finding = new Finding();
        VISIT.visit(finding);
        result.r1 = finding.entered ? 1 : 0;
    }
}
