package kernel.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import kernel.core.memory.Access;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.Test;

class BootTest {

    @Test
    void aBootDoesNotChange() {
        List<String> words = new ArrayList<>(List.of("prog"));
        Boot boot = new Boot(Boot.Mode.EXEC, words, words, "/", "/", 0);
        words.add("more");
        assertEquals(List.of("prog"), boot.arguments());
        assertEquals(List.of("prog"), boot.environment());
    }

    @Test
    void eachAccessHasItsProtectionBit() {
        assertEquals(TranslationContext.READ, Access.READ.protection());
        assertEquals(TranslationContext.WRITE, Access.WRITE.protection());
        assertEquals(TranslationContext.EXECUTE, Access.EXECUTE.protection());
    }
}
