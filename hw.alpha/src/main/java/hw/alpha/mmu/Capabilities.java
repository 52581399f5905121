package hw.alpha.mmu;

import java.util.function.Consumer;
import java.util.function.Function;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.Translation;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Gives each bundle that asks for physical memory or translations a capability of its own, and revokes it when the bundle lets go of
 * the service, as the framework does for a bundle that stops.
 */
@Component(immediate = true, service = {})
public final class Capabilities {

    private final ServiceRegistration<?> memory;
    private final ServiceRegistration<?> translation;

    /** Offers them. */
    @Activate
    public Capabilities(@Reference PhysicalMemory memory, @Reference Translations translations, BundleContext context) {
        this.memory = context.registerService(PhysAddr.class, factory(
                bundle -> new MemoryCapability(memory, translations, bundle.getSymbolicName()),
                MemoryCapability::revoke), null);
        this.translation = context.registerService(Translation.class, factory(
                bundle -> new TranslationCapability(translations, bundle.getSymbolicName()),
                TranslationCapability::revoke), null);
    }

    private static <S, T extends S> ServiceFactory<S> factory(Function<Bundle, T> maker, Consumer<T> revoke) {
        return new ServiceFactory<>() {
            @Override
            public S getService(Bundle bundle, ServiceRegistration<S> registration) {
                return maker.apply(bundle);
            }

            @Override
            @SuppressWarnings("unchecked") // what this factory has given
            public void ungetService(Bundle bundle, ServiceRegistration<S> registration, S service) {
                revoke.accept((T) service);
            }
        };
    }

    /** Ends the offer. */
    @Deactivate
    void close() {
        translation.unregister();
        memory.unregister();
    }
}
