package run.measure.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import run.measure.Command;
import run.measure.MeasureException;

/**
 * A bridge of Linux in a network namespace of its own, with two more namespaces on it by veth, and a TAP device; all offloads are off.
 * Needs root. Closed, all of it is gone.
 */
final class Bridge implements AutoCloseable {

    /** Addresses of the two namespaces, and the one for whoever is on the TAP device. */
    static final String LEFT = "10.78.0.1", RIGHT = "10.78.0.2", OURS = "10.78.0.3";

    private final Path directory;
    private final String left;
    private final String right;
    private final String middle;

    /** Sets it up. @param peer the program {@code net}, which switches offloads off */
    Bridge(Path directory, String peer) throws MeasureException, InterruptedException {
        this.directory = directory;
        String number = Long.toString(ProcessHandle.current().pid());
        left = "spin-l" + number;
        right = "spin-r" + number;
        middle = "spin-m" + number;
        try {
            for (String one : List.of(left, right, middle)) {
                ip("netns", "add", one);
            }
            ip("-n", middle, "link", "add", "br0", "type", "bridge", "stp_state", "0", "forward_delay", "0");
            ip("-n", middle, "link", "set", "br0", "up");
            join(left, "l0", LEFT);
            join(right, "r0", RIGHT);
            ip("-n", middle, "tuntap", "add", "dev", TapMain.DEVICE, "mode", "tap");
            ip("-n", middle, "link", "set", TapMain.DEVICE, "txqueuelen", "1000", "master", "br0", "up");
            for (List<String> device : List.of(List.of(left, "v0"), List.of(right, "v0"), List.of(middle, "l0"),
                    List.of(middle, "r0"), List.of(middle, "br0"), List.of(middle, TapMain.DEVICE))) {
                ip("netns", "exec", device.getFirst(), peer, "plain", device.getLast());
            }
        } catch (MeasureException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void join(String namespace, String end, String address) throws MeasureException, InterruptedException {
        ip("-n", middle, "link", "add", end, "type", "veth", "peer", "name", "v0", "netns", namespace);
        ip("-n", middle, "link", "set", end, "master", "br0", "up");
        ip("-n", namespace, "addr", "add", address + "/24", "dev", "v0");
        ip("-n", namespace, "link", "set", "v0", "up");
    }

    private void ip(String... words) throws MeasureException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("ip"));
        all.addAll(List.of(words));
        Command command = Command.of(directory, all.toArray(String[]::new));
        Command.Outcome outcome = command.run();
        if (outcome.status() != 0) {
            throw new MeasureException(command + ": " + outcome.lastWords() + " (root is needed)");
        }
    }

    /** Words that run a program in the first namespace, as a shell has them. */
    String left(String program) {
        return "ip netns exec " + left + " " + program;
    }

    /** The same in the second one. */
    String right(String program) {
        return "ip netns exec " + right + " " + program;
    }

    /** The same where the TAP device is. */
    String middle(String program) {
        return "ip netns exec " + middle + " " + program;
    }

    @Override
    public void close() {
        for (String one : List.of(left, right, middle)) {
            try {
                new ProcessBuilder("ip", "netns", "del", one).redirectErrorStream(true).start().onExit().join();
            } catch (IOException e) {
                // there is no ip, so it was not made
            }
        }
    }
}
