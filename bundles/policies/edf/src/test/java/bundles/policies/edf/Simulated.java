package bundles.policies.edf;

import java.lang.reflect.Proxy;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;

/** Strands that only a policy knows. */
final class Simulated {

    private Simulated() {}

    static Schedulable strand(String name, Parameters parameters) {
        Object[] attachment = new Object[1];
        return (Schedulable) Proxy.newProxyInstance(Schedulable.class.getClassLoader(),
                new Class<?>[]{Schedulable.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "name", "toString" -> name;
                    case "parameters" -> parameters;
                    case "attachment" -> attachment[0];
                    case "attach" -> {
                        attachment[0] = arguments[0];
                        yield null;
                    }
                    case "lastProcessor", "processor" -> 0;
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }
}
