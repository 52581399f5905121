package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import kernel.core.machine.CodeTranslation.Statistics;
import org.junit.jupiter.api.Test;

class TranslationCommandsTest {

    private final FakeSession session = new FakeSession();

    @Test
    void saysWhatWasDoneAndWhatItCost() {
        new TranslationCommands(() -> new Statistics(12, 34_567, 89_000_000, 1_234_000_000, 56_789, 0))
                .translations(session.session());
        assertEquals("""
                regions          12
                bytes            34567
                translating      89 ms
                host's compiler  1234 ms, for everything
                hits             56789
                failures         0
                """, session.printed());
    }

    @Test
    void aCompilerThatTellsNothingIsUnknown() {
        new TranslationCommands(() -> new Statistics(0, 0, 0, -1, 0, 0)).translations(session.session());
        assertEquals(1, session.printed().lines().filter(line -> line.endsWith("unknown")).count());
    }
}
