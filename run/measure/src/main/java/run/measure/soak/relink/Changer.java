package run.measure.soak.relink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import run.measure.soak.Failures;

/** Registers, changes and unregisters bindings; what is done when follows from the seed. One thread. */
final class Changer implements Runnable {

    private static final int MOST_HANDLERS = 12;
    private static final int MOST_INTRINSICS = 3;

    private final BundleContext context;
    private final SplittableRandom random;
    private final Failures failures;
    private final Map<Integer, ServiceRegistration<?>> registrations = new HashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private BindingSet bound = new BindingSet(List.of());
    private final History history = new History(bound);
    private int next = 1;
    private volatile boolean enough;

    /** Binds a first intrinsic handler, so that there is an event. */
    Changer(BundleContext context, long seed, Failures failures) {
        this.context = context;
        this.random = new SplittableRandom(seed);
        this.failures = failures;
        register(intrinsic());
    }

    History history() {
        return history;
    }

    /** How many changes were made. */
    long changes() {
        return changes.get();
    }

    void stop() {
        enough = true;
    }

    @Override
    public void run() {
        try {
            while (!enough) {
                change();
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.add("change " + changes + " failed: " + e);
        } finally {
            // raises that wait for an intrinsic handler must come to their end
            if (bound.inForce() == null) {
                register(intrinsic());
            }
        }
    }

    /** Bursts without a pause, and now and then one that lets compiled code settle. */
    private void pause() throws InterruptedException {
        int chance = random.nextInt(100);
        if (chance < 40) {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(3000));
        } else if (chance == 99) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
        }
    }

    private void change() {
        List<Member> handlers = bound.handlers();
        List<Member> intrinsics = bound.intrinsics();
        int chance = random.nextInt(100);
        if (intrinsics.isEmpty() || chance < 15 && intrinsics.size() < MOST_INTRINSICS) {
            register(intrinsic());
        } else if (chance < 30) {
            unregister(any(intrinsics)); // perhaps the only one: raises then wait
        } else if (chance < 35) {
            Member old = any(intrinsics); // the usual update: the successor comes first
            register(intrinsic());
            unregister(old);
        } else if (handlers.isEmpty() || chance < 65 && handlers.size() < MOST_HANDLERS) {
            register(handler(next++));
        } else if (chance < 90) {
            unregister(any(handlers));
        } else {
            modify(any(handlers));
        }
    }

    private Member any(List<Member> members) {
        return members.get(random.nextInt(members.size()));
    }

    private Member intrinsic() {
        return new Member(next++, true, random.nextInt(-2, 3), "", 0);
    }

    private Member handler(int id) {
        int modulus = random.nextBoolean() ? 0 : random.nextInt(1, 6);
        return new Member(id, false, 0, order(), modulus);
    }

    private String order() {
        List<Member> others = new ArrayList<>(bound.members());
        return switch (random.nextInt(6)) {
            case 0 -> Binding.FIRST;
            case 1 -> Binding.LAST;
            case 2 -> others.isEmpty() ? "" : Binding.BEFORE + any(others).name();
            case 3 -> others.isEmpty() ? "" : Binding.AFTER + any(others).name();
            default -> "";
        };
    }

    private void register(Member member) {
        history.announce(bound.with(member));
        registrations.put(member.id(), context.registerService(Visit.class, new Visitor(member.id(),
                Math.max(1, member.modulus())), properties(member)));
        settled(bound.with(member));
    }

    private void unregister(Member member) {
        history.announce(bound.without(member));
        registrations.remove(member.id()).unregister();
        settled(bound.without(member));
    }

    /** Another order; the visitor, and so its guard, stay. */
    private void modify(Member member) {
        Member changed = new Member(member.id(), false, 0, order(), member.modulus());
        history.announce(bound.with(changed));
        registrations.get(member.id()).setProperties(properties(changed));
        settled(bound.with(changed));
    }

    private void settled(BindingSet now) {
        history.settle();
        bound = now;
        changes.incrementAndGet();
    }

    private static Hashtable<String, Object> properties(Member member) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(Binding.ROLE, member.intrinsic() ? Binding.INTRINSIC : Binding.HANDLER);
        properties.put(Binding.NAME, member.name());
        properties.put(Binding.ORDER, member.order());
        properties.put(Constants.SERVICE_RANKING, member.rank());
        if (member.modulus() > 0) {
            properties.put(Binding.GUARD, "wants");
        }
        return properties;
    }
}
