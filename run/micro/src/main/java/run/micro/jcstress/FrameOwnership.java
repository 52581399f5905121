package run.micro.jcstress;

import hw.alpha.mmu.Capabilities;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.memory.Frame;
import kernel.core.memory.FrameOwner;
import kernel.core.memory.PhysAddr;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** A frame has one owner at a time, and none is lost, whoever allocates, frees, takes away and revokes meanwhile. */
public final class FrameOwnership {

    private static final int PAGE = 8192;
    private static final int ROUNDS = 50;

    private FrameOwnership() {}

    /** Who has which frame, noticed when two have the same. */
    private static final class Holders {
        private final AtomicIntegerArray holders;
        private final AtomicInteger twice = new AtomicInteger();

        Holders(int frames) {
            holders = new AtomicIntegerArray(frames);
        }

        void has(Frame frame) {
            if (holders.getAndIncrement((int) (frame.address() / PAGE)) != 0) {
                twice.incrementAndGet();
            }
        }

        void hasNot(Frame frame) {
            holders.getAndDecrement((int) (frame.address() / PAGE));
        }
    }

    /** Two want the last frame. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "The frame is free again, and was one's at a time.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was lost, or both had it.")
    public static class TheLastFrame {

        private final PhysicalMemory memory = new PhysicalMemory(PAGE);
        private final Holders holders = new Holders(1);

        private void use() {
            for (int i = 0; i < ROUNDS; i++) {
                Frame frame = memory.allocate();
                if (frame != null) {
                    holders.has(frame);
                    holders.hasNot(frame);
                    memory.free(frame);
                }
            }
        }

        /** Allocates and frees. */
        @Actor
        public void one() {
            use();
        }

        /** The same. */
        @Actor
        public void two() {
            use();
        }

        /** Looks. */
        @Arbiter
        public void end(III_Result result) {
            result.r1 = memory.free();
            result.r2 = holders.twice.get();
        }
    }

    /** Two free the same frame. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 0, 2", "0, 1, 2"}, expect = Expect.ACCEPTABLE,
            desc = "One freed it, the other was told that it is not his.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both freed it, or nobody.")
    public static class FreedByTwo {

        private final PhysicalMemory memory = new PhysicalMemory(2 * PAGE);
        private final Frame frame = memory.allocate();

        private int free() {
            try {
                memory.free(frame);
                return 1;
            } catch (IllegalStateException e) {
                return 0;
            }
        }

        /** Frees. */
        @Actor
        public void one(III_Result result) {
            result.r1 = free();
        }

        /** The same. */
        @Actor
        public void two(III_Result result) {
            result.r2 = free();
        }

        /** Looks. */
        @Arbiter
        public void end(III_Result result) {
            result.r3 = memory.free();
        }
    }

    /** Frames are taken from their owners by whoever needs one, while owners free some themselves. */
    @JCStressTest
    @State
    @Outcome(id = "8, 0", expect = Expect.ACCEPTABLE, desc = "All frames are free again, and each was one's at a time.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A frame was lost, or two had it.")
    public static class TakenFromOwners {

        private static final int FRAMES = 8;

        private final PhysicalMemory memory = new PhysicalMemory(FRAMES * PAGE);
        private final Holders holders = new Holders(FRAMES);

        /** Has one frame until it is asked for it. */
        private final class Owner implements FrameOwner {
            private final AtomicReference<Frame> has = new AtomicReference<>();

            void allocate() {
                Frame frame = memory.allocate(this);
                if (frame == null) {
                    return;
                }
                holders.has(frame);
                // it may have been asked for before this owner knew it, and have refused
                has.set(frame);
            }

            boolean giveUp(Frame frame) {
                if (frame == null || !has.compareAndSet(frame, null)) {
                    return false;
                }
                holders.hasNot(frame);
                memory.free(frame);
                return true;
            }

            @Override
            public boolean used(Frame frame) {
                return false;
            }

            @Override
            public boolean repossess(Frame frame) {
                return giveUp(frame);
            }
        }

        private final Owner[] owners = new Owner[2 * ROUNDS];

        private void use(int first) {
            for (int i = first; i < first + ROUNDS; i++) {
                Owner owner = new Owner();
                owners[i] = owner;
                owner.allocate();
                if (i % 3 == 0) {
                    owner.giveUp(owner.has.get());
                }
            }
        }

        /** Allocates more than there is. */
        @Actor
        public void one() {
            use(0);
        }

        /** The same. */
        @Actor
        public void two() {
            use(ROUNDS);
        }

        /** Frees what is left. */
        @Arbiter
        public void end(II_Result result) {
            for (Owner owner : owners) {
                owner.giveUp(owner.has.get());
            }
            result.r1 = memory.free();
            result.r2 = holders.twice.get();
        }
    }

    /** A bundle stops while it allocates: nothing stays on its account. */
    @JCStressTest
    @State
    @Outcome(id = "4, 1", expect = Expect.ACCEPTABLE, desc = "All frames are free, and the next allocation is refused.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A frame is nobody's and not free, or a revoked capability works.")
    public static class RevokedWhileAllocating {

        private final PhysicalMemory memory = new PhysicalMemory(4 * PAGE);
        private final ServiceFactory<PhysAddr> factory = factory(memory);
        private final PhysAddr capability = factory.getService(named(Bundle.class), null);

        /** Allocates all that there is, and keeps every other one. */
        @Actor
        public void allocate(II_Result result) {
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    Frame frame = capability.allocate();
                    if (frame != null && i % 2 == 0) {
                        capability.free(frame);
                    }
                }
            } catch (IllegalStateException e) {
                // it was revoked
            }
        }

        /** What the framework does when the bundle stops. */
        @Actor
        public void revoke() {
            factory.ungetService(null, null, capability);
        }

        /** Looks. */
        @Arbiter
        public void end(II_Result result) {
            result.r1 = memory.free();
            try {
                capability.allocate();
            } catch (IllegalStateException e) {
                result.r2 = 1;
            }
        }
    }

    /** The factory by which bundles get physical memory. */
    @SuppressWarnings("unchecked") // the one that is registered for the class
    private static ServiceFactory<PhysAddr> factory(PhysicalMemory memory) {
        Map<Object, Object> registered = new HashMap<>();
        BundleContext context = (BundleContext) Proxy.newProxyInstance(FrameOwnership.class.getClassLoader(),
                new Class<?>[]{BundleContext.class}, (self, method, arguments) -> {
                    registered.put(arguments[0], arguments[1]);
                    return named(ServiceRegistration.class);
                });
        new Capabilities(memory, new Translations(), context);
        return (ServiceFactory<PhysAddr>) registered.get(PhysAddr.class);
    }

    private static <T> T named(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(FrameOwnership.class.getClassLoader(), new Class<?>[]{type},
                (self, method, arguments) -> method.getReturnType() == String.class ? "bundle" : null));
    }
}
