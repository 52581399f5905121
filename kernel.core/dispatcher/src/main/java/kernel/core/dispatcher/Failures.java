package kernel.core.dispatcher;

import java.util.Arrays;
import java.util.function.Consumer;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Failure;
import kernel.core.dispatch.TimeLimitExceeded;
import kernel.core.dispatcher.link.Around;
import kernel.core.dispatcher.link.Signature;

/** What an event does about handlers that fail: counts, tells, lets the raiser know or goes on, and quarantines. Thread-safe. */
final class Failures {

    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final int FRAMES = 8;

    private final Signature signature;
    private final Event event;
    private final Consumer<Member> quarantine;

    Failures(Signature signature, Consumer<Member> quarantine) {
        this.signature = signature;
        event = signature.event();
        this.quarantine = quarantine;
    }

    /** A handler threw in a raise. Returns if the raise is to go on without it. */
    void failed(Member member, Throwable failure) throws Throwable {
        if (signature.declares(failure)) {
            throw failure; // part of its answers
        }
        count(member, failure);
        boolean fatal = failure instanceof VirtualMachineError;
        if (!(failure instanceof TimeLimitExceeded) && (event.failure() == Failure.RAISE || fatal)) {
            throw failure;
        }
    }

    /** Notes a failure, and tells it if nobody else would. */
    void count(Member member, Throwable failure) {
        boolean tooMany = member.failed(failure + at(failure.getStackTrace()), event.tolerance());
        boolean limit = failure instanceof TimeLimitExceeded;
        if ((event.failure() == Failure.CONTINUE || limit || member.options.async()) && member.mayLog()) {
            LOG.log(System.Logger.Level.WARNING, name() + ": " + member + " failed", failure);
        }
        if (tooMany) {
            quarantine.accept(member);
        }
    }

    /** Counts what a handler throws; the raiser gets it. */
    Around counting(Member member) {
        return new Around() {
            @Override
            public long enter(int method) {
                return 0;
            }

            @Override
            public void leave(int method, long entered) {
                // all is well
            }

            @Override
            public Throwable failed(int method, long entered, Throwable failure) {
                if (!signature.declares(failure)) {
                    count(member, failure);
                }
                return failure;
            }
        };
    }

    /** A handler has not returned for the time after which it counts as stalled. */
    void stalled(Member member, Thread thread) {
        String where = at(thread.getStackTrace());
        if (member.mayLog()) {
            LOG.log(System.Logger.Level.WARNING, name() + ": " + member + " has not returned for " + event.stall()
                    + " ms; strand " + thread.getName() + " is" + where);
        }
        if (member.failed("stalled" + where, event.tolerance())) {
            quarantine.accept(member);
        }
    }

    private static String at(StackTraceElement[] stack) {
        return Arrays.stream(stack).limit(FRAMES).map(StackTraceElement::toString).reduce((a, b) -> a + " < " + b)
                .map(text -> " at " + text).orElse("");
    }

    private String name() {
        return signature.type().getName();
    }
}
