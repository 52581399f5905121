package kernel.ext.sched.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Raisers;
import kernel.core.machine.Clock;
import kernel.core.machine.Machine;
import kernel.core.machine.Processor;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulers;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandLock;
import kernel.core.strand.Strands;
import kernel.core.strand.ThreadPackages;
import kernel.core.strand.TurnObserver;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Strands and their scheduler. Thread-safe. When it is deactivated the strands that there are go on until they end; they are
 * no longer listed.
 */
@Component(service = {Strands.class, Schedulers.class, Raisers.class})
public final class StrandService implements Strands, Schedulers, Raisers {

    private static final long MILLISECOND = 1_000_000;

    private final Scheduler scheduler;
    /** Wakes who waits for a time of the machine's own; null if it has the host's. */
    private Alarms alarms;
    /** For bundles that install thread packages; null without a framework. */
    private ServiceRegistration<ThreadPackages> packages;

    /** As a component. Framework properties: {@code spin.sched.starvation}, milliseconds that a strand may wait. */
    @Activate
    public StrandService(@Reference Machine machine, @Reference Clock clock, BundleContext context) {
        this(clock instanceof VirtualTime time
                ? new Scheduler(time)
                : new Scheduler(machine.processors(), clock::monotonicTime, limits(context)));
        if (clock instanceof VirtualTime time) {
            alarms = new Alarms(this);
            time.wakeBy(alarms);
        }
        packages = Packages.Factory.register(context, scheduler);
    }

    StrandService(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** For use without a framework. @param processors how many; time is the host's */
    public static StrandService standalone(int processors) {
        return new StrandService(new Scheduler(processors, System::nanoTime, Limits.USUAL));
    }

    /** For use without a framework, in the machine's own time and on one processor. */
    public static StrandService standalone(VirtualTime time) {
        StrandService service = new StrandService(new Scheduler(time));
        service.alarms = new Alarms(service);
        time.wakeBy(service.alarms);
        return service;
    }

    private static Limits limits(BundleContext context) {
        Limits usual = Limits.USUAL;
        String starve = context.getProperty("spin.sched.starvation");
        return starve == null
                ? usual
                : new Limits(usual.tick(), usual.deaf(), usual.stall(),
                        Math.min(usual.idle(), Long.parseLong(starve) * MILLISECOND),
                        Long.parseLong(starve) * MILLISECOND);
    }

    /** Called by Declarative Services. */
    @Deactivate
    public void close() {
        if (packages != null) {
            packages.unregister(); // closes what was installed
        }
        if (alarms != null) {
            alarms.end();
        }
        scheduler.close();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setProcessor(Processor processor) {
        scheduler.turns.setInterrupter(processor::preempt);
    }

    void unsetProcessor(Processor processor) {
        scheduler.turns.setInterrupter(thread -> {});
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addPolicy(SchedulingPolicy policy, Map<String, Object> properties) {
        scheduler.policies.offer(nameOf(policy, properties), policy);
    }

    void removePolicy(SchedulingPolicy policy, Map<String, Object> properties) {
        scheduler.policies.withdraw(nameOf(policy, properties), policy);
    }

    private static String nameOf(SchedulingPolicy policy, Map<String, Object> properties) {
        return properties.get(SchedulingPolicy.NAME) instanceof String name ? name : policy.getClass().getSimpleName();
    }

    /** What a bundle would get, for use without a framework. */
    public ThreadPackages threadPackages() {
        return new Packages(scheduler);
    }

    // ---- strands

    @Override
    public Strand fork(String name, Parameters parameters, Runnable body) {
        return scheduler.fork(name, parameters, body);
    }

    @Override
    public Strand current() {
        return scheduler.current();
    }

    @Override
    public void checkpoint() {
        scheduler.checkpoint();
    }

    @Override
    public StrandLock lock(String name) {
        return new PriorityLock(name, scheduler.locks, scheduler::strandOf);
    }

    @Override
    public List<Strand> strands() {
        // One that was joined has ended, though its processor may not have said so yet.
        return scheduler.living().stream().filter(one -> one.thread().getState() != Thread.State.TERMINATED)
                .sorted(Comparator.comparingLong(Strand::id)).map(Strand.class::cast).toList();
    }

    /** All strands: unbinding waits for those that are inside a handler. */
    @Override
    public List<Thread> threads() {
        return scheduler.living().stream().map(StrandTask::thread).toList();
    }

    @Override
    public List<String> deadlocks() {
        return scheduler.locks.deadlocks();
    }

    // ---- policies

    @Override
    public List<String> policies() {
        return scheduler.policies.names();
    }

    @Override
    public String inForce() {
        return scheduler.core.name;
    }

    @Override
    public void choose(String policy) {
        scheduler.policies.choose(policy);
    }

    @Override
    public List<Change> changes() {
        return scheduler.policies.changes();
    }

    @Override
    public List<ProcessorState> processors() {
        List<ProcessorState> all = new ArrayList<>();
        long now = scheduler.now();
        for (VirtualProcessor processor : scheduler.processors) {
            StrandTask running = processor.running;
            long busy = processor.busy + (running == null ? 0 : Math.max(0, now - running.since));
            all.add(new ProcessorState(processor.number, running, busy, processor.switches));
        }
        return all;
    }

    @Override
    public List<PackageState> packages() {
        return scheduler.groups.stream().map(Group::state).toList();
    }

    @Override
    public String report() {
        return scheduler.policies.report();
    }

    @Override
    public void observe(TurnObserver observer) {
        scheduler.turns.observe(observer);
    }
}
