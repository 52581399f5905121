package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** The node of packets that came by an ATM circuit. Raised in the adapter's strand. Its owner binds for applications: {@link Atm}. */
@Event(fold = Event.Fold.ANY)
public interface AtmReceive {

    /**
     * A packet has come whole.
     *
     * @param packet what AAL5 carried
     * @param circuit which one: {@link Atm.Circuit#key}
     * @param now nanoseconds of the machine's time
     * @return whether this handler has taken it
     */
    boolean received(Packet packet, @Key("circuit") int circuit, long now);
}
