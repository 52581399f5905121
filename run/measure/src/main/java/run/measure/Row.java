package run.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One measured figure beside its peers.
 *
 * @param name what was measured, unique in its benchmark
 * @param unit of all figures of the row, such as {@code s} or {@code ns}
 * @param better which direction is the better one
 * @param ours our figures, at least one
 * @param peers the others' figures by name; the first one is the one that {@link #ratio} compares with
 * @param target what ours must reach, or {@code null}
 */
public record Row(String name, String unit, Better better, Samples ours, Map<String, Samples> peers, Target target) {

    /** Checks that the target fits, and keeps the order of the peers. */
    public Row {
        if (ours.values().isEmpty()) {
            throw new IllegalArgumentException("Row \"" + name + "\" has no figure of ours");
        }
        peers = Collections.unmodifiableMap(new LinkedHashMap<>(peers));
        if (target != null) {
            target.check(name, unit, peers);
        }
    }

    /**
     * A row made of a turn of contenders.
     *
     * @param figures by contender; the one called {@code ours} is ours, the others are its peers
     */
    public static Row of(String name, String unit, Better better, Map<String, Samples> figures, String target) {
        Map<String, Samples> peers = new LinkedHashMap<>(figures);
        Samples ours = peers.remove(Rounds.OURS);
        if (ours == null) {
            throw new IllegalArgumentException("Row \"" + name + "\": none of " + figures.keySet() + " is ours");
        }
        return new Row(name, unit, better, ours, peers, target == null ? null : Target.parse(target));
    }

    /** How many times better ours is than the first peer, above 1 if it is better; {@code null} without a peer. */
    public Double ratio() {
        Double first = peers.isEmpty() ? null : peers.values().iterator().next().median();
        // a peer that took no measurable time cannot be compared with
        return first == null || first == 0 || ours.median() == 0 ? null : (Double) better.ratio(ours.median(), first);
    }

    /** Whether the target is reached; {@code null} if there is none or it cannot be judged here. */
    public Boolean met() {
        return target == null ? null : target.met(better, ours.median(), peers);
    }

    /** The row as it stands in the report. */
    Map<String, Object> json() {
        Map<String, Object> row = new LinkedHashMap<>();
        Map<String, Object> medians = new LinkedHashMap<>();
        Map<String, Object> samples = new LinkedHashMap<>();
        samples.put(Rounds.OURS, ours.values().stream().map(Samples::rounded).toList());
        peers.forEach((peer, figures) -> {
            medians.put(peer, Samples.rounded(figures.median()));
            samples.put(peer, figures.values().stream().map(Samples::rounded).toList());
        });
        row.put("name", name);
        row.put("unit", unit);
        row.put("ours", Samples.rounded(ours.median()));
        row.put("peers", medians);
        row.put("ratio", Samples.rounded(ratio()));
        row.put("better", better.toString());
        row.put("target", target == null ? null : target.toString());
        row.put("met", met());
        row.put("samples", samples);
        return row;
    }
}
