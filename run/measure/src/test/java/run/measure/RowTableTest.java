package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTableTest {

    private static Row row(String name, double ours, Map<String, Samples> peers, String target) {
        Map<String, Samples> figures = new LinkedHashMap<>(peers);
        figures.put("ours", Samples.known(ours));
        return Row.of(name, "s", Better.LOWER, figures, target);
    }

    @Test
    void alignsColumnsAndSaysWhatIsMissed() {
        List<Row> rows = List.of(row("boot to prompt", 0.8, Map.of("felix", Samples.known(0.4)), "<= 1.5 s"),
                row("hello", 1234.5, Map.of("qemu", Samples.known(246.9)), "<= 0.5 s"),
                row("alone", 2, Map.of("qemu", Samples.none()), ">= 1 x qemu"), row("bare", 3, Map.of(), null));
        assertEquals("""
                                unit   ours  felix  qemu    ratio       target      met
                --------------  ----  -----  -----  ----  -------  -----------  -------
                boot to prompt     s  0.800  0.400     -  0.500 x     <= 1.5 s      met
                hello              s  1,235      -   247  0.200 x     <= 0.5 s   MISSED
                alone              s   2.00      -     -        -  >= 1 x qemu  no peer
                bare               s   3.00      -     -        -            -        -
                """, RowTable.of(rows).text());
    }

    @Test
    void writesMarkdown() {
        String page = new TextTable(List.of("a", "b")).add(List.of("x|y", "1")).add(List.of("z", "22")).markdown();
        assertEquals("""
                | a    |  b |
                |:-----|---:|
                | x\\|y |  1 |
                | z    | 22 |
                """, page);
    }

    @Test
    void refusesLinesOfAnotherLength() {
        TextTable table = new TextTable(List.of("a", "b"));
        assertThrows(IllegalArgumentException.class, () -> table.add(List.of("x")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"0;0", "0.00012345;0.000123", "1.2345;1.23", "99.96;100.0",
            "1234567.8;1,234,568",
            "-5.5;-5.50"})
    void showsThreeDigits(double value, String text) {
        assertEquals(text, RowTable.figure(value));
    }

    @Test
    void fitsAHundredColumns() {
        Map<String, Samples> peers = new LinkedHashMap<>();
        peers.put("linux", Samples.known(123456));
        peers.put("qemu", Samples.known(123456));
        peers.put("spin1996", Samples.known(123456));
        String text = RowTable.of(List.of(row("twenty-four letters here", 123456, peers, ">= 1.25 x linux"))).text();
        assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
    }
}
