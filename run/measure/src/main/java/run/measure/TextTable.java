package run.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table of text: the first column to the left, the others to the right. */
final class TextTable {

    private final List<List<String>> lines = new ArrayList<>();

    /** @param heads the columns' names */
    TextTable(List<String> heads) {
        lines.add(List.copyOf(heads));
    }

    /** Adds a line of as many cells as there are columns. */
    TextTable add(List<String> cells) {
        if (cells.size() != lines.getFirst().size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + lines.getFirst().size() + " columns");
        }
        lines.add(List.copyOf(cells));
        return this;
    }

    /** For a terminal. */
    String text() {
        List<Integer> widths = widths(lines);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            out.append(line(lines.get(i), widths, "  ").stripTrailing()).append('\n');
            if (i == 0) {
                out.append(widths.stream().map("-"::repeat).collect(Collectors.joining("  "))).append('\n');
            }
        }
        return out.toString();
    }

    /** For a Markdown file. */
    String markdown() {
        List<List<String>> escaped = lines.stream()
                .map(line -> line.stream().map(cell -> cell.replace("|", "\\|")).toList()).toList();
        List<Integer> widths = widths(escaped);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < escaped.size(); i++) {
            out.append("| ").append(line(escaped.get(i), widths, " | ")).append(" |\n");
            if (i == 0) {
                out.append('|');
                for (int c = 0; c < widths.size(); c++) {
                    out.append(c == 0 ? ":" : "-").append("-".repeat(widths.get(c))).append(c == 0 ? "-|" : ":|");
                }
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static List<Integer> widths(List<List<String>> lines) {
        List<Integer> widths = new ArrayList<>();
        for (int c = 0; c < lines.getFirst().size(); c++) {
            int column = c;
            widths.add(lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0));
        }
        return widths;
    }

    private static String line(List<String> cells, List<Integer> widths, String between) {
        List<String> padded = new ArrayList<>();
        for (int c = 0; c < cells.size(); c++) {
            String space = " ".repeat(Math.max(0, widths.get(c) - cells.get(c).length()));
            padded.add(c == 0 ? cells.get(c) + space : space + cells.get(c));
        }
        return String.join(between, padded);
    }
}
