package run.samples.shop;

import kernel.core.dispatch.Intrinsic;
import org.osgi.service.component.annotations.Component;

/** The event's own procedure: what holds when nobody has extended it. */
@Component
@Intrinsic
public final class ListPrice implements Price {

    @Override
    public long price(String country, long cents) {
        return cents;
    }
}
