package bundles.pagers.shared;

import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.PageReplacement;
import kernel.core.memory.TranslationContext;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.provider.FaultHandler;
import kernel.ext.vm.provider.SecondChance;
import kernel.ext.vm.provider.VirtualMemory;

/** A kernel as far as it is needed to share memory: memory management, a network, strands on the host's threads. */
final class Kernel implements AutoCloseable {

    static final int PAGE = 8192;
    private static final Clock CLOCK = new Clock() {
        @Override
        public long realTime() {
            return System.currentTimeMillis() * 1_000_000;
        }

        @Override
        public long monotonicTime() {
            return System.nanoTime();
        }
    };

    final PhysicalMemory memory;
    final VirtualMemory vm;
    final PlainNetwork network;
    final PlainSegments segments;
    private final FaultHandler faults;
    private final NetworkAdapter adapter;

    Kernel(NetworkAdapter adapter, String address, int frames) throws IOException {
        this.adapter = adapter;
        AtomicReference<PageReplacement> policy = new AtomicReference<>();
        memory = new PhysicalMemory((long) frames * PAGE, all -> policy.get().choose(all), candidate -> candidate);
        vm = new VirtualMemory(new Translations(), memory);
        policy.set(new SecondChance(vm));
        faults = new FaultHandler(vm, (_, _, _, _) -> false);
        HostStrands strands = new HostStrands();
        network = new PlainNetwork(new PlainGraph(), CLOCK, strands, new TcpEngine(), new NewReno());
        network.attach(adapter);
        network.configure(adapter.name(), IpAddress.parse(address), 24);
        segments = new PlainSegments(network, strands, CLOCK, vm, PAGE);
    }

    /** The wire is cut: nobody hears of it. */
    void cut() {
        network.detach(adapter);
    }

    @Override
    public void close() {
        segments.close();
        network.close();
    }

    /** A program that has a segment mapped, at address {@link #AT}. Its threads may use it at the same time. */
    final class Program implements AutoCloseable {

        static final long AT = 1L << 32;

        final AddressSpace space = vm.create("program");
        private final Node node;
        private final UserContext context = (UserContext) Proxy.newProxyInstance(Kernel.class.getClassLoader(),
                new Class<?>[]{UserContext.class},
                (_, method, _) -> switch (method.getName()) {
                    case "translation" -> space.translation();
                    case "kernelAccess" -> false;
                    default -> throw new UnsupportedOperationException(method.getName());
                });

        Program(String name, int pages) throws IOException {
            int at = name.indexOf('@');
            node = segments.open(new SegmentName(name.substring(0, at), IpAddress.parse(name.substring(at + 1))));
            space.map(AT, (long) pages * PAGE, TranslationContext.READ | TranslationContext.WRITE, node.object(), 0,
                    name);
        }

        /** @throws IOException as SIGBUS tells a program */
        long load(long offset) throws IOException {
            byte[] bytes = new byte[Long.BYTES];
            PageTable table = (PageTable) space.translation();
            PageTable.Outcome outcome;
            while ((outcome = table.copyIn(AT + offset, bytes, 0, Long.BYTES)) != PageTable.Outcome.DONE) {
                fault(outcome, offset, Access.READ);
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }

        /** @throws IOException as SIGBUS tells a program */
        void store(long offset, long value) throws IOException {
            byte[] bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
            PageTable table = (PageTable) space.translation();
            PageTable.Outcome outcome;
            while ((outcome = table.copyOut(AT + offset, bytes, 0, Long.BYTES)) != PageTable.Outcome.DONE) {
                fault(outcome, offset, Access.WRITE);
            }
        }

        /** Replaces a value if it is as expected: LDx_L, STx_C. */
        boolean exchange(long offset, int expected, int value) throws IOException {
            PageTable table = (PageTable) space.translation();
            long was;
            while ((was = table.compareAndExchange(AT + offset, expected, value)) < 0) {
                fault(was == -1 ? PageTable.Outcome.NOT_PRESENT : PageTable.Outcome.FORBIDDEN, offset, Access.WRITE);
            }
            return (int) was == expected;
        }

        private void fault(PageTable.Outcome outcome, long offset, Access access) throws IOException {
            if (Thread.interrupted()) {
                throw new IOException("killed");
            }
            boolean resolved = outcome == PageTable.Outcome.NOT_PRESENT
                    ? faults.pageNotPresent(context, AT + offset, access)
                    : faults.protectionFault(context, AT + offset, access);
            if (!resolved) {
                throw new IOException("SIGBUS");
            }
        }

        @Override
        public void close() {
            space.destroy();
            segments.release(node);
        }
    }
}
