package kernel.core.dispatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.Bundle;

/** The dispatcher as one bundle sees it. Thread-safe. */
final class BundleDispatcher implements Dispatcher {

    private final EventTable table;
    private final Bundle bundle;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    /** What was swapped out, and is not closed. */
    private final Set<Held> replaced = ConcurrentHashMap.newKeySet();

    /** @param bundle to which belongs what is bound; null for the system itself */
    BundleDispatcher(EventTable table, Bundle bundle) {
        this.table = table;
        this.bundle = bundle;
    }

    /** A binding that somebody holds. */
    final class Held implements Bound {
        final EventType type;
        final Object service;
        final Options options;
        final long sequence = table.nextSequence();
        /** Replaced when an authorizer changes its mind; null when it denied. Guarded by the table's authorization. */
        volatile Member member;
        private volatile boolean closed;

        Held(EventType type, Object service, Options options) {
            this.type = type;
            this.service = service;
            this.options = options;
        }

        Bundle bundle() {
            return bundle;
        }

        void mark() {
            closed = true;
            held.remove(this);
            table.forget(this);
        }

        /** It was replaced: raises under way may still enter it, for a while. */
        void replaced() {
            mark();
            replaced.add(this);
            table.later(this::remove);
        }

        @Override
        public void remove() {
            if (!closed) {
                mark();
                if (member != null) {
                    type.replace(member, null);
                }
            } else if (replaced.remove(this)) {
                type.retire(member);
            }
        }

        @Override
        public void close() {
            remove();
            if (member != null) {
                type.quiesce(member);
            }
        }

        @Override
        public void drain() throws InterruptedException {
            if (member != null && member.mailbox != null) {
                member.mailbox.drain(Long.MAX_VALUE / 2);
            }
        }

        @Override
        public String toString() {
            return options.name() + " on " + type.type().getName();
        }
    }

    @Override
    public <E> E stub(Class<E> event) {
        return event.cast(table.declared(event).stub());
    }

    @Override
    public <E> Bound bind(Binding<E> binding) {
        Held one = prepare(binding);
        one.type.change(List.of(), List.of(one.member));
        table.arrived(one.type);
        return keep(one);
    }

    private Held prepare(Binding<?> binding) {
        EventType type = table.typeOf(binding.event());
        Options options = Options.of(binding.properties()::get, () -> nameOf(binding.handler()));
        Held one = new Held(type, binding.handler(), options);
        one.member = table.admit(type, one.service, options, bundle, one.sequence);
        type.prepare(one.member);
        return one;
    }

    static String nameOf(Object handler) {
        String simple = handler.getClass().getSimpleName();
        int lambda = simple.indexOf("$$Lambda");
        return lambda > 0 ? simple.substring(0, lambda) + " lambda" : simple;
    }

    private Bound keep(Held one) {
        held.add(one);
        table.keep(one);
        return one;
    }

    @Override
    public List<Bound> swap(Collection<Bound> out, Collection<Binding<?>> in) {
        Swap swap = new Swap();
        List<Held> gone = new ArrayList<>();
        for (Bound bound : out) {
            if (!(bound instanceof Held one) || !held.contains(one) || one.member == null) {
                throw new BindingException(
                        bound + " cannot be swapped out: it is not, or no longer, bound by this dispatcher");
            }
            gone.add(one);
            swap.out(one.type, one.member);
        }
        List<Held> come = new ArrayList<>();
        for (Binding<?> binding : in) {
            Held one = prepare(binding);
            come.add(one);
            swap.in(one.type, one.member);
        }
        swap.commit();
        gone.forEach(Held::replaced);
        come.forEach(one -> table.arrived(one.type));
        return come.stream().map(this::keep).toList();
    }

    @Override
    public Bound impose(Class<?> event, String binding, Object guard) {
        EventType type = table.typeOf(event);
        if (!Authority.owns(bundle, type)) {
            throw new BindingException("A guard on " + binding + " can be imposed by the owner of " + event.getName()
                    + " alone, which " + bundle.getSymbolicName() + " is not");
        }
        type.impose(binding, guard, true);
        return new Bound() {
            private boolean gone;

            @Override
            public synchronized void remove() {
                if (!gone) {
                    gone = true;
                    type.impose(binding, guard, false);
                }
            }

            @Override
            public void close() {
                remove();
            }

            @Override
            public void drain() {
                // guards run in the raiser's strand
            }
        };
    }

    /** Unbinds all that is left: the bundle stops. */
    void release() {
        List.copyOf(held).forEach(Held::close);
        List.copyOf(replaced).forEach(Held::close);
    }

    @Override
    public List<EventState> events() {
        return table.events();
    }

    @Override
    public List<EventState> measure(Duration time) throws InterruptedException {
        return table.measure(time);
    }

    @Override
    public int rearm(String event, String binding) {
        return table.rearm(event, binding);
    }
}
