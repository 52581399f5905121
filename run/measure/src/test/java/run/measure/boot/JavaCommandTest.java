package run.measure.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {

    @Test
    void takesTheOptionsButNotTheCache() {
        JavaCommand java = JavaCommand.parse(
                List.of("/jdk/bin/java", "-XX:AOTCache=ours.aot", "-Xint", "-Da=b c", "-cp", "x.jar", "Main", "-cp"));
        assertEquals(List.of("/jdk/bin/java", "-XX:AOTCache=f", "-Xint", "-Da=b c", "-cp", "y.jar", "Other", "1"),
                java.with("-XX:AOTCache=f", "y.jar", "Other", "1"));
    }

    @Test
    void findsThisVirtualMachine() throws Exception {
        assertTrue(JavaCommand.of(ProcessHandle.current().pid()).program().endsWith("/java"));
    }
}
