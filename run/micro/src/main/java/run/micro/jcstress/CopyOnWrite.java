package run.micro.jcstress;

import hw.alpha.mmu.PageTable;
import java.lang.reflect.Proxy;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.Pager;
import kernel.ext.vm.provider.FaultHandler;
import kernel.ext.vm.provider.VirtualMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A space and its copy have a page together until one of them writes to it. */
public final class CopyOnWrite {

    private static final long HERE = 0x40000;
    private static final VirtualMemory SPACES = new VirtualMemory(UserCode.UNIT, ShootDown.MEMORY);
    private static final FaultHandler HANDLER = new FaultHandler(SPACES,
            (context, address, access, allocated) -> false);

    private CopyOnWrite() {}

    /** A space that a processor is in. */
    private static final class Process {
        private final AddressSpace space;
        private final UserCode code;
        private final UserContext context;

        Process(AddressSpace space) {
            this.space = space;
            TranslationContext translation = space.translation();
            context = (UserContext) Proxy.newProxyInstance(Process.class.getClassLoader(),
                    new Class<?>[]{UserContext.class}, (self, method, arguments) -> switch (method.getName()) {
                        case "translation" -> translation;
                        case "kernelAccess" -> false;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
            code = new UserCode((PageTable) translation, this::fault);
        }

        private boolean fault(long address, Access access) {
            return HANDLER.protectionFault(context, address, access);
        }

        int end() {
            int last = (int) code.load(HERE);
            code.end();
            return last;
        }
    }

    private static AddressSpace space() {
        AddressSpace space = SPACES.create("parent");
        space.map(HERE, UserCode.PAGE, TranslationContext.READ | TranslationContext.WRITE, Pager.ZERO, "data");
        return space;
    }

    /** Both write at the same time. */
    @JCStressTest
    @State
    @Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "Each has what it wrote.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One sees what the other wrote, or a page was lost.")
    public static class BothWrite {

        private final Process parent = new Process(space());
        private final Process child;

        /** The page is there, and shared. */
        public BothWrite() {
            parent.code.store(HERE, 9);
            parent.code.begin();
            child = new Process(parent.space.copy("child"));
        }

        /** Writes. */
        @Actor
        public void parent() {
            parent.code.store(HERE, 1);
            parent.code.begin();
        }

        /** Writes. */
        @Actor
        public void child() {
            child.code.store(HERE, 2);
            child.code.begin();
        }

        /** Looks. */
        @Arbiter
        public void end(III_Result result) {
            result.r1 = parent.end();
            result.r2 = child.end();
            result.r3 = parent.space.resident() == 1 && child.space.resident() == 1 ? 1 : 0;
            parent.space.destroy();
            child.space.destroy();
        }
    }

    /** One writes while the copy is made: once it is there, it stays what it is. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "The copy is what the space was when it was made.")
    @Outcome(expect = Expect.FORBIDDEN,
            desc = "Something that was written afterwards is in the copy, or it lacks something.")
    public static class WrittenWhileCopied {

        private static final int STORES = 300;

        private final Process parent = new Process(space());
        private volatile int begun;
        private Process child;
        private long first;

        /** Counts. */
        @Actor
        public void write(III_Result result) {
            parent.code.resume();
            for (int i = 1; i <= STORES; i++) {
                parent.code.store(HERE, i);
                parent.code.poll();
                begun = i;
            }
            parent.code.begin();
        }

        /** Makes the copy. */
        @Actor
        public void copy(III_Result result) {
            int before = begun;
            child = new Process(parent.space.copy("child"));
            first = child.code.load(HERE);
            child.code.begin();
            result.r1 = first >= before ? 1 : 0;
        }

        /** Looks again. */
        @Arbiter
        public void end(III_Result result) {
            result.r2 = child.end() == first ? 1 : 0;
            result.r3 = parent.end() == STORES ? 1 : 0;
            parent.space.destroy();
            child.space.destroy();
        }
    }
}
