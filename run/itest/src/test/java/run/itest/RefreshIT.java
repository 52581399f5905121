package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;
import run.itest.exam.PaxExam;

/** Updating a provider rewires nobody. */
@ExtendWith(PaxExam.class)
@Timeout(60)
class RefreshIT {

    @Inject
    private BundleContext context;

    @Test
    void theRefreshClosureOfEachProviderIsItself() {
        FrameworkWiring wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        List<Bundle> providers = Stream.of(context.getBundles()).filter(RefreshIT::isOurs)
                .filter(bundle -> !bundle.getSymbolicName().endsWith(".api")).toList();
        assertTrue(providers.size() >= 6, providers::toString);
        for (Bundle provider : providers) {
            assertEquals(Set.of(provider), Set.copyOf(wiring.getDependencyClosure(List.of(provider))));
        }
    }

    private static boolean isOurs(Bundle bundle) {
        return Stream.of("kernel.", "hw.", "bundles.").anyMatch(bundle.getSymbolicName()::startsWith);
    }
}
