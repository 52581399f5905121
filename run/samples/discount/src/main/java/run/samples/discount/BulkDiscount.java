package run.samples.discount;

import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import org.osgi.service.component.annotations.Component;
import run.samples.shop.Price;

/** Those who buy for 100 or more and live in Germany pay a tenth less. Bound as long as this bundle is active. */
@Component
@Handler(key = "country=DE", guard = "isBulk", order = Binding.LAST)
public final class BulkDiscount implements Price {

    private static final long BULK = 10_000;

    /** The guard: the handler runs only when it holds. */
    public boolean isBulk(String country, long cents) {
        return cents >= BULK;
    }

    @Override
    public long price(String country, long cents) {
        return cents * 9 / 10; // the result of the handler that runs last counts
    }
}
