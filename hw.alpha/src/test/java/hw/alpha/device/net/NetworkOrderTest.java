package hw.alpha.device.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --net} says: addresses of both families, and what is refused with a word about what is wanted. */
class NetworkOrderTest {

    @Test
    void addressesOfBothFamiliesAreTaken() {
        NetworkOrder both = NetworkOrder
                .parse("wire:unix:/tmp/w,address=10.9.0.1/24+fd00::1/64+fd01::1/48,gateway=10.9.0.2+fd00::2");
        assertEquals("10.9.0.1/24 fd00::1/64 fd01::1/48", both.address());
        assertEquals("10.9.0.2 fd00::2", both.route());
        NetworkOrder six = NetworkOrder.parse("tap:spin0,address=fd00::1/64,gateway=fe80::1");
        assertEquals("fd00::1/64", six.address());
        assertEquals("fe80::1", six.route());
        NetworkOrder old = NetworkOrder.parse("tap:spin0:10.1.0.2/24:10.1.0.1");
        assertEquals("10.1.0.2/24", old.address());
        assertEquals("10.1.0.1", old.route());
        assertEquals("dhcp", NetworkOrder.parse("gateway,address=dhcp").address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"address=10.9.0.1", "address=fd00::1", "address=10.9.0.1/24+", "address=x/24",
            "address=dhcp+fd00::1/64",
            "gateway=x", "mac=1", "mtu=9", "speed=1", "address"})
    void whatIsWrongIsNamed(String option) {
        String what = assertThrows(IllegalArgumentException.class,
                () -> NetworkOrder.parse("wire:unix:/tmp/w," + option)).getMessage();
        assertTrue(what.contains(option.split("=")[0]), what);
    }
}
