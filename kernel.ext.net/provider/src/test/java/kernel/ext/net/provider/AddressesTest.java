package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import kernel.ext.net.api.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as text (RFC 4291 section 2.2, RFC 5952), and as numbers of networks. */
class AddressesTest {

    @ParameterizedTest
    @CsvSource({"::, ::", "::1, ::1", "1::, 1::", "2001:DB8:0:0:8:800:200C:417A, 2001:db8::8:800:200c:417a",
            "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
            "::ffff:10.0.2.15, 10.0.2.15", "64:ff9b::10.0.0.1, 64:ff9b::a00:1", "fe80::1%2, fe80::1%2",
            "ff02::1:ff00:1%3, ff02::1:ff00:1%3", "10.0.2.15, 10.0.2.15", "0:0:0:0:0:0:0:0, ::",
            "1:0:0:4:0:0:0:8, 1:0:0:4::8"})
    void addressesAreReadAndWritten(String text, String shown) {
        IpAddress address = IpAddress.parse(text);
        assertEquals(shown, address.toString());
        assertEquals(address, IpAddress.parse(shown));
        assertEquals(address.scoped(0), IpAddress.of(address.bytes(), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "1::2::3", "12345::", "g::", "::1%2", "fe80::1%", "fe80::1%x", "fe80::1%1%2", "1:2:3:4:5:6:7:1.2.3.4",
            "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7::8"})
    void whatIsNoneIsSaidToBeNone(String text) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> IpAddress.parse(text)).getMessage()
                .contains("is no IPv"));
    }

    @Test
    void anyAddressSurvivesBeingWritten() {
        Random r = new Random(5);
        for (int i = 0; i < 5000; i++) {
            long high = r.nextLong() & (r.nextInt(3) == 0 ? 0xFFFF_0000_FFFF_0000L : -1L);
            long low = r.nextInt(3) == 0 ? r.nextInt(3) : r.nextLong();
            IpAddress one = new IpAddress(IpAddress.wire(high), low);
            assertEquals(one, IpAddress.parse(one.toString()), one::toString);
            assertEquals(one, IpAddress.of(one.bytes(), 0));
        }
    }

    @Test
    void theLongestPrefixWins() {
        Stack stack = new Simulation(1).add(1500, 1 << 16);
        Link link = stack.links().get(1);
        for (String route : new String[]{"::/0", "2001:db8::/32", "2001:db8:1::/48", "2001:db8:1::1/128", "0.0.0.0/0",
                "10.9.0.0/16"}) {
            String[] parts = route.split("/");
            int prefix = Integer.parseInt(parts[1]);
            stack.routes.add(new Routes.Route(Routes.network(IpAddress.parse(parts[0]), prefix), prefix, null, link,
                    false));
        }
        for (String[] each : new String[][]{{"2001:db8:1::1", "2001:db8:1::1/128"},
                {"2001:db8:1::2", "2001:db8:1::/48"},
                {"2001:db8:2::2", "2001:db8::/32"}, {"2002::", "::/0"}, {"10.9.1.1", "10.9.0.0/16"},
                {"10.8.1.1", "0.0.0.0/0"}}) {
            IpAddress to = IpAddress.parse(each[0]);
            Routes.Route route = stack.routes.find(to.high(), to.low());
            assertEquals(each[1], route.network() + "/" + route.prefix());
        }
    }
}
