package kernel.core.dispatcher;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * What the flight recorder gets to see. While a recording runs every relink is an event of it, and every call of a handler
 * that takes a millisecond or longer.
 */
final class Recording {

    private Recording() {}

    /** A change of what a raise does. */
    @Name("kernel.Relink")
    @Label("Relink")
    @Category({"Kernel", "Dispatcher"})
    @Description("What a raise of an event does was changed")
    @StackTrace(false)
    static final class Relink extends Event {
        @Label("Event")
        String event;
        @Label("Bindings in force")
        int bindings;
        @Label("Kind of plan")
        String plan;
    }

    /** A handler that took long. */
    @Name("kernel.SlowHandler")
    @Label("Slow handler")
    @Category({"Kernel", "Dispatcher"})
    @Description("A handler of an event took a millisecond or longer")
    static final class SlowHandler extends Event {
        @Label("Event")
        String event;
        @Label("Handler")
        String handler;
        @Label("Time in the handler")
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    /** Whether somebody records; asked first, so that nothing of the recorder is loaded when nobody does. */
    static boolean on() {
        return FlightRecorder.isInitialized();
    }

    /** Whether somebody records slow handlers, so that handlers must be timed. */
    static boolean wantsTimes() {
        return on() && new SlowHandler().isEnabled();
    }

    static void relinked(String event, int bindings, String plan) {
        Relink relink = new Relink();
        relink.event = event;
        relink.bindings = bindings;
        relink.plan = plan;
        relink.commit();
    }

    static void slow(String event, String handler, long entered, long took) {
        if (took >= 1_000_000 && on()) {
            SlowHandler slow = new SlowHandler();
            slow.event = event;
            slow.handler = handler;
            slow.took = took;
            slow.commit();
        }
    }
}
