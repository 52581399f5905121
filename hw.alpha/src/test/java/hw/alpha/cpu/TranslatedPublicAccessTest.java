package hw.alpha.cpu;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Translated code where the virtual machine does not open its own access to memory. */
class TranslatedPublicAccessTest extends TranslatedConformanceTest {

    @BeforeEach
    void publicAccess() {
        TestMachine.internal = false;
    }

    @AfterEach
    void internalAccess() {
        TestMachine.internal = true;
    }
}
