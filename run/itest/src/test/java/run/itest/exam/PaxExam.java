package run.itest.exam;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * {@code @ExtendWith(PaxExam.class)}: the class's test methods run inside the kernel. Fields with {@link Inject} get the
 * {@link BundleContext} of the probe or a service of their type. One kernel serves all methods of a class.
 *
 * <p>The extension works twice. Outside the framework it starts and stops the kernel and, instead of each test method,
 * starts a JUnit launcher on the same method of the probe's copy of the class. In that nested run it injects.
 */
public final class PaxExam
        implements
            BeforeAllCallback,
            AfterAllCallback,
            InvocationInterceptor,
            TestInstancePostProcessor {

    private static TestContainer container;
    private static ExamSystem system;

    private static boolean inside(Class<?> test) {
        return test.getClassLoader() instanceof BundleReference;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Class<?> test = context.getRequiredTestClass();
        if (inside(test)) {
            return;
        }
        system = PaxExamRuntime.createServerSystem(Kernel.with(Kernel.bundles("1", "2", "3", "4")));
        container = PaxExamRuntime.createContainer(system);
        container.start();
        TestProbeBuilder probe = system.createProbe();
        probe.addTests(test, test.getDeclaredMethods()[0]);
        // the classes under test as they are wired now; what the probe does not name is found when it is needed
        probe.setHeader("Bundle-Activator", ProbeActivator.class.getName());
        probe.setHeader("Import-Package", "org.osgi.framework");
        probe.setHeader("DynamicImport-Package", "*");
        try (InputStream jar = probe.build().getStream()) {
            container.install(jar);
        }
        if (ProbeActivator.probe() == null) {
            throw new IllegalStateException("The probe bundle of " + test.getName() + " did not start");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!inside(context.getRequiredTestClass())) {
            container.stop();
            system.clear();
            container = null;
        }
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        Class<?> test = context.getRequiredTestClass();
        if (inside(test)) {
            invocation.proceed();
            return;
        }
        invocation.skip();
        Class<?> copy = ProbeActivator.probe().getBundle().loadClass(test.getName());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(copy, method.getExecutable().getName())).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        if (!summary.getFailures().isEmpty()) {
            throw summary.getFailures().getFirst().getException();
        }
        if (summary.getTestsSucceededCount() + summary.getTestsAbortedCount() != 1) {
            throw new IllegalStateException(method.getExecutable() + " was not found inside the framework");
        }
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        onlyInside(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        onlyInside(invocation, context);
    }

    private static void onlyInside(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        if (inside(context.getRequiredTestClass())) {
            invocation.proceed();
        } else {
            invocation.skip();
        }
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) throws Exception {
        if (!inside(instance.getClass())) {
            return;
        }
        for (Field field : Stream.of(instance.getClass().getDeclaredFields())
                .filter(f -> f.isAnnotationPresent(Inject.class)).toList()) {
            field.setAccessible(true);
            field.set(instance, field.getType() == BundleContext.class
                    ? ProbeActivator.probe()
                    : service(ProbeActivator.probe(), field.getType()));
        }
    }

    private static Object service(BundleContext context, Class<?> type) throws InterruptedException {
        ServiceTracker<?, ?> tracker = new ServiceTracker<>(context, type.getName(), null);
        tracker.open();
        Object service = tracker.waitForService(TimeUnit.SECONDS.toMillis(20));
        if (service == null) {
            StringBuilder bundles = new StringBuilder();
            for (Bundle bundle : context.getBundles()) {
                bundles.append("\n  ").append(bundle.getState()).append(' ').append(bundle);
            }
            throw new IllegalStateException("There is no service " + type.getName() + " among" + bundles);
        }
        return service;
    }
}
