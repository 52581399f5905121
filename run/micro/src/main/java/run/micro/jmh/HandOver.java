package run.micro.jmh;

import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Event;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import run.micro.Kernel;

/** From an asynchronous raise to the start of its handler. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandOver {

    private static final int QUEUE = 64;

    /** The event. */
    @Event(unanswered = Event.Unanswered.IGNORE)
    public interface Late {
        /** @param number of the raise */
        void late(long number);
    }

    /** One asynchronous handler. */
    @State(Scope.Benchmark)
    public static class Bound {
        private Late late;
        private long number;
        private volatile long arrived;

        /** Binds. */
        @Setup(Level.Trial)
        public void bind() {
            Dispatcher dispatcher = Kernel.dispatcher();
            dispatcher.bind(Binding.handler(Late.class, now -> arrived = now).name("late").async(QUEUE, Binding.WAIT));
            late = dispatcher.stub(Late.class);
        }
    }

    /** Interrupts that only have to wake somebody up: raise, and wait until the handler has started. */
    @Benchmark
    public long asynchronous(Bound state) {
        long now = ++state.number;
        state.late.late(now);
        while (state.arrived != now) {
            Thread.onSpinWait();
        }
        return now;
    }
}
