package hw.alpha.cpu;

import hw.alpha.translator.Translator;
import org.junit.jupiter.api.BeforeEach;

/** Translated code as it is made first: all registers stay in the register file. */
class TranslatedQuicklyTest extends TranslatedConformanceTest {

    @BeforeEach
    void quickly() {
        TestMachine.mode = Translator.Mode.FORCED_QUICK;
    }
}
