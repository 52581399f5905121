package bundles.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints rows in columns as wide as their widest cell. Not thread-safe. */
final class Table {

    private final List<String[]> rows = new ArrayList<>();

    /** @param heads of the columns; those that begin with {@code >} are right-aligned */
    Table(String... heads) {
        rows.add(heads);
    }

    void row(Object... cells) {
        String[] texts = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            texts[i] = String.valueOf(cells[i]);
        }
        rows.add(texts);
    }

    void print(PrintStream out) {
        String[] heads = rows.getFirst();
        boolean[] right = new boolean[heads.length];
        int[] width = new int[heads.length];
        for (int c = 0; c < heads.length; c++) {
            right[c] = heads[c].startsWith(">");
            heads[c] = right[c] ? heads[c].substring(1) : heads[c];
            for (String[] row : rows) {
                width[c] = Math.max(width[c], row[c].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.length; c++) {
                String space = " ".repeat(width[c] - row[c].length());
                line.append(right[c] ? space + row[c] : row[c] + space).append(c + 1 < row.length ? "  " : "");
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
