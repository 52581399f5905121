package run.measure.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KernelChildTest {

    @Test
    void hasOnlyOptionsThatTheMachineHas() throws IOException {
        String script = Files.readString(Path.of("../spin"));
        for (String option : KernelChild.OPTIONS) {
            assertTrue(script.contains(option), "run/spin does not give Java the option " + option
                    + ": what is measured in a child would not be what people run");
        }
    }
}
