package run.samples.discount;

import java.util.List;
import java.util.function.IntConsumer;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import run.samples.shop.Price;

/**
 * A percentage off for everybody in France, changed while people pay: each of them gets the old one or the new one, and
 * nobody none. Thread-safe.
 */
@Component(service = IntConsumer.class, property = "shop=campaign")
public final class Campaign implements IntConsumer {

    private static final int ALL = 100;

    /** Guards may be objects of any interface whose method has the event's parameters. */
    private interface Worth {
        boolean test(String country, long cents);
    }

    private final Dispatcher dispatcher;
    private List<Bound> bound = List.of();

    /** @param dispatcher what is bound through it goes when this bundle stops */
    @Activate
    public Campaign(@Reference Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public synchronized void accept(int percent) {
        Worth worth = (country, cents) -> cents > 0;
        bound = dispatcher.swap(bound, List.of(
                Binding.handler(Price.class, (country, cents) -> cents * (ALL - percent) / ALL).name("campaign")
                        .key("country", "FR").guard(worth).order(Binding.LAST)));
    }
}
