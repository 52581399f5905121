package kernel.ext.net.forward;

import kernel.ext.net.api.IpAddress;

/**
 * Where something is sent on to.
 *
 * @param address of the machine
 * @param port there, 1 to 65535
 */
public record Target(IpAddress address, int port) {

    /** Reads {@code 10.0.0.2:80} or {@code [fd00::2]:80}. @throws IllegalArgumentException it is not like that */
    public static Target parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("\"" + text + "\" is no target: 10.0.0.2:80 is one");
        }
        return new Target(IpAddress.parse(text.substring(0, colon).replaceAll("[\\[\\]]", "")),
                Integer.parseInt(port));
    }

    @Override
    public String toString() {
        return address.isV4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
