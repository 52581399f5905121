package run.measure.dispatch;

import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.util.tracker.ServiceTracker;

/**
 * What people use in the place of the dispatcher, each at its best: one message object that is used again for each raise,
 * so that neither it nor its map of properties is made anew. Of so many listeners the last one is the procedure, the
 * others count.
 */
final class Peers {

    /** Listeners bound to our event without guards, the intrinsic handler included. */
    static final String LISTENERS = "listeners";
    /** Felix EventAdmin, synchronous, its time limit for handlers switched off: it then calls them itself. */
    static final String EVENT_ADMIN = "eventadmin";
    /** Felix EventAdmin, synchronous, as it comes: it calls handlers in another thread to be able to give up on them. */
    static final String EVENT_ADMIN_TIMED = "eventadmin-timed";
    /** The whiteboard: all services of a ServiceTracker, called in a loop. */
    static final String TRACKER = "tracker";
    /** Guava's EventBus. */
    static final String GUAVA = "guava";

    private static final String TOPIC = "run/measure/step";

    private Peers() {}

    /** What is sent. Public because Guava's bus calls by it. */
    public static final class Message {
        private long number;
    }

    /** Guava's kind of listener. */
    public static final class Subscriber {
        private final Plain plain;

        Subscriber(Plain plain) {
            this.plain = plain;
        }

        /** Called by the bus. */
        @Subscribe
        public void receive(Message message) {
            message.number = plain.step(message.number);
        }
    }

    /** The named way with so many listeners. */
    static LongUnaryOperator step(String way, int number, BundleContext context) {
        Plain[] listeners = new Plain[number];
        Arrays.setAll(listeners, i -> i == number - 1 ? new Procedure() : new CountingHandler(i));
        return switch (way) {
            case LISTENERS -> ours(listeners, new Events(context));
            case EVENT_ADMIN, EVENT_ADMIN_TIMED -> eventAdmin(listeners, way.equals(EVENT_ADMIN), context);
            case TRACKER -> tracker(listeners, context);
            case GUAVA -> guava(listeners);
            default -> throw new IllegalArgumentException("There is no way \"" + way + "\"");
        };
    }

    private static LongUnaryOperator ours(Plain[] listeners, Events events) {
        Step step = events.own(Step.class, new Procedure());
        for (int i = 0; i < listeners.length - 1; i++) {
            events.step((CountingHandler) listeners[i], "", i);
        }
        return step::step;
    }

    private static LongUnaryOperator eventAdmin(Plain[] listeners, boolean direct, BundleContext context) {
        if (direct) {
            restartWithoutLimit(context);
        }
        for (Plain listener : listeners) {
            EventHandler handler = event -> {
                Message message = (Message) event.getProperty("message");
                message.number = listener.step(message.number);
            };
            context.registerService(EventHandler.class, handler,
                    new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, TOPIC)));
        }
        EventAdmin admin = context.getService(context.getServiceReference(EventAdmin.class));
        Message message = new Message();
        Event event = new Event(TOPIC, Map.of("message", message));
        return number -> {
            message.number = number;
            admin.sendEvent(event);
            return message.number;
        };
    }

    private static void restartWithoutLimit(BundleContext context) {
        System.setProperty("org.apache.felix.eventadmin.Timeout", "0");
        try {
            for (Bundle bundle : context.getBundles()) {
                if (bundle.getSymbolicName().equals("org.apache.felix.eventadmin")) {
                    bundle.stop();
                    bundle.start();
                }
            }
        } catch (BundleException e) {
            throw new IllegalStateException("EventAdmin cannot be started again", e);
        }
    }

    private static LongUnaryOperator tracker(Plain[] listeners, BundleContext context) {
        for (Plain listener : listeners) {
            context.registerService(Plain.class, listener, null);
        }
        ServiceTracker<Plain, Plain> tracker = new ServiceTracker<>(context, Plain.class, null);
        tracker.open();
        return number -> {
            long result = number;
            for (Plain listener : tracker.getServices(new Plain[0])) {
                result = listener.step(result);
            }
            return result;
        };
    }

    private static LongUnaryOperator guava(Plain[] listeners) {
        EventBus bus = new EventBus();
        for (Plain listener : listeners) {
            bus.register(new Subscriber(listener));
        }
        Message message = new Message();
        return number -> {
            message.number = number;
            bus.post(message);
            return message.number;
        };
    }
}
