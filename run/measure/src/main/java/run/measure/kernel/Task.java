package run.measure.kernel;

import java.util.List;
import org.osgi.framework.BundleContext;

/** Something that runs inside a kernel, in a bundle of its own, and tells on standard output what it finds. */
public interface Task {

    /**
     * Runs to its end.
     *
     * @param context of the bundle that it is in
     * @param arguments of the child's command line
     * @return the child's exit status
     */
    int run(BundleContext context, List<String> arguments) throws Exception;
}
