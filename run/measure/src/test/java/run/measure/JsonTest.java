package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void escapesWhatAStringMustNotHold() {
        assertEquals("\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\\u007f/\"\n", Json.text("a\"b\\c\n\r\t\0\u001f\u007f/"));
    }

    @Test
    void keepsOtherCharactersAsTheyAre() {
        assertEquals("\"\u00b5s \u20ac \ud83d\ude00\"\n", Json.text("\u00b5s \u20ac \ud83d\ude00"));
    }

    @Test
    void escapesHalvesOfSurrogatePairs() {
        assertEquals("\"\\ud83dx\\ude00\\ud83d\"\n", Json.text("\ud83dx\ude00\ud83d"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesNumbersThatAreNone(double number) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Json.text(Map.of("rows", List.of(number))));
        assertTrue(e.getMessage().contains(Double.toString(number)), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1.5,1.5", "2,2", "-0.001,-0.001", "1e-9,1.0E-9", "1e300,1.0E300"})
    void writesNumbers(double number, String text) {
        assertEquals(text + "\n", Json.text(number));
    }

    @Test
    void writesNullForMissing() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("ratio", null);
        row.put("met", false);
        row.put("samples", Arrays.asList(1, null, 3L));
        assertEquals("""
                {
                  "ratio": null,
                  "met": false,
                  "samples": [1, null, 3]
                }
                """, Json.text(row));
    }

    @Test
    void indentsWhatIsNested() {
        assertEquals("""
                {
                  "rows": [
                    {
                      "name": "a"
                    },
                    {}
                  ],
                  "none": []
                }
                """, Json.text(ordered("rows", List.of(Map.of("name", "a"), Map.of()), "none", List.of())));
    }

    @Test
    void refusesOtherTypesAndKeys() {
        assertThrows(IllegalArgumentException.class, () -> Json.text(new Object()));
        assertThrows(IllegalArgumentException.class, () -> Json.text(Map.of(1, "one")));
    }

    private static Map<String, Object> ordered(String a, Object first, String b, Object second) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(a, first);
        map.put(b, second);
        return map;
    }
}
