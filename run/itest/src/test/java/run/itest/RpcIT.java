package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import kernel.ext.net.rpc.provider.PlainRpc;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our remote procedure calls, as the host's rpcinfo and Wireshark see them over a TAP device. */
@Timeout(120)
class RpcIT {

    @BeforeAll
    static void theHostCan() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/net/tun")), "this host has no /dev/net/tun");
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")) && Files.isWritable(Path.of("/run")),
                "making a network namespace needs root");
        for (String program : List.of("ip", "rpcinfo")) {
            Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))), program + " is not installed");
        }
    }

    @Test
    void rpcinfoFindsOurPrograms() throws Exception {
        try (LinuxPeer linux = new LinuxPeer();
                PlainRpc rpc = new PlainRpc(linux.network, linux.strands, linux.clock)) {
            rpc.mapPorts();
            int port = rpc.serve(0x2053_5049, 3, 0, "ours", (_, _, _) -> {}).port();
            String known = linux.in("rpcinfo", "-p", "10.77.0.2").replaceAll(" +", " ");
            assertTrue(known.contains(" 100000 2 tcp 111 "), known);
            assertTrue(known.contains(" 542330953 3 udp " + port), known);
            String newer = linux.in("rpcinfo", "-s", "10.77.0.2");
            assertTrue(newer.contains("542330953"), newer);
            for (String transport : List.of("-u", "-t")) {
                String called = linux.in("rpcinfo", transport, "10.77.0.2", "542330953", "3");
                assertEquals("program 542330953 version 3 ready and waiting\n", called);
                assertTrue(linux.in("rpcinfo", transport, "10.77.0.2", "542330953").contains("version 3 ready"));
            }
            Process absent = linux.start("rpcinfo", "-u", "10.77.0.2", "541282378");
            absent.getInputStream().readAllBytes();
            assertEquals(1, absent.waitFor());
            if (Files.exists(Path.of("/usr/bin/tshark"))) {
                String said = LinuxPeer.run("tshark", "-r", linux.capture().toString(), "-Y",
                        "rpc && (_ws.malformed || rpc.state_accept > 2)");
                assertEquals("", said.lines().filter(line -> !line.startsWith("Running as user"))
                        .reduce("", (a, b) -> a + b));
            }
        }
    }

    /** Clients of NFS that others have made: they find the programs, mount, list and read, and say whose user they are. */
    @Test
    void clientsOfNfsReadAFile() throws Exception {
        for (String program : List.of("/usr/bin/nfs-cat", "/usr/sbin/showmount")) {
            Assumptions.assumeTrue(Files.exists(Path.of(program)), program + " is not installed");
        }
        byte[] content = new byte[1_000_000];
        new Random(5).nextBytes(content);
        Export export = new Export(content);
        try (LinuxPeer linux = new LinuxPeer();
                PlainRpc rpc = new PlainRpc(linux.network, linux.strands, linux.clock)) {
            rpc.mapPorts();
            export.serve(rpc);
            assertTrue(linux.in("showmount", "-e", "10.77.0.2").contains("/export"), "showmount");
            String listed = linux.in("nfs-ls", "nfs://10.77.0.2/export/?version=3");
            assertTrue(listed.contains("1000000 file"), listed);
            Process cat = linux.start("sh", "-c",
                    "nfs-cat 'nfs://10.77.0.2/export/file?version=3&uid=7&gid=7' | sha256sum");
            String sum = new String(cat.getInputStream().readAllBytes());
            assertTrue(sum.contains(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content))),
                    sum);
            assertEquals(7, export.user);
            Process absent = linux.start("nfs-cat", "nfs://10.77.0.2/export/none?version=3");
            String said = new String(absent.getInputStream().readAllBytes());
            assertTrue(absent.waitFor() != 0 && said.contains("NFS3ERR_NOENT"), said);
        }
    }
}
