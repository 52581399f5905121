package run.measure.dispatch;

import java.util.ArrayList;
import java.util.List;

/** Reads what HotSpot says about inlining ({@code -XX:+PrintCompilation -XX:+PrintInlining}). */
final class Inlining {

    private Inlining() {}

    /**
     * What the second compiler inlined into a method when it last compiled it.
     *
     * @param text what the virtual machine wrote
     * @param method as {@code CLASS::METHOD}
     * @return a line for each call in it; empty if it was not compiled
     */
    static List<String> of(String text, String method) {
        List<String> latest = List.of();
        List<String> current = null;
        for (String line : text.lines().toList()) {
            String stripped = line.strip();
            if (!stripped.isEmpty() && Character.isDigit(stripped.charAt(0))) {
                // The first compiler, and code that is thrown away, are reported between a compilation and its details.
                if (stripped.matches("\\d+ +\\d+ .{0,8} 4 .*") && !line.contains("made not entrant")) {
                    current = line.contains(" " + method + " ") ? new ArrayList<>() : null;
                    latest = current == null ? latest : current;
                }
            } else if (current != null) {
                current.add(line);
            }
        }
        return latest;
    }
}
