package run.samples.shop;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** What somebody has to pay. The shop knows an answer; whoever is installed beside it may have a better one. */
@Event(binders = Event.Binders.ANYONE)
public interface Price {

    /**
     * Answers.
     *
     * @param country where it is sent to
     * @param cents what the things cost
     * @return what is to be paid, cents
     */
    long price(@Key("country") String country, long cents);
}
