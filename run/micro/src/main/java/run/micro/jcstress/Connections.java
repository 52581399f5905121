package run.micro.jcstress;

import hw.alpha.device.SystemClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.StrandService;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Strands that wait for a connection of TCP, beside those who change it: nobody sleeps on when there is something for him. */
public final class Connections {

    private static final long PATIENCE = 10_000_000_000L;
    private static final int PORT = 7, MUCH = 300_000;
    private static final PlainNetwork NETWORK = new PlainNetwork(new PlainGraph(), new SystemClock(),
            StrandService.standalone(2), new TcpEngine(), new NewReno());
    private static final TcpListener LISTENER = listen();

    private Connections() {}

    private static TcpListener listen() {
        try {
            return NETWORK.listen(IpAddress.ANY, PORT, 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Both ends of a connection. */
    private static final class Pair {
        final TcpConnection client;
        final TcpConnection server;

        Pair() {
            synchronized (LISTENER) { // so that what is accepted is what was connected
                try {
                    client = NETWORK.connect(IpAddress.LOOPBACK, PORT, PATIENCE);
                    server = LISTENER.accept();
                    client.setReadTimeout(PATIENCE);
                    server.setReadTimeout(PATIENCE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** Without TIME_WAIT, or there would soon be no port left. */
        void over() {
            client.abort();
            server.abort();
        }
    }

    /** What comes of reading: how many bytes, -1 the end, -2 an error, -3 nothing for ten seconds. */
    private static int read(TcpConnection from) {
        try {
            return from.read(new byte[1], 0, 1);
        } catch (IOException e) {
            return e.getMessage().contains("took too long") ? -3 : -2;
        }
    }

    /** One writes, the other waits for it. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "What was written was read.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The reader slept on, or was told of an error.")
    public static class ReadAndWrite {

        private final Pair pair = new Pair();

        /** Writes. */
        @Actor
        public void write() {
            try {
                pair.client.write(new byte[1], 0, 1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Reads. */
        @Actor
        public void read(I_Result result) {
            result.r1 = Connections.read(pair.server);
        }

        /** Ends it. */
        @Arbiter
        public void end(I_Result result) {
            pair.over();
        }
    }

    /** One ends the connection, the other waits for something. */
    @JCStressTest
    @State
    @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "The reader was told of the end.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The reader slept on, or was told of an error.")
    public static class ReadAndEnd {

        private final Pair pair = new Pair();

        /** Ends its direction. */
        @Actor
        public void end() {
            pair.client.shutdownOutput();
        }

        /** Reads. */
        @Actor
        public void read(I_Result result) {
            result.r1 = Connections.read(pair.server);
        }

        /** Ends it. */
        @Arbiter
        public void over(I_Result result) {
            pair.over();
        }
    }

    /** Somebody else aborts the connection that is read from. */
    @JCStressTest
    @State
    @Outcome(id = {"-1", "-2"}, expect = Expect.ACCEPTABLE, desc = "The reader was told that it is over.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The reader slept on.")
    public static class ReadAndAbort {

        private final Pair pair = new Pair();

        /** Aborts. */
        @Actor
        public void abort() {
            pair.server.abort();
        }

        /** Reads. */
        @Actor
        public void read(I_Result result) {
            result.r1 = Connections.read(pair.server);
        }

        /** Ends it. */
        @Arbiter
        public void over(I_Result result) {
            pair.over();
        }
    }

    /** One writes more than there is room for and waits, the other reads it all. */
    @JCStressTest
    @State
    @Outcome(id = MUCH + ", 1", expect = Expect.ACCEPTABLE, desc = "All was written and read.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Somebody slept on.")
    public static class RoomForMuch {

        private final Pair pair = new Pair();

        /** Writes. */
        @Actor
        public void write(II_Result result) {
            try {
                pair.client.write(new byte[MUCH], 0, MUCH);
                result.r2 = 1;
            } catch (IOException e) {
                result.r2 = -2;
            }
        }

        /** Reads. */
        @Actor
        public void read(II_Result result) {
            byte[] some = new byte[5000];
            try {
                for (int count = 1; result.r1 < MUCH && count > 0; result.r1 += count) {
                    count = pair.server.read(some, 0, some.length);
                }
            } catch (IOException e) {
                result.r1 = -2;
                pair.over(); // or who writes waits for ever
            }
        }

        /** Ends it. */
        @Arbiter
        public void over(II_Result result) {
            pair.over();
        }
    }
}
