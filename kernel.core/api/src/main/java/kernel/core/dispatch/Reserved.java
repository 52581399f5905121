package kernel.core.dispatch;

import java.util.Arrays;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * A service that only some bundles get: an adapter that sends and receives whatever anybody does, say. Who asks for it and may not have it
 * is given nothing, and the log tells why. A bundle is known by its symbolic name; there is no stronger proof of its origin yet.
 * Thread-safe.
 *
 * @param <S> the service's type
 */
public final class Reserved<S> implements ServiceFactory<S> {

    private final S service;
    private final String property;
    private final String[] names;

    /**
     * Reserves a service.
     *
     * @param context of who offers it
     * @param property framework property with the symbolic names of those who may have it, with commas between; one that ends with
     *            {@code *} stands for all that begin so
     * @param usual names if the property is not set
     */
    public Reserved(BundleContext context, S service, String property, String usual) {
        this.service = service;
        this.property = property;
        String set = context.getProperty(property);
        names = (set == null ? usual : set).strip().split("\\s*,\\s*");
    }

    @Override
    public S getService(Bundle bundle, ServiceRegistration<S> registration) {
        String asks = bundle.getSymbolicName();
        boolean may = bundle.getBundleId() == 0 || Arrays.stream(names).anyMatch(
                name -> name.endsWith("*") ? asks.startsWith(name.substring(0, name.length() - 1)) : asks.equals(name));
        if (!may) {
            System.getLogger(Reserved.class.getName()).log(System.Logger.Level.WARNING,
                    "{0} asks for a {1} and may not have it: start the machine with {2} naming it if it should", asks,
                    service.getClass().getName(), property);
        }
        return may ? service : null;
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<S> registration, S had) {
        // nothing to take back
    }
}
