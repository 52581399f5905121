package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/** What people and programs see of the network: busybox's tools by {@code /proc/net}, {@code capture} and {@code graph} in the shell. */
@Timeout(600)
class NetworkToolsIT {

    private static String spin;
    private static Path tools;

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() throws Exception {
        spin = Programs.spin();
        tools = Userland.build();
    }

    private static void has(String text, String pattern) {
        assertTrue(Pattern.compile("(?m)^" + pattern + "\\s*$").matcher(text).find(), () -> pattern + " in\n" + text);
    }

    @Test
    void busyboxReadsTheTablesOfProc() throws Exception {
        Path script = Files.writeString(folder.resolve("tables.sh"), """
                PATH=%s
                httpd -f -p 0.0.0.0:8088 -h . & server=$!
                until wget -q -O /dev/null http://127.0.0.1:8088/tables.sh; do sleep 1; done
                sleep 1000 | nc 127.0.0.1 8088 & idle=$!
                nc -u -l -p 8053 -s 127.0.0.1 > /dev/null & udp=$!
                until netstat -tn | grep -q '8088.*ESTABLISHED'; do sleep 1; done
                until netstat -uln | grep -q 8053; do sleep 1; done
                wget -q -O /dev/null http://10.0.2.2:1/ 2> /dev/null
                until route -A inet6 -n | grep -q ^::/0; do sleep 1; done
                ifconfig
                route -n
                route -A inet6 -n
                arp -n
                netstat -tan
                netstat -uan
                cat /proc/net/if_inet6 /proc/net/dev
                kill $server $idle $udp
                """.formatted(tools));
        Outcome outcome = Command
                .run(List.of(spin, "--net", "gateway", "exec", "--new", tools.resolve("busybox").toString(),
                        "sh", script.toString()), List.of("PATH=/usr/bin:/bin"), new byte[0], folder);
        String said = outcome.output();
        has(said, "eth0 +Link encap:Ethernet +HWaddr 08:00:2B:00:00:15");
        has(said, " +inet addr:10.0.2.15 +Bcast:10.0.2.255 +Mask:255.255.255.0");
        has(said, " +inet6 addr: fe80::a00:2bff:fe00:15/64 Scope:Link");
        has(said, " +inet6 addr: fd53:5049:4e00:2::15/64 Scope:Global");
        has(said, " +UP BROADCAST RUNNING MULTICAST +MTU:1500 +Metric:1");
        has(said, " +inet addr:127.0.0.1 +Mask:255.0.0.0");
        has(said, " +inet6 addr: ::1/128 Scope:Host");
        has(said, "10.0.2.0 +0.0.0.0 +255.255.255.0 +U +0 +0 +0 eth0");
        has(said, "0.0.0.0 +10.0.2.2 +0.0.0.0 +UG +0 +0 +0 eth0");
        has(said, "fd53:5049:4e00:2::/64 +:: +U .* eth0");
        has(said, "::/0 +fe80::a00:2bff:fe00:2 +UG .* eth0");
        has(said, "\\? \\(10.0.2.2\\) at 08:00:2b:00:00:02 \\[ether\\] +on eth0");
        has(said, "tcp +0 +0 0.0.0.0:8088 +0.0.0.0:\\* +LISTEN");
        has(said, "tcp +0 +0 127.0.0.1:8088 +127.0.0.1:[0-9]+ +ESTABLISHED");
        has(said, "tcp +0 +0 127.0.0.1:[0-9]+ +127.0.0.1:8088 +ESTABLISHED");
        has(said, "udp +0 +0 .*:8053 +0.0.0.0:\\*.*");
        has(said, "00000000000000000000000000000001 01 80 10 80 +lo");
        has(said, "fe800000000000000a002bfffe000015 02 40 20 80 +eth0");
        Matcher bytes = Pattern.compile("(?m)^ +eth0: +(\\d+) +(\\d+) .*").matcher(said);
        assertTrue(bytes.find() && Long.parseLong(bytes.group(1)) >= 42L * Long.parseLong(bytes.group(2))
                && Long.parseLong(bytes.group(2)) > 0, said);
    }

    @Test
    void framesAreCapturedAndTheGraphIsShown() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes());
            exchange.close();
        });
        server.start();
        Path file = folder.resolve("frames.pcapng");
        Path script = Files.writeString(folder.resolve("ask.sh"), """
                PATH=%s
                while true; do wget -q -O /dev/null http://10.0.2.2:%d/; ping -c 1 127.0.0.1 > /dev/null 2>&1; done
                """.formatted(tools, server.getAddress().getPort()));
        try (Machine machine = new Machine(List.of(spin, "--net", "gateway"))) {
            machine.run("exec -b " + tools.resolve("busybox") + " sh " + script, "[1]");
            while (!machine.said().contains(":" + server.getAddress().getPort())) {
                machine.run("netstat", "STATE");
            }
            machine.run("capture -t 3 " + file, "frames are in");
            machine.run("graph", "TcpProtocol");
            machine.run("exec -b " + tools.resolve("busybox") + " nc -l -p 8099", "nc -l -p 8099");
            while (!Pattern.compile("(?m)^bundles\\.unix\\.provider, pid \\d+ \\S*busybox nc\\S* .*\\b2 ")
                    .matcher(machine.said()).find()) {
                machine.run("netstat -b", "CONNECTIONS"); // each program has an account
            }
            machine.run("capture -t 0 " + file + ".no", "-t takes 1 to");
            machine.run("capture /none/there", "capture: ");
            Matcher frames = Pattern.compile("(\\d+) frames are in").matcher(machine.said());
            assertTrue(frames.find(), machine::said);
            String graph = machine.said().substring(machine.said().lastIndexOf("frames are in"));
            for (String node : List.of("EthernetReceive", "IpReceive", "ipv4", "arp", "udp", "tcp", "icmp")) {
                assertTrue(graph.contains(node), graph);
            }
            Outcome read = tshark(file, "-T", "fields", "-e", "frame.number", "-e", "frame.interface_name", "-e",
                    "frame.protocols");
            List<String> lines = read.output().lines().toList();
            assertEquals("", read.error().lines().filter(line -> !line.startsWith("Running as user"))
                    .reduce("", String::concat));
            assertEquals(Integer.parseInt(frames.group(1)), lines.size());
            assertTrue(lines.stream().anyMatch(line -> line.contains("\teth0\t") && line.contains("ip:tcp")),
                    read::output);
            Outcome web = tshark(file, "-Y", "http.response.code == 200");
            assertTrue(web.output().lines().count() > 0, read::output);
            Outcome wrong = tshark(file, "-Y",
                    "_ws.malformed || (_ws.expert.severity == error && !tcp.analysis.flags)");
            assertEquals("", wrong.output());
        } finally {
            server.stop(0);
        }
    }

    private Outcome tshark(Path file, String... more) throws Exception {
        List<String> words = new java.util.ArrayList<>(List.of("tshark", "-r", file.toString()));
        words.addAll(Arrays.asList(more));
        Outcome outcome = Command.run(words, List.of("PATH=/usr/bin:/bin", "HOME=" + folder), new byte[0], folder);
        assertEquals(0, outcome.status(), outcome::error);
        return outcome;
    }
}
