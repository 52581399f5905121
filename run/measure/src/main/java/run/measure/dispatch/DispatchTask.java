package run.measure.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;

/**
 * Times one way of getting from number to number, and counts the bytes that it allocates: figures {@code ns} and
 * {@code bytes}. One way for each virtual machine: what HotSpot has seen of one would spoil another. Arguments: the
 * milliseconds to measure, the way, and its number.
 */
public final class DispatchTask implements Task {

    /** The procedure through its interface. */
    public static final String CALL = "call";
    /** The event with so many handlers whose guards hold. */
    public static final String WANTED = "wanted";
    /** As {@link #WANTED}, by a loop over a list that somebody wrote by hand. */
    static final String HAND = "hand";
    /** The event with so many handlers whose guards do not hold. */
    static final String REFUSED = "refused";
    /** The procedure through its interface with two arguments, always the same port. */
    static final String PORT_CALL = "port-call";
    /** The event with so many keyed handlers, always the same port. */
    static final String PORT = "port";
    /** As {@link #PORT_CALL} with a port that changes all the time among so many. */
    static final String PORTS_CALL = "ports-call";
    /** As {@link #PORT} with a port that changes all the time. */
    static final String PORTS = "ports";
    /** The event with so many handlers whose results are folded, beside the intrinsic one. */
    static final String FOLD = "fold";
    /** So many implementations of an interface, called in turn at one place. */
    static final String MANY_CALL = "many-call";
    /** So many events, raised in turn at one place. */
    static final String MANY = "many";

    private static final int CHECKED = 1000;

    /** The one port that is used; a variable, so that nothing is decided when it is compiled. */
    private int port = 7;
    private List<CountingHandler> counting = new ArrayList<>();

    @Override
    public int run(BundleContext context, List<String> arguments) throws ReflectiveOperationException {
        long duration = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        String way = arguments.get(1);
        int number = Integer.parseInt(arguments.get(2));
        Figures figures = new Figures(System.out);
        LongUnaryOperator step = step(way, number, context);
        Stopwatch stopwatch = new Stopwatch();
        figures.put("ns", stopwatch.nanos(step, duration));
        figures.put("bytes", stopwatch.bytes(step));
        check(step, way, number, figures);
        return figures.status();
    }

    private LongUnaryOperator step(String way, int number, BundleContext context) throws ReflectiveOperationException {
        return switch (way) {
            case CALL -> {
                Step step = new Procedure();
                yield step::step;
            }
            case WANTED, REFUSED -> {
                Events events = new Events(context);
                Step step = events.own(Step.class, new Procedure());
                for (int i = 0; i < number; i++) {
                    CountingHandler handler = new CountingHandler(i);
                    counting.add(handler);
                    events.step(handler, way.equals(WANTED) ? CountingHandler.WANTS : CountingHandler.ONLY, i);
                }
                yield step::step;
            }
            case HAND -> {
                for (int i = 0; i < number; i++) {
                    counting.add(new CountingHandler(i));
                }
                yield new ByHand(new Procedure(), counting.toArray(CountingHandler[]::new))::step;
            }
            case PORT_CALL, PORTS_CALL -> ports(way.equals(PORT_CALL), DispatchTask::procedure, number);
            case PORT, PORTS -> ports(way.equals(PORT), keyed(new Events(context), number), number);
            case FOLD -> folded(new Events(context), number)::step;
            case MANY_CALL -> new Turns(Many.implementations(number));
            case MANY -> new Turns(Many.stubs(number, new Events(context)));
            default -> Peers.step(way, number, context);
        };
    }

    private static long procedure(long number, int port) {
        return Procedure.next(number) + port;
    }

    private LongUnaryOperator ports(boolean same, KeyedStep step, int number) {
        // the upper half of a product: a port below the number, from bits that are as good as random
        return same
                ? from -> step.step(from, port)
                : from -> step.step(from, (int) ((from >>> 33) * number >>> 31));
    }

    private static KeyedStep keyed(Events events, int number) {
        KeyedStep step = events.own(KeyedStep.class, DispatchTask::procedure);
        for (int i = 0; i < number; i++) {
            events.dispatcher().bind(Events.keyed(i));
        }
        return step;
    }

    private static FoldedStep folded(Events events, int number) {
        FoldedStep step = events.own(FoldedStep.class, Procedure::next);
        for (int i = 0; i < number; i++) {
            int id = i;
            events.dispatcher().bind(Binding.handler(FoldedStep.class, from -> from ^ id).name("handler" + i));
        }
        return step;
    }

    /** Calls targets one after the other. */
    private static final class Turns implements LongUnaryOperator {
        private final Plain[] targets;
        private int at;

        Turns(Plain[] targets) {
            this.targets = targets;
        }

        @Override
        public long applyAsLong(long number) {
            Plain target = targets[at];
            at = at + 1 == targets.length ? 0 : at + 1;
            return target.step(number);
        }
    }

    /** What one writes who has no dispatcher. */
    private record ByHand(Step own, CountingHandler[] handlers) implements Step {
        @Override
        public long step(long number) {
            for (CountingHandler handler : handlers) {
                if (handler.wants(number)) {
                    handler.step(number);
                }
            }
            return own.step(number);
        }
    }

    /** Whether the code that was measured still does what it should. */
    private void check(LongUnaryOperator step, String way, int number, Figures figures) {
        long second = model(way, number, Stopwatch.SEED);
        long from = Stopwatch.SEED;
        for (int raise = 0; raise < CHECKED; raise++) {
            for (int i = 0; i < counting.size(); i++) {
                // for each other handler one number that will come is the special one
                counting.get(i).refuse(i % 2 == 0 ? second : 0);
            }
            long got = Stopwatch.walk(step, from, 1);
            long expected = model(way, number, from);
            figures.check(got == expected, "the result is " + got + " and should be " + expected);
            for (int i = 0; i < counting.size(); i++) {
                CountingHandler handler = counting.get(i);
                boolean runs = way.equals(REFUSED) ? handler.only(from) : handler.wants(from);
                figures.check(handler.trace() == (runs ? from : 0),
                        "handler " + i + " of " + counting.size() + " did not do what its guard said");
            }
            from = expected;
        }
    }

    private long model(String way, int number, long from) {
        return switch (way) {
            case PORT_CALL, PORT -> procedure(from, port);
            case PORTS_CALL, PORTS -> procedure(from, (int) ((from >>> 33) * number >>> 31));
            case FOLD -> {
                long result = from; // the first handler's
                for (int i = 1; i < number; i++) {
                    result = FoldedStep.mix(result, from ^ i);
                }
                yield FoldedStep.mix(result, Procedure.next(from));
            }
            default -> Procedure.next(from);
        };
    }
}
