package run.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our stack and Linux's with {@code tc netem} between them: every byte arrives, in both directions, over IPv4 and IPv6. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NetemIT {

    private static LinuxPeer linux;
    private static Netem netem;

    @BeforeAll
    static void begin() throws Exception {
        LinuxTalk.theHostCan();
        String missing = Netem.missing();
        Assumptions.assumeTrue(missing == null, missing);
        linux = new LinuxPeer();
        netem = new Netem(linux);
        netem.does("");
        linux.settled();
    }

    @AfterAll
    static void end() throws Exception {
        if (netem != null) {
            netem.close();
        }
        if (linux != null) {
            linux.close();
        }
    }

    @Test
    @Order(1)
    void aWireThatDoesNothingLosesNothing() throws Exception {
        // Two bridges and a machine in a machine have just come up: the first answer is waited for.
        linux.in("ping", "-c", "1", "-w", "60", "10.77.0.2");
        String said = linux.in("ping", "-c", "5", "-i", "0.2", "10.77.0.2");
        assertTrue(said.contains("5 received"), said);
        LinuxTalk.transfer(linux, false, 1 << 20);
        LinuxTalk.transfer(linux, true, 1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"loss 1%|false", "loss 5%|true", "loss 10%|false", "loss 10% 25%|true", "delay 20ms 5ms|false",
                    "delay 5ms reorder 25% 50%|true", "delay 5ms reorder 25% 50%|false", "duplicate 10%|false",
                    "corrupt 2%|false", "corrupt 2%|true", "rate 20mbit|false",
                    "delay 5ms 2ms loss 2% duplicate 2% corrupt 1%|false",
                    "delay 5ms 2ms loss 2% duplicate 2% corrupt 1%|true"})
    @Order(2)
    void everyByteArrives(String faults, boolean six) throws Exception {
        netem.does(faults);
        LinuxTalk.transfer(linux, six, 1 << 20);
        if (faults.contains("loss")) {
            String said = netem.statistics();
            Matcher lost = Pattern.compile("qdisc netem.*\\R.*dropped ([0-9]+)").matcher(said);
            assertTrue(lost.find() && Integer.parseInt(lost.group(1)) > 0, said);
            assertTrue(lost.find() && Integer.parseInt(lost.group(1)) > 0, said);
        }
    }

    /** Of all that we sent meanwhile. */
    @Test
    @Order(3)
    void tsharkFindsNothingWrong() throws Exception {
        LinuxTalk.wellFormed(linux, true);
    }
}
