package bundles.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.Names;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.header.Ethernet;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ifconfig}, {@code route}, {@code netstat}, {@code arp}, {@code ping}, {@code traceroute}. */
@Component(service = NetworkCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=ifconfig",
        "osgi.command.function=route", "osgi.command.function=netstat", "osgi.command.function=arp",
        "osgi.command.function=ping", "osgi.command.function=traceroute"})
public final class NetworkCommands {

    private static final long SECOND = 1_000_000_000L;
    private static final int HOPS = 30;
    private static final int TRIES = 3;

    private final Network network;
    private final Names names;
    private final Clock clock;
    /** The adapters that interfaces belong to, for what they say of their wires. */
    @Reference
    private volatile List<NetworkAdapter> adapters;
    /** Interfaces that are no Ethernet. */
    @Reference
    private volatile List<IpLink> links;

    /** Made by Declarative Services. */
    @Activate
    public NetworkCommands(@Reference(target = Binding.STUB_ONLY) Network network, @Reference Names names,
            @Reference Clock clock) {
        this.network = network;
        this.names = names;
        this.clock = clock;
    }

    /** Shows interfaces. */
    @Descriptor("shows the network's interfaces")
    public void ifconfig(CommandSession session) {
        Table table = new Table("NAME", "ADDRESS", "HARDWARE", ">MTU", ">RECEIVED", ">BYTES", ">SENT", ">BYTES",
                ">DROPPED", "");
        for (Network.Interface one : network.interfaces()) {
            table.row(one.name(),
                    one.address() == null ? lost(one.name()) : one.address() + "/" + one.prefix() + asked(one.name()),
                    one.hardware() == 0 ? "" : Ethernet.text(one.hardware()), one.mtu(), one.received(),
                    one.receivedBytes(), one.sent(), one.sentBytes(), one.dropped(), one.up() ? wire(one) : "gone");
        }
        table.print(session.getConsole());
        Table more = new Table("NAME", "ADDRESS OF IPV6", "STATE", "");
        List<Network.Address> addresses = network.addresses().stream().filter(one -> !one.address().isV4()).toList();
        for (Network.Address one : addresses) {
            more.row(one.by(), one.address() + "/" + one.prefix(), one.state(),
                    one.advertised() ? "a router told of it" : "");
        }
        if (!addresses.isEmpty()) {
            session.getConsole().println();
            more.print(session.getConsole());
        }
    }

    /** The address that an interface has given up since somebody else has it. */
    private String lost(String name) {
        return network.addresses().stream()
                .filter(one -> one.by().equals(name) && one.address().isV4() && one.state().equals("duplicate"))
                .map(one -> one.address() + " duplicate").findFirst().orElse("");
    }

    /** Whether an interface's address is asked for before it is used. */
    private String asked(String name) {
        return network.addresses().stream().anyMatch(
                one -> one.by().equals(name) && one.address().isV4() && one.state().equals("tentative"))
                        ? " tentative"
                        : "";
    }

    private String wire(Network.Interface one) {
        for (IpLink link : links) {
            if (link.name().equals(one.name())) {
                return link.details();
            }
        }
        return adapters.stream().filter(adapter -> adapter.name().equals(one.name())).map(NetworkAdapter::details)
                .findFirst().orElse("");
    }

    /** Gives an interface its address. */
    @Descriptor("gives an interface its address")
    public void ifconfig(CommandSession session, @Descriptor("the interface, such as eth0") String name,
            @Descriptor("address and prefix, such as 10.1.0.2/24 or fd00::2/64") String address) throws Failure {
        try {
            String[] parts = parts(address);
            network.configure(name, IpAddress.parse(parts[0]), Integer.parseInt(parts[1]));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("ifconfig: " + e.getMessage());
        }
    }

    /** Takes an address of IPv6 from an interface. */
    @Descriptor("takes an address of IPv6 from an interface")
    public void ifconfig(CommandSession session, @Descriptor("the interface, such as eth0") String name,
            @Descriptor("del") String what, @Descriptor("the address") String address) throws Failure {
        if (!what.equals("del")) {
            throw new Failure("ifconfig INTERFACE ADDRESS/PREFIX, or ifconfig INTERFACE del ADDRESS");
        }
        try {
            network.unconfigure(name, Hosts.number(network, address.split("/")[0]));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("ifconfig: " + e.getMessage());
        }
    }

