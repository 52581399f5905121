package kernel.ext.vm.provider;

import kernel.ext.vm.api.AddressSpaces;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Gives each bundle that asks for address spaces a capability of its own, and revokes it when the bundle lets go of the service, as the
 * framework does for a bundle that stops.
 */
@Component(immediate = true, service = {})
public final class Capabilities implements ServiceFactory<AddressSpaces> {

    private final VirtualMemory memory;
    private final ServiceRegistration<AddressSpaces> registration;

    /** Offers them. */
    @Activate
    public Capabilities(@Reference VirtualMemory memory, BundleContext context) {
        this.memory = memory;
        this.registration = context.registerService(AddressSpaces.class, this, null);
    }

    @Override
    public AddressSpaces getService(Bundle bundle, ServiceRegistration<AddressSpaces> of) {
        return new SpacesCapability(memory, bundle.getSymbolicName());
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<AddressSpaces> of, AddressSpaces service) {
        ((SpacesCapability) service).revoke();
    }

    /** Ends the offer. */
    @Deactivate
    void close() {
        registration.unregister();
    }
}
