package run.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code run/programs/cases.txt}, whose head describes the format.
 *
 * @param id its name
 * @param words program and arguments
 * @param input what standard input holds: {@code none}, {@code text:...} or {@code file:...}
 * @param environment {@code NAME=value} strings
 * @param notes words
 */
record Case(String id, List<String> words, String input, List<String> environment, List<String> notes) {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    static List<Case> readAll(Path file) throws IOException {
        List<Case> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] fields = line.split(" \\| ", 5);
                all.add(new Case(fields[0].strip(), split(fields[1]), fields[2].strip(),
                        fields[3].equals("-") ? List.of() : split(fields[3]), split(fields[4])));
            }
        }
        return all;
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        for (Matcher m = WORD.matcher(text); m.find();) {
            words.add(m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3));
        }
        return words;
    }

    /** The words with {@code @TMP} and {@code @DATA} replaced. */
    List<String> words(Path scratch, Path data) {
        return words.stream().map(word -> replace(word, scratch, data)).toList();
    }

    private static String replace(String word, Path scratch, Path data) {
        return word.replace("@TMP", scratch.toString()).replace("@DATA", data.toString());
    }

    byte[] inputBytes(Path data) throws IOException {
        if (input.startsWith("text:")) {
            return input.substring(5).replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
                    .getBytes(StandardCharsets.UTF_8);
        }
        return input.equals("none")
                ? new byte[0]
                : Files.readAllBytes(Path.of(replace(input.substring("file:".length()), data, data)));
    }
}
