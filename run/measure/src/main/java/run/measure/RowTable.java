package run.measure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rows as a table for people: figures, ratio, target, and whether it is reached. */
final class RowTable {

    private static final String NOTHING = "-";

    private RowTable() {}

    static TextTable of(List<Row> rows) {
        Set<String> peers = new LinkedHashSet<>();
        rows.forEach(row -> peers.addAll(row.peers().keySet()));
        List<String> heads = new ArrayList<>(List.of("", "unit", Rounds.OURS));
        heads.addAll(peers);
        heads.addAll(List.of("ratio", "target", "met"));
        TextTable table = new TextTable(heads);
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.name(), row.unit(), figure(row.ours().median())));
            for (String peer : peers) {
                Samples samples = row.peers().get(peer);
                cells.add(figure(samples == null ? null : samples.median()));
            }
            Double ratio = row.ratio();
            cells.add(ratio == null ? NOTHING : figure(ratio) + " x");
            cells.add(row.target() == null ? NOTHING : row.target().toString());
            cells.add(verdict(row));
            table.add(cells);
        }
        return table;
    }

    private static String verdict(Row row) {
        if (row.target() == null) {
            return NOTHING;
        }
        Boolean met = row.met();
        return met == null ? "no peer" : met ? "met" : "MISSED";
    }

    /** Three significant digits, without exponent, in whatever size. */
    static String figure(Double value) {
        if (value == null) {
            return NOTHING;
        }
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        int before = (int) Math.floor(Math.log10(size)) + 1;
        return String.format(Locale.ROOT, "%,." + Math.clamp(3 - before, 0, 9) + "f", value);
    }
}
