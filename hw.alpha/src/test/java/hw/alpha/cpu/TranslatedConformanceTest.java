package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.translator.Translator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same for translated code: each instruction. */
class TranslatedConformanceTest extends ConformanceTest {

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
