package bundles.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kernel.core.dispatch.Binding;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Names;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code host}, {@code resolver}, {@code wget}. */
@Component(service = NameCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=host",
        "osgi.command.function=resolver", "osgi.command.function=wget"})
public final class NameCommands {

    private static final long PATIENCE = 10_000_000_000L;
    private static final Pattern PLACE = Pattern
            .compile("http://(\\[[^\\]/]+\\]|[^:/\\[]+)(?::([0-9]{1,5}))?(/.*)?");

    private final Network network;
    private final Names names;

    /** Made by Declarative Services. */
    @Activate
    public NameCommands(@Reference(target = Binding.STUB_ONLY) Network network, @Reference Names names) {
        this.network = network;
        this.names = names;
    }

    /** Shows a host's addresses. */
    @Descriptor("shows the addresses of a host")
    public void host(CommandSession session, @Descriptor("its name") String name) throws Failure {
        try {
            for (IpAddress one : names.addresses(name)) {
                session.getConsole().println(one);
            }
        } catch (IOException e) {
            throw new Failure("host: " + e.getMessage());
        }
    }

    /** Shows or sets who is asked for names. */
    @Descriptor("shows who is asked for names, or says who is asked first")
    public void resolver(CommandSession session, @Descriptor("addresses") String... addresses) throws Failure {
        try {
            if (addresses.length > 0) {
                names.resolvers(Arrays.stream(addresses).map(one -> Hosts.number(network, one)).toList());
            }
            names.resolvers().forEach(session.getConsole()::println);
        } catch (IllegalArgumentException e) {
            throw new Failure("resolver: " + e.getMessage());
        }
    }

    /** Fetches a page. */
    @Descriptor("fetches a page by HTTP and shows it as it comes")
    public void wget(CommandSession session, @Descriptor("http://HOST[:PORT]/PATH") String place) throws Failure {
        Matcher parts = PLACE.matcher(place);
        if (!parts.matches()) {
            throw new Failure("wget: \"" + place + "\" is not http://HOST[:PORT]/PATH");
        }
        int port = parts.group(2) == null ? 80 : Integer.parseInt(parts.group(2));
        String path = parts.group(3) == null ? "/" : parts.group(3);
        String host = parts.group(1);
        try (TcpConnection connection = connect(host.replaceAll("[\\[\\]]", ""), port)) {
            byte[] asked = ("GET " + path + " HTTP/1.0\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            connection.write(asked, 0, asked.length);
            connection.setReadTimeout(PATIENCE);
            show(connection, session.getConsole());
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("wget: " + e.getMessage());
        }
    }

    /** Connects to the first of a host's addresses that answers. */
    private TcpConnection connect(String host, int port) throws IOException {
        List<IpAddress> all = host.indexOf(':') >= 0 ? List.of(Hosts.number(network, host)) : names.addresses(host);
        IOException last = null;
        for (IpAddress one : all) {
            try {
                return network.connect(one, port, PATIENCE);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last == null ? new IOException("There is no address of " + host) : last;
    }

    /** Shows the body, or fails with the first line if the server does. */
    private static void show(TcpConnection connection, PrintStream out) throws IOException, Failure {
        StringBuilder head = new StringBuilder();
        byte[] bytes = new byte[8192];
        int end = -1;
        int count = 0;
        while (end < 0 && head.length() < 65536 && (count = connection.read(bytes, 0, bytes.length)) > 0) {
            head.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
            end = head.indexOf("\r\n\r\n");
        }
        if (end < 0) {
            throw new IOException("The answer is none of HTTP");
        }
        String first = head.substring(0, head.indexOf("\r\n"));
        if (!first.matches("HTTP/1\\.[01] 2[0-9][0-9].*")) {
            throw new Failure("wget: the server says: " + first);
        }
        byte[] rest = head.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        out.write(rest, 0, rest.length);
        while ((count = connection.read(bytes, 0, bytes.length)) > 0) {
            out.write(bytes, 0, count);
        }
        out.flush();
    }
}
