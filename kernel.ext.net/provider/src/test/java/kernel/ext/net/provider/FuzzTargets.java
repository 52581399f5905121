package kernel.ext.net.provider;

import java.util.Arrays;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.tcp.TcpListening;

/**
 * What a fuzzer that is guided by coverage calls, a class for each: {@code run/fuzz --jazzer NAME}. Each takes any bytes whatever and throws
 * nothing. {@link FuzzTargetsTest} gives them the kept corpus in every build.
 */
final class FuzzTargets {

    private FuzzTargets() {}

    /** Answers of resolvers. */
    static final class Dns {
        private Dns() {}

        /** Called by the fuzzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            DnsMessage.answer(input, input.length > 1 ? (input[0] & 0xFF) << 8 | input[1] & 0xFF : 0, "a.example",
                    input.length % 2 == 0 ? DnsMessage.A : DnsMessage.AAAA);
        }
    }

    /** Messages of DHCP. */
    static final class Dhcp {
        private Dhcp() {}

        /** Called by the fuzzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            DhcpMessage message = DhcpMessage.read(input);
            if (message != null) {
                message.kind();
                message.numbers(DhcpMessage.ROUTER);
                message.number(DhcpMessage.LEASE, 0);
                message.bytes();
            }
        }
    }

    /**
     * Frames one after the other into a stack that has ports, connections and leases: each is preceded by its length in two bytes and the
     * time since the one before in tens of milliseconds in one; checksums are made right.
     */
    static final class Frames {
        private static final int MOST = 64;

        private Frames() {}

        /** Called by the fuzzer. */
        public static void fuzzerTestOneInput(byte[] input) {
            Simulation s = new Simulation(1);
            Stack stack = s.addBoth(1500, 1 << 14);
            stack.dhcp.start(stack.links().get(1));
            stack.udp.bind(7, "echo", (_, _, _) -> true);
            TcpListening[] port = new TcpListening[1];
            port[0] = new TcpListening(IpAddress.ANY6, 80, 8, () -> _ -> {}, () -> port[0].ready.poll());
            stack.listen(port[0]);
            s.run(2 * Simulation.SECOND);
            stack.connect(Simulation.address(1), 80, _ -> {}, s.now);
            int at = 0;
            for (int i = 0; i < MOST && at + 3 <= input.length; i++) {
                int length = Math.min((input[at] & 0xFF) << 8 | input[at + 1] & 0xFF, input.length - at - 3);
                s.run((input[at + 2] & 0xFF) * 10 * Simulation.MS);
                byte[] frame = Arrays.copyOfRange(input, at + 3, at + 3 + length);
                FuzzTest.repair(frame);
                stack.frame(1, frame, 0, length, s.now);
                at += 3 + length;
            }
            stack.down(1);
            s.run(4000 * Simulation.SECOND);
            if (stack.buffersTaken() != 0) {
                throw new IllegalStateException(stack.buffersTaken() + " buffers are lost");
            }
        }
    }
}