    private static String[] parts(String text) throws Failure {
        String[] parts = text.split("/");
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,3}") || Integer.parseInt(parts[1]) > 128) {
            throw new Failure("\"" + text + "\" is no address with a prefix: 10.1.0.2/24 is one, and fd00::2/64");
        }
        return parts;
    }

    /** A network as people name it; {@code default} is that of a gateway's family. */
    private static String[] network(String text, IpAddress gateway) throws Failure {
        if (text.equals("default") || text.equals("default6")) {
            boolean six = text.equals("default6") || gateway != null && !gateway.isV4();
            return new String[]{six ? "::" : "0.0.0.0", "0"};
        }
        return parts(text);
    }

    /** Shows routes. */
    @Descriptor("shows routes, in the order in which they are tried")
    public void route(CommandSession session) {
        Table table = new Table("NETWORK", "GATEWAY", "INTERFACE");
        for (Network.Route one : network.routes()) {
            table.row(one.prefix() > 0
                    ? one.network() + "/" + one.prefix()
                    : one.network().isV4() ? "default" : "default6",
                    one.gateway() == null ? "" : one.gateway(), one.by());
        }
        table.print(session.getConsole());
    }

    /** Sets or takes away a route. */
    @Descriptor("route add NETWORK/PREFIX|default GATEWAY; route del NETWORK/PREFIX|default|default6; route forward on|off")
    public void route(CommandSession session, @Descriptor("add, del or forward") String what, String... words)
            throws Failure {
        try {
            if (what.equals("add") && words.length == 2) {
                IpAddress gateway = Hosts.number(network, words[1]);
                String[] parts = network(words[0], gateway);
                network.addRoute(IpAddress.parse(parts[0]), Integer.parseInt(parts[1]), gateway);
            } else if (what.equals("del") && words.length == 1) {
                String[] parts = network(words[0], null);
                network.removeRoute(IpAddress.parse(parts[0]), Integer.parseInt(parts[1]));
            } else if (what.equals("forward") && words.length == 1 && List.of("on", "off").contains(words[0])) {
                network.forward(words[0].equals("on"));
            } else {
                throw new Failure(
                        "route add NETWORK/PREFIX GATEWAY, route del NETWORK/PREFIX, or route forward on|off");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("route: " + e.getMessage());
        }
    }

    /** Shows endpoints. */
    @Descriptor("shows ports and connections; -s: what was counted; -b: which bundle holds how much")
    public void netstat(CommandSession session,
            @Parameter(names = {"-s", "--statistics"}, presentValue = "true",
                    absentValue = "false") boolean statistics,
            @Parameter(names = {"-b", "--bundles"}, presentValue = "true", absentValue = "false") boolean bundles) {
        PrintStream out = session.getConsole();
        if (bundles) {
            Table table = new Table("BUNDLE", ">PORTS", ">CONNECTIONS", ">KB", ">OF");
            for (Network.Holder one : network.holders()) {
                table.row(one.name(), one.ports(), one.connections(), one.bytes() / 1024, one.most() / 1024);
            }
            table.print(out);
            return;
        }
        if (statistics) {
            Table table = new Table("COUNTER", ">VALUE");
            for (Map.Entry<String, Long> one : network.counters().entrySet()) {
                table.row(one.getKey(), one.getValue());
            }
            table.print(out);
            return;
        }
        Table table = new Table("PROTOCOL", "LOCAL", "REMOTE", "STATE", ">IN", ">OUT", "");
        for (Network.Endpoint one : network.endpoints()) {
            table.row(one.protocol(), end(one.local(), one.localPort()),
                    one.remote() == null ? "" : end(one.remote(), one.remotePort()), one.state(), one.waitingIn(),
                    one.waitingOut(), one.details());
        }
        table.print(out);
    }

    private static String end(IpAddress address, int port) {
        String text = address.isAny() ? "*" : address.toString();
        return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + port;
    }

    /** Shows neighbours. */
    @Descriptor("shows neighbours of both families and their hardware addresses")
    public void arp(CommandSession session) {
        Table table = new Table("ADDRESS", "HARDWARE", "INTERFACE", "STATE", ">SECONDS");
        for (Network.Neighbour one : network.neighbours()) {
            table.row(one.address(), one.hardware() >= 0 ? Ethernet.text(one.hardware()) : "", one.by(), one.state(),
                    one.age() >= 0 ? one.age() / SECOND : "");
        }
        table.print(session.getConsole());
    }

    /** Sends echoes. */
    @Descriptor("sends echoes and shows what comes of them")
    public void ping(CommandSession session,
            @Parameter(names = {"-c", "--count"}, absentValue = "3") @Descriptor("how many") int count,
            @Parameter(names = {"-s", "--size"}, absentValue = "56") @Descriptor("bytes of data") int size,
            @Descriptor("an address or a name") String address) throws Failure, InterruptedException {
        if (count < 1 || size < 0 || size > 65000) {
            throw new Failure("ping: -c wants 1 or more, -s 0 to 65000");
        }
        PrintStream out = session.getConsole();
        int answered = 0;
        for (int i = 1; i <= count; i++) {
            Network.Answer answer = echo(address, 64, size);
            out.println(answer == null
                    ? i + ": no answer"
                    : i + ": " + answer.what() + " from " + answer.from() + " after " + time(answer));
            answered += answer != null && answer.what().equals("reply") ? 1 : 0;
            if (i < count) {
                clock.sleep(SECOND / 5);
            }
        }
        out.println(count + " sent, " + answered + " answered");
        if (answered == 0) {
            throw new Failure(address + " does not answer");
        }
    }

    private Network.Answer echo(String address, int ttl, int size) throws Failure {
        try {
            return network.ping(Hosts.find(network, names, address), ttl, size, SECOND);
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(e.getMessage());
        }
    }

    private static String time(Network.Answer answer) {
        return "%.3f ms".formatted(answer.nanoseconds() / 1e6);
    }

    /** Shows the way. */
    @Descriptor("shows the hosts on the way to an address")
    public void traceroute(CommandSession session, @Descriptor("an address or a name") String address) throws Failure {
        PrintStream out = session.getConsole();
        for (int ttl = 1; ttl <= HOPS; ttl++) {
            Network.Answer answer = null;
            for (int i = 0; i < TRIES && answer == null; i++) {
                answer = echo(address, ttl, 32);
            }
            out.println(answer == null
                    ? "%2d  no answer".formatted(ttl)
                    : "%2d  %s  %s".formatted(ttl, answer.from(), time(answer)));
            if (answer != null && !answer.what().equals("time exceeded")) {
                if (!answer.what().equals("reply")) {
                    throw new Failure(answer.what() + ", says " + answer.from());
                }
                return;
            }
        }
        throw new Failure(address + " was not reached in " + HOPS + " hops");
    }
}
