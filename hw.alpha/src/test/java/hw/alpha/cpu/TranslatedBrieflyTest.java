package hw.alpha.cpu;

import hw.alpha.translator.Translator;
import org.junit.jupiter.api.BeforeEach;

/** Translated code as it is made for what is left soon: registers are stored whenever they change. */
class TranslatedBrieflyTest extends TranslatedConformanceTest {

    @BeforeEach
    void briefly() {
        TestMachine.mode = Translator.Mode.FORCED_BRIEF;
    }
}
