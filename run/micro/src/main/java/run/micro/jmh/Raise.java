package run.micro.jmh;

import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import run.micro.Kernel;

/** Raises in all their kinds. Every benchmark has a virtual machine of its own, and says why it matters. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class Raise {

    private static final long MIXER = 0x9e3779b97f4a7c15L;

    /** The event of the plain raises. */
    @Event
    public interface Plain {
        /** The next number. */
        long step(long number);
    }

    /** An event with a key. */
    @Event
    public interface Keyed {
        /** The next number. */
        long step(long number, @Key("port") int port);
    }

    /** An event with a fold. */
    @Event(fold = Event.Fold.BY, folder = "mix")
    public interface Folded {
        /** The next number. */
        long step(long number);

        /** The folder. */
        static long mix(long soFar, long next) {
            return soFar * 31 + next;
        }
    }

    private static long next(long number) {
        return Long.rotateLeft(number, 7) ^ MIXER;
    }

    /** Calls the procedure, without an event. */
    @State(Scope.Thread)
    public static class Direct {
        private final Plain plain = Raise::next;
        private long number = 1;
    }

    /** The event with guarded handlers. */
    @State(Scope.Thread)
    public static class Guarded {
        /** How many handlers are bound beside the intrinsic one. */
        @Param({"0", "1", "5", "10", "50"})
        public int handlers;
        /** Whether their guards hold. */
        @Param({"true", "false"})
        public boolean holds;
        private Plain plain;
        private long number = 1;
        private long trace;

        /** A guard is an object of an interface such as this. */
        public interface Guard {
            /** Whether the handler runs. */
            boolean test(long number);
        }

        /** Binds. */
        @Setup
        public void bind() {
            Dispatcher dispatcher = Kernel.dispatcher();
            dispatcher.bind(Binding.intrinsic(Plain.class, Raise::next));
            for (int i = 0; i < handlers; i++) {
                long special = i;
                Guard guard = holds ? number -> number != special : number -> number == special;
                dispatcher.bind(Binding.handler(Plain.class, number -> trace ^= number).name("h" + i).guard(guard));
            }
            plain = dispatcher.stub(Plain.class);
        }
    }

    /** The event with keyed handlers, of which one matches. */
    @State(Scope.Thread)
    public static class Ported {
        /** How many. */
        @Param({"50", "1000"})
        public int handlers;
        private Keyed keyed;
        private int port = 7;
        private long number = 1;
        private long trace;

        /** Binds. */
        @Setup
        public void bind() {
            Dispatcher dispatcher = Kernel.dispatcher();
            dispatcher.bind(Binding.intrinsic(Keyed.class, (number, port) -> next(number)));
            for (int i = 0; i < handlers; i++) {
                dispatcher.bind(Binding.handler(Keyed.class, (number, port) -> trace ^= number).name("h" + i)
                        .key("port", i));
            }
            keyed = dispatcher.stub(Keyed.class);
        }
    }

    /** The event whose five handlers' results and the intrinsic one's are folded. */
    @State(Scope.Thread)
    public static class Folding {
        private Folded folded;
        private long number = 1;

        /** Binds. */
        @Setup
        public void bind() {
            Dispatcher dispatcher = Kernel.dispatcher();
            dispatcher.bind(Binding.intrinsic(Folded.class, Raise::next));
            for (int i = 0; i < 5; i++) {
                long id = i;
                dispatcher.bind(Binding.handler(Folded.class, number -> number ^ id).name("h" + i));
            }
            folded = dispatcher.stub(Folded.class);
        }
    }

    /** What all the others are to be compared with. */
    @Benchmark
    public long call(Direct state) {
        return state.number = state.plain.step(state.number);
    }

    /** A kernel of which everything is an event pays this everywhere (no handlers), and this where it is extended. */
    @Benchmark
    public long guarded(Guarded state) {
        return state.number = state.plain.step(state.number);
    }

    /** Ports, system call numbers, address spaces: most guards of real extensions compare one value. */
    @Benchmark
    public long keyed(Ported state) {
        return state.number = state.keyed.step(state.number, state.port);
    }

    /** Questions that several answer together. */
    @Benchmark
    public long folded(Folding state) {
        return state.number = state.folded.step(state.number);
    }
}
