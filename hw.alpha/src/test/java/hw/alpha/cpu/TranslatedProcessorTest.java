package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.translator.Translator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same for translated code: traps, faults, attention and changing code. */
class TranslatedProcessorTest extends ProcessorTest {

    private Translator.Mode before;

    @BeforeEach
    void translate() {
        before = TestMachine.mode;
        TestMachine.mode = Translator.Mode.FORCED;
    }

    @AfterEach
    void back() {
        assertEquals(0, TestMachine.translator().statistics().failures(), "code that could not be translated");
        TestMachine.mode = before;
    }
}
