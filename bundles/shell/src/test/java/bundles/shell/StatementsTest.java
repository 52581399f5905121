package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.felix.gogo.runtime.Parser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link Statements}: where a line is divided, and where not. */
class StatementsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '#', value = {"lb#lb", "lb;ps#lb,ps", "a | b; c#a | b,c", "a && b || c; d#a && b || c,d",
            "exec x & ps#exec x &,ps", "a;#a", "a &#a &", "x = { a; b }; c#x = { a; b },c",
            "echo 'a;b' ; c#echo 'a;b',c"})
    void partsAreWhatStandsBetweenSemicolons(String line, String parts) {
        assertEquals(List.of(parts.split(",")), parts(line));
    }

    @ParameterizedTest
    @CsvSource({"'a\nb', 2", "'', 0"})
    void endsOfLinesDivideToo(String line, int count) {
        assertEquals(count, parts(line.replace("\\n", "\n")).size());
    }

    private static List<String> parts(String line) {
        return Statements.of(new Parser(line).program()).stream().map(part -> part.toString().strip()).toList();
    }
}
