package run.measure.soak.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import run.measure.soak.Failures;

/** Has some ports for itself: a raise runs the handler of its port, and no other, whatever the other owners do. */
final class KeyOwner extends Actor {

    private static final int PORTS = 40;
    private static final int RAISES = 100;

    private final Dispatcher dispatcher;
    private final Keyed event;
    private final int firstPort;
    private final SplittableRandom random;
    private final Map<Integer, Bound> bound = new HashMap<>();
    private final Token token = new Token();

    KeyOwner(int number, Dispatcher dispatcher, SplittableRandom random, Failures failures) {
        super("keyed-raises", failures);
        this.dispatcher = dispatcher;
        this.random = random;
        firstPort = number * PORTS;
        event = dispatcher.stub(Keyed.class);
    }

    private int anyPort() {
        return firstPort + random.nextInt(PORTS);
    }

    @Override
    long act() {
        int changed = anyPort();
        Bound old = bound.remove(changed);
        if (old == null) {
            bound.put(changed, dispatcher.bind(Binding.handler(Keyed.class, (port, at) -> at.mark(changed + 1))
                    .name("port" + changed).key("port", changed)));
        } else {
            old.close();
        }
        for (int i = 0; i < RAISES; i++) {
            int port = i == 0 ? changed : anyPort();
            token.begin();
            event.seen(port, token);
            String wrong = token.wrong(bound.containsKey(port) ? 1 : 0, bound.containsKey(port) ? port + 1 : 0);
            if (wrong != null || bound.containsKey(port) && token.generation() != port + 1) {
                fail("port " + port + ": " + wrong);
            }
        }
        Thread.yield();
        return RAISES;
    }
}
