package run.measure.kernel;

import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Offers the tasks of this bundle to the program that started the framework. Under a type of the JDK, because that program
 * and this bundle have different classes of the same names.
 */
public final class TaskActivator implements BundleActivator {

    /** Service property: which task. */
    static final String NAME = "measure.task";
    /** Framework property: the arguments, one a line. */
    static final String ARGUMENTS = "measure.arguments";

    @Override
    public void start(BundleContext context) {
        String text = context.getProperty(ARGUMENTS);
        List<String> arguments = text == null || text.isEmpty() ? List.of() : List.of(text.split("\n"));
        for (Task task : ServiceLoader.load(Task.class, TaskActivator.class.getClassLoader())) {
            Callable<Integer> call = () -> task.run(context, arguments);
            context.registerService(Callable.class, call, new Hashtable<>(Map.of(NAME, task.getClass().getName())));
        }
    }

    @Override
    public void stop(BundleContext context) {
        // the framework withdraws the services
    }
}
