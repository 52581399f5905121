package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher.EventState;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Unanswered;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.dispatcher.link.Family;
import kernel.core.dispatcher.link.Hooks;
import kernel.core.dispatcher.link.Signature;
import kernel.core.dispatcher.link.Step;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * One event interface: what is bound, and the plan that raises run. Changes are made under the lock; raises read the plan
 * without it. Locks of several events are taken in the order of {@link #number}.
 */
final class EventType implements Hooks {

    private static final System.Logger LOG = System.getLogger(EventType.class.getName());
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Signature signature;
    private final Event event;
    private final Family family;
    private final Surroundings surroundings;
    private final Refiner refiner;
    private final Failures failures;
    final long number = NUMBERS.incrementAndGet();
    /** Which defines the interface; null outside a framework. */
    private final Bundle definer;

    final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final Order order = new Order();
    private final Planner planner;
    private final Imposed imposed;
    /** What a raise runs, in order; null if it was not asked for since the last change. */
    private List<Member> inForce = List.of();
    private List<String> faults = List.of();
    private Meter meter;
    /** Symbolic names of the bundles whose intrinsic handlers were admitted, the first comer first. */
    private final Set<String> providers = new LinkedHashSet<>();
    /** Id of the bundle whose intrinsic handler is or was last in force; -1 before there was one. */
    private long provider = -1;

    /** The plan without what makes the event asynchronous. */
    private volatile Object inner;
    private final Mailbox mailbox;
    private final Object sender;

    /**
     * @param type an interface with {@link Event}
     * @throws kernel.core.dispatch.BindingException it cannot be an event; the message says why and how to mend it
     */
    EventType(Class<?> type, Surroundings surroundings) {
        this.surroundings = surroundings;
        signature = new Signature(type);
        definer = FrameworkUtil.getBundle(type);
        event = signature.event();
        family = new Family(signature);
        planner = new Planner(family, this);
        imposed = new Imposed(signature);
        failures = new Failures(signature, this::quarantine);
        refiner = new Refiner(this, family, planner, surroundings.background());
        mailbox = event.async()
                ? new Mailbox(type.getSimpleName(), event.queue(), Binding.WAIT, surroundings.patience(),
                        e -> LOG.log(System.Logger.Level.ERROR, "A raise of " + type.getName() + " failed", e))
                : null;
        sender = event.async() ? family.sender(mailbox, family.redirect(() -> inner)) : null;
        lock.lock();
        try {
            publish(null);
        } finally {
            lock.unlock();
        }
    }

    /** What raisers call. */
    Object stub() {
        return family.stub();
    }

    Class<?> type() {
        return signature.type();
    }

    Bundle definer() {
        return definer;
    }

    Signature signature() {
        return signature;
    }

    Family family() {
        return family;
    }

    Event declaration() {
        return event;
    }

    /** Whether the last intrinsic handler was that bundle's and there is none now: nobody else is known to provide one. */
    boolean orphanedBy(long bundleId) {
        lock.lock();
        try {
            return provider == bundleId && order.intrinsic() == null;
        } finally {
            lock.unlock();
        }
    }

    boolean hasIntrinsic() {
        lock.lock();
        try {
            return order.intrinsic() != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it makes sense to raise it. */
    boolean raisable() {
        return event.unanswered() != Unanswered.WAIT || hasIntrinsic();
    }

    /** Symbolic names of bundles that may do with the event what they like, besides the one that defines it. */
    List<String> providers() {
        lock.lock();
        try {
            return List.copyOf(providers);
        } finally {
            lock.unlock();
        }
    }

    // ---- changes

    /**
     * Binds.
     *
     * @throws kernel.core.dispatch.BindingException it does not fit; the message says why and how to mend it. Nothing
     *             was changed
     */
    void add(Member member) {
        replace(null, member);
    }

    /** Unbinds, and waits until nobody is inside. */
    void remove(Member member) {
        replace(member, null);
        quiesce(member);
    }

    /**
     * Replaces one binding by another in one step, or adds one, or takes one away; either may be null. Does not wait. Raises
     * under way run the old one if it is replaced, and do not enter it any more if nothing takes its place.
     */
    void replace(Member old, Member now) {
        if (now != null) {
            prepare(now);
        }
        change(old == null ? List.of() : List.of(old), now == null ? List.of() : List.of(now));
        if (old != null && now == null) {
            retire(old);
        }
    }

    /** Checks a binding that is to come. */
    void prepare(Member member) {
        Admission.prepare(signature, member, surroundings);
    }

    /**
     * Replaces bindings by others that were {@link #prepare prepared}. Raises under way see nothing of it: they may enter
     * those that go until they are {@link #retire retired}.
     */
    void change(Collection<Member> out, Collection<Member> in) {
        lock.lock();
        try {
            boolean removed = apply(out, in);
            publish(!removed && in.size() == 1 ? in.iterator().next() : null);
        } finally {
            lock.unlock();
        }
    }

    /** Changes who is bound, without effect so far. @return whether somebody went */
    boolean apply(Collection<Member> out, Collection<Member> in) {
        boolean removed = false;
        for (Member member : out) {
            removed |= order.remove(member);
        }
        if (removed) {
            planner.forget();
        }
        for (Member member : in) {
            imposed.on(member);
            if (member.options.async() && member.mailbox == null) {
                member.mailbox = new Mailbox(type().getSimpleName() + " " + member.name(), member.options.queue(),
                        member.options.overflow(), surroundings.patience(), e -> failures.count(member, e));
            }
            member.handler = handler(member);
            order.add(member);
        }
        return removed;
    }

    /** Raises under way do not enter a binding any more that is in no plan of now. */
    void retire(Member member) {
        lock.lock();
        try {
            if (!member.removed) {
                member.removed = true;
                family.countRemoval();
                republish(); // or raises to come would be as careful as those under way
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is called: the service, with what must be done around it. */
    private Object handler(Member member) {
        Object handler = member.service;
        long limit = member.options.limit();
        if (limit > 0) {
            handler = family.around(surroundings.limits().stopping(member.name(), limit * 1000), handler);
        } else if (member.watched) {
            handler = family.around(failures.counting(member), handler);
        } else if (event.stall() > 0 && !member.intrinsic()) {
            handler = family.around(surroundings.limits().telling(TimeUnit.MILLISECONDS.toNanos(event.stall()),
                    thread -> failures.stalled(member, thread)), handler);
        }
        member.meter = meter == null ? null : new Meter(type().getName(), member.name(), signature.methods().size());
        if (member.meter != null) {
            handler = family.around(member.meter, handler);
        }
        return member.mailbox == null ? handler : family.sender(member.mailbox, handler);
    }

    /** Makes a plan of what is bound. @param added the only change since the last plan, or null */
    Object makePlan(Member added) {
        inForce = null;
        Member fallback = order.fallback();
        Object last = fallback == null ? null : fallback.handler;
        Object plan = added != null && order.isPlain(added) ? planner.more(added, last) : null;
        if (plan == null) {
            plan = wholePlan(last);
        }
        plan = meter == null ? plan : family.around(meter, plan);
        inner = plan;
        return event.async() ? sender : plan;
    }

    private Object wholePlan(Object fallback) {
        Member own = order.intrinsic();
        if (own != null) {
            provider = own.bundleId;
            providers.add(own.bundle);
            if (own.watched != order.canSpare(own)) {
                own.watched = !own.watched;
                own.handler = handler(own);
                own.step = null;
            }
        } else if (fallback == null && event.unanswered() == Unanswered.WAIT) {
            planner.forget();
            return family.redirect(this::awaitPlan);
        }
        return planner.plan(inForce(), fallback);
    }

    private List<Member> inForce() {
        if (inForce == null) {
            List<String> found = new ArrayList<>();
            inForce = order.list(found);
            faults = List.copyOf(found);
        }
        return inForce;
    }

    /** Puts what is bound into effect. */
    void publish(Member added) {
        Object plan = makePlan(added);
        family.setPlan(plan);
        published(plan);
    }

    /** Tells whoever waits, and has the plan refined. */
    void published(Object plan) {
        if (Recording.on()) {
            Recording.relinked(type().getName(), inForce().size(), plan.getClass().getSimpleName());
        }
        answered.signalAll();
        refiner.changed();
    }

    /** Makes all steps anew: guards or handlers have better ones. Called with the lock. */
    void remake() {
        for (Member member : order.all()) {
            member.handler = handler(member);
            member.step = null;
        }
        planner.forget();
        publish(null);
    }

    /** Makes the plan anew: there are better classes for it. Called with the lock. */
    void republish() {
        planner.forget();
        publish(null);
    }

    /** Waits until no strand but the current one is inside a binding that was removed, and what it had to do is done. */
    void quiesce(Member member) {
        retire(member);
        Leaving.await(type().getName(), family.prefix(), member, this::others,
                this::virtualThreads, surroundings.drain());
    }

    /** Those that may be inside and that no list of the host's threads shows. */
    private Collection<Thread> virtualThreads() {
        List<Thread> all = new ArrayList<>(surroundings.raisers().get().get());
        Thread runner = mailbox == null ? null : mailbox.runner();
        if (runner != null) {
            all.add(runner);
        }
        return all;
    }

    /** Classes by which a strand inside another binding is known. */
    private Set<String> others(Member member) {
        Set<String> names = new LinkedHashSet<>();
        lock.lock();
        try {
            order.all().stream().filter(m -> m != member).forEach(m -> names.addAll(m.classes()));
        } finally {
            lock.unlock();
        }
        return names;
    }

    /** Adds a guard to all bindings of a name, those to come included; or takes it away. */
    void impose(String name, Object guard, boolean on) {
        lock.lock();
        try {
            imposed.change(name, guard, on, order.all());
            planner.forget();
            publish(null);
        } finally {
            lock.unlock();
        }
    }

    // ---- raises that are not as usual

    @Override
    public Object resolve(Step step) {
        Member member = (Member) step.owner;
        if (!member.removed && !member.quarantined) {
            return step.handler;
        }
        return member.intrinsic() ? awaitIntrinsic().handler : null;
    }

    private Object awaitPlan() {
        awaitIntrinsic();
        return inner;
    }

    /** Waits for an intrinsic or default handler. */
    private Member awaitIntrinsic() {
        long left = surroundings.patience();
        lock.lock();
        try {
            while (true) {
                Member now = order.intrinsic() == null ? order.fallback() : order.intrinsic();
                if (now != null) {
                    return now;
                }
                if (left <= 0) {
                    throw new NoHandlerException("Nobody answers " + type().getName() + ": its intrinsic handler was "
                            + "waited for " + TimeUnit.NANOSECONDS.toMillis(surroundings.patience())
                            + " ms. See `events " + type().getSimpleName() + "`, and start or install its provider");
                }
                left = answered.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoHandlerException("Nobody answers " + type().getName()
                    + ", and the strand was interrupted while it waited for its intrinsic handler");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void unanswered() {
        if (event.unanswered() != Unanswered.IGNORE) {
            throw new NoHandlerException("Nobody answered this raise of " + type().getName()
                    + ": no handler's guard held, and there is no default handler. See `events "
                    + type().getSimpleName() + "`");
        }
    }

    @Override
    public void failed(Step step, Throwable failure) throws Throwable {
        failures.failed((Member) step.owner, failure);
    }

    /** Takes a member out of force, if the event can do without. */
    void quarantine(Member member) {
        lock.lock();
        try {
            if (member.quarantined || member.removed || !order.canSpare(member)) {
                return;
            }
            member.quarantine();
            family.countRemoval();
            planner.forget();
            publish(null);
        } finally {
            lock.unlock();
        }
        LOG.log(System.Logger.Level.ERROR, type().getName() + ": " + member + " is " + member.troubleNow()
                + ". It runs again after `rearm " + type().getSimpleName() + "`");
    }

    /** Lets quarantined members of that name run again; all if it is empty. @return how many */
    int rearm(String name) {
        lock.lock();
        try {
            int count = 0;
            for (Member member : order.all()) {
                if (member.quarantined && (name.isEmpty() || member.name().equals(name))) {
                    member.rearm();
                    count++;
                }
            }
            if (count > 0) {
                planner.forget();
                publish(null);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    // ---- what people see

    /** Begins or ends to count. */
    void meter(boolean on) {
        lock.lock();
        try {
            if (on != (meter != null)) {
                meter = on ? new Meter(type().getName(), "", signature.methods().size()) : null;
                remake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is bound, for each method. */
    List<EventState> state() {
        lock.lock();
        try {
            List<Member> listed = inForce(); // finds the faults
            return Portrait.of(signature, listed, order, faults, meter);
        } finally {
            lock.unlock();
        }
    }
}
