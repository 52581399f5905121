package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts Linux's own {@code tc netem} between the two stacks of a {@link LinuxPeer}, in both directions. Most hosts' kernels have no module
 * {@code sch_netem} or let nobody load it, so it is that of a second Linux, a User Mode Linux on two TAP devices; the stack that ours talks to
 * is the host's as before.
 *
 * <pre>
 * the host's stack -- nete0 == vec0 [netem] vec1 == nete1 -- bridge -- our TAP device
 * </pre>
 */
final class Netem implements AutoCloseable {

    private static final String KERNEL = "/usr/bin/linux.uml";
    private static final String SAYS = "netem: ";
    private static final Path PEERS = Path.of(System.getProperty("spin.home"), "run/peers");

    private final Process linux;
    private final Path folder = Files.createTempDirectory("spin-netem");
    private final Writer in;
    private final BufferedReader out;
    private final List<String> said = new ArrayList<>();

    /** What it takes and this host has not, or null. */
    static String missing() {
        for (String program : List.of(KERNEL, "/usr/sbin/ethtool", "/usr/sbin/insmod", "/usr/sbin/tc")) {
            if (!Files.isExecutable(Path.of(program)) && !Files.isExecutable(Path.of(program.substring(4)))) {
                return program + " is not there: apt-get install user-mode-linux ethtool kmod iproute2";
            }
        }
        return null;
    }

    Netem(LinuxPeer peer) throws IOException, InterruptedException {
        wire(peer);
        Path registers = folder.resolve("umlregs.so");
        LinuxPeer.run("cc", "-shared", "-fPIC", "-o", registers.toString(), PEERS.resolve("umlregs.c").toString());
        ProcessBuilder builder = new ProcessBuilder("ip", "netns", "exec", peer.link(), KERNEL, "mem=128M", "quiet",
                "rootfstype=hostfs", "rootflags=/", "ro", "init=" + PEERS.resolve("netem.sh").toRealPath(), "con=null",
                "con0=fd:0,fd:1", "ssl=null", "vec0:transport=tap,ifname=nete0,depth=64",
                "vec1:transport=tap,ifname=nete1,depth=64", "uml_dir=" + folder).redirectErrorStream(true);
        builder.environment().put("LD_PRELOAD", registers.toString());
        builder.environment().put("TMPDIR", folder.toString());
        linux = builder.start();
        in = linux.outputWriter();
        out = linux.inputReader();
        answer();
        // frames that are joined would be lost, delayed and damaged as one; who opens a device may switch this on
        for (String device : List.of(peer.link(), "nete0", "nete1")) {
            peer.in("ethtool", "-K", device, "gro", "off", "gso", "off", "tso", "off", "tx", "off");
        }
    }

    private static void wire(LinuxPeer peer) throws IOException, InterruptedException {
        String tap = peer.link();
        String[] commands = {"ip addr flush dev " + tap, "ip tuntap add dev nete0 mode tap",
                "ip tuntap add dev nete1 mode tap", "ip link add netebr type bridge mcast_snooping 0",
                "ip link set " + tap + " master netebr", "ip link set nete1 master netebr",
                "ip addr add 10.77.0.1/24 dev nete0", "ip addr add fd77::1/64 dev nete0 nodad", "ip link set nete0 up",
                "ip link set nete1 up", "ip link set netebr up"};
        for (String command : commands) {
            peer.in(command.split(" "));
        }
    }

    /** What netem does from now on, in the words of tc-netem(8), to each direction; nothing if it is empty. */
    void does(String words) throws IOException, InterruptedException {
        for (String device : List.of("vec0", "vec1")) {
            assertEquals("status 0", command("tc qdisc replace dev " + device + " root netem limit 10000 " + words),
                    said::toString);
        }
    }

    /** What netem says that it did: {@code tc -s qdisc} of both directions. */
    String statistics() throws IOException, InterruptedException {
        said.clear();
        assertEquals("status 0", command("tc -s qdisc show"), said::toString);
        return String.join("\n", said);
    }

    private String command(String line) throws IOException, InterruptedException {
        in.write(line + "\n");
        in.flush();
        return answer();
    }

    /** Waits for what it says of itself. */
    private String answer() throws InterruptedException {
        try {
            return CompletableFuture.supplyAsync(this::read).get(120, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            linux.destroyForcibly();
            throw new AssertionError("User Mode Linux has not answered; it said: " + said, e);
        }
    }

    private String read() {
        try {
            String line;
            while ((line = out.readLine()) != null) {
                if (line.startsWith(SAYS)) {
                    return line.substring(SAYS.length()).strip();
                }
                said.add(line);
            }
            throw new IllegalStateException("it has ended");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close(); // it ends
        CompletableFuture.runAsync(() -> out.lines().forEach(_ -> {}));
        if (linux.onExit().completeOnTimeout(null, 20, TimeUnit.SECONDS).join() == null) {
            linux.descendants().forEach(ProcessHandle::destroyForcibly);
            linux.destroyForcibly();
        }
        try (var all = Files.walk(folder)) {
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
