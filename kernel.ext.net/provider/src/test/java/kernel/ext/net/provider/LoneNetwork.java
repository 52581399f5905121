package kernel.ext.net.provider;

import java.lang.reflect.Proxy;
import java.util.function.LongSupplier;
import kernel.core.machine.Clock;
import kernel.core.strand.Strands;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;

/** A network without a kernel around it, for tests: its strands are virtual threads. */
final class LoneNetwork {

    private LoneNetwork() {}

    /** @param time what its clock says, nanoseconds */
    static PlainNetwork with(LongSupplier time) {
        ClassLoader loader = LoneNetwork.class.getClassLoader();
        Clock clock = new Clock() { // what else a clock does it does as all
            @Override
            public long realTime() {
                return time.getAsLong();
            }

            @Override
            public long monotonicTime() {
                return time.getAsLong();
            }
        };
        Strands strands = (Strands) Proxy.newProxyInstance(loader, new Class<?>[]{Strands.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("fork")) {
                        Thread.ofVirtual().start((Runnable) arguments[1]);
                    }
                    return null;
                });
        return new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
    }
}
