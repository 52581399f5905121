package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kernels in processes of their own, on wires between them: pings, active messages, remote procedure calls, a forwarder. */
@Timeout(400)
class KernelsIT {

    private static final Path POLICIES = Path.of(System.getProperty("spin.home"),
            "run/launcher/target/spin/policies");

    @TempDir
    Path folder;

    private static List<String> spin(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Programs.spin()));
        all.addAll(List.of(words));
        return all;
    }

    private static String start(String... bundles) {
        StringBuilder text = new StringBuilder();
        for (String bundle : bundles) {
            text.append("start ").append(POLICIES.resolve(bundle + ".jar").toUri()).append("; ");
        }
        return text.toString();
    }

    /** Runs a kernel for some commands. */
    private static String once(List<String> words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void threeKernelsTalkAndOneForwards() throws Exception {
        String wire = "wire:unix:" + folder.resolve("wire") + ",address=10.9.0.";
        String cells = "wire:unix:" + folder.resolve("cells") + ",address=10.2.0.";
        try (Machine server = new Machine(spin("--net", wire + "1/24", "--atm", cells + "1/24"));
                Machine middle = new Machine(spin("--net", wire + "2/24"))) {
            server.run(start("kernel.ext.net.am", "kernel.ext.net.rpc.provider", "bundles.policies.memo") + "rpcinfo",
                    "memo");
            middle.run(start("kernel.ext.net.forward") + "forward add tcp 111 10.9.0.1:111", "tcp 111 to 10.9.0.1:111");
            String said = once(spin("--net", wire + "3/24", "--atm", cells + "3/24", "-c",
                    start("kernel.ext.net.am", "kernel.ext.net.rpc.provider")
                            + "ping -c 5 10.9.0.1; am 10.9.0.1; rpcinfo 10.9.0.1; rpcinfo 10.9.0.2;"
                            + " ping -c 5 10.2.0.1; rpcinfo 10.2.0.1; ifconfig"));
            assertTrue(said.contains("5 sent, 5 answered"), said);
            // by UDP and TCP: asked directly, through the forwarder, over ATM
            assertEquals(6, count(said, " 542330953 "), said);
            assertTrue(said.contains("circuit 0.100 to 10.2.0.1"), said);
            middle.run("forward", "flows 1 of 1");
        }
    }

    @Test
    void twoKernelsInNamespacesOfTheirOwn() throws Exception {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/run")) && Files.exists(Path.of("/dev/net/tun")),
                "making network namespaces needs root");
        String a = "spina" + ThreadLocalRandom.current().nextInt(1 << 20);
        String b = "spinb" + a.substring(5);
        try {
            LinuxPeer.run("ip", "netns", "add", a);
            LinuxPeer.run("ip", "netns", "add", b);
            LinuxPeer.run("ip", "link", "add", "v0", "netns", a, "type", "veth", "peer", "name", "v0", "netns", b);
            for (String[] one : new String[][]{{a, "10.66.0.1/24"}, {b, "10.66.0.2/24"}}) {
                LinuxPeer.run("ip", "-n", one[0], "addr", "add", one[1], "dev", "v0");
                LinuxPeer.run("ip", "-n", one[0], "link", "set", "v0", "up");
            }
            String wire = "wire:10.66.0.1:4000,address=10.9.0.";
            try (Machine server = new Machine(within(a, spin("--net", wire + "1/24")))) {
                server.run(start("kernel.ext.net.am", "kernel.ext.net.rpc.provider", "bundles.policies.memo")
                        + "rpcinfo", "memo");
                String said = once(within(b, spin("--net", wire + "2/24,loss=2%,seed=5", "-c",
                        start("kernel.ext.net.am", "kernel.ext.net.rpc.provider")
                                + "ping -c 10 10.9.0.1; am 10.9.0.1; rpcinfo 10.9.0.1; ifconfig")));
                assertEquals(2, count(said, " 542330953 "), said);
                assertTrue(said.contains("wire 10.66.0.1:4000, connected"), said);
            }
        } finally {
            for (String one : List.of(a, b)) {
                new ProcessBuilder("ip", "netns", "del", one).start().waitFor();
            }
        }
    }

    private static List<String> within(String namespace, List<String> words) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(words);
        return all;
    }
}
