package run.samples.shop;

import java.util.function.BiFunction;
import kernel.core.dispatch.Binding;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Raises the event, by a call. Published under a type of the JDK, so that anybody can ask. */
@Component(service = BiFunction.class, property = "shop=till")
public final class Till implements BiFunction<String, Long, Long> {

    private final Price price;

    /** @param price the event's stub */
    @Activate
    public Till(@Reference(target = Binding.STUB_ONLY) Price price) {
        this.price = price;
    }

    @Override
    public Long apply(String country, Long cents) {
        return price.price(country, cents);
    }
}
