package run.measure;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON (RFC 8259) from maps, lists, strings, finite numbers, booleans and {@code null}, indented for people.
 * Anything else is refused: a report that cannot be read back is worse than none.
 */
public final class Json {

    private static final String STEP = "  ";

    private Json() {}

    /**
     * The text of a value, with a line break at its end.
     *
     * @throws IllegalArgumentException the value, or one inside it, has no form in JSON; the message names it
     */
    public static String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, "");
        return out.append('\n').toString();
    }

    private static void write(StringBuilder out, Object value, String indent) {
        switch (value) {
            case null -> out.append("null");
            case String text -> quote(out, text);
            case Boolean truth -> out.append(truth.booleanValue());
            case Double number -> out.append(finite(number));
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case Map<?, ?> map -> object(out, map, indent);
            case List<?> list -> array(out, list, indent);
            default -> throw new IllegalArgumentException(
                    "JSON has no form for a " + value.getClass().getName() + ": " + value);
        }
    }

    private static String finite(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(
                    "JSON has no form for the number " + number + "; write null for missing");
        }
        // whole numbers without a fraction, as a reader expects a count to look
        return number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static void object(StringBuilder out, Map<?, ?> map, String indent) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        String inner = indent + STEP;
        out.append("{\n");
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext();) {
            Map.Entry<?, ?> entry = i.next();
            if (!(entry.getKey() instanceof String key)) {
                throw new IllegalArgumentException("A key in JSON is a string, not " + entry.getKey());
            }
            out.append(inner);
            quote(out, key);
            out.append(": ");
            write(out, entry.getValue(), inner);
            out.append(i.hasNext() ? ",\n" : "\n");
        }
        out.append(indent).append('}');
    }

    private static void array(StringBuilder out, List<?> list, String indent) {
        boolean flat = list.stream().allMatch(item -> item == null || item instanceof Number);
        String inner = indent + STEP;
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : ",").append(flat ? i == 0 ? "" : " " : "\n" + inner);
            write(out, list.get(i), inner);
        }
        out.append(flat ? "]" : "\n" + indent + "]");
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    // halves of a surrogate pair that stand alone could not be encoded in UTF-8
                    if (c < ' ' || c == 0x7f || alone(text, i)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean alone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
