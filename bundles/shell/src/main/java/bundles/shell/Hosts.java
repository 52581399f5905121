package bundles.shell;

import java.io.IOException;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Names;
import kernel.ext.net.api.Network;

/** How people name hosts. */
final class Hosts {

    private Hosts() {}

    /** An address as a number or a name. @throws IOException it is not found; the message says why */
    static IpAddress find(Network network, Names names, String text) throws IOException {
        return text.indexOf(':') >= 0 || text.matches("[0-9.]+")
                ? number(network, text)
                : names.addresses(text).getFirst();
    }

    /**
     * An address as a number, that of a link perhaps with the link's name: {@code fe80::1%eth0}.
     *
     * @throws IllegalArgumentException it is none; the message says so
     */
    static IpAddress number(Network network, String text) {
        int percent = text.indexOf('%');
        if (percent < 0) {
            return IpAddress.parse(text);
        }
        String link = text.substring(percent + 1);
        int index = network.interfaces().stream().map(Network.Interface::name).toList().indexOf(link);
        return IpAddress.parse(index < 0 ? text : text.substring(0, percent) + "%" + (index + 1));
    }
}
