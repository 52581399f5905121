package kernel.ext.vm.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Areas that do not overlap, sorted by address; neighbours that can be one are one. All addresses are multiples of the page
 * size. Not thread-safe: the address space's lock guards it.
 */
final class Areas {

    private final TreeMap<Long, Area> byStart = new TreeMap<>();

    /** The area that an address belongs to, or null. */
    Area at(long address) {
        Map.Entry<Long, Area> entry = byStart.floorEntry(address);
        return entry != null && address < entry.getValue().end() ? entry.getValue() : null;
    }

    /** Adds an area; what was there is removed. */
    void add(Area area) {
        remove(area.start(), area.end());
        put(area);
        join(area.start());
        join(area.end());
    }

    /** Removes what lies between two addresses, splitting what lies across them. */
    void remove(long start, long end) {
        split(start);
        split(end);
        byStart.subMap(start, end).clear();
    }

    /** Removes what lies between two addresses and answers it, in pieces that lie between them. */
    List<Area> cut(long start, long end) {
        split(start);
        split(end);
        List<Area> between = List.copyOf(byStart.subMap(start, end).values());
        byStart.subMap(start, end).clear();
        return between;
    }

    /** Changes the protection of what lies between two addresses. */
    void protect(long start, long end, int protection) {
        Area one = at(start);
        if (one == null || one.end() < end || one.protection() != protection) {
            change(start, end, area -> area.with(protection));
        }
    }

    /** Changes whether the pages of what lies between two addresses stay in memory. */
    void pin(long start, long end, boolean pinned) {
        change(start, end, area -> area.with(pinned));
    }

    private void change(long start, long end, UnaryOperator<Area> how) {
        split(start);
        split(end);
        byStart.subMap(start, end).replaceAll((at, area) -> how.apply(area));
        for (Long boundary : new ArrayList<>(byStart.subMap(start, end).keySet())) {
            join(boundary);
        }
        join(end);
    }

    /** Whether every address between two belongs to an area. */
    boolean covers(long start, long end) {
        long at = start;
        while (at < end) {
            Area area = at(at);
            if (area == null) {
                return false;
            }
            at = area.end();
        }
        return true;
    }

    /** The lowest address, from {@code from} up, with {@code length} free bytes below {@code limit}; -1 if none. */
    long gap(long from, long length, long limit) {
        long at = from;
        Area before = at(from);
        if (before != null) {
            at = before.end();
        }
        for (Area next : byStart.tailMap(at).values()) {
            if (next.start() - at >= length) {
                return at;
            }
            at = next.end();
        }
        return limit - at >= length ? at : -1;
    }

    /** All, by address. */
    List<Area> all() {
        return List.copyOf(byStart.values());
    }

    void clear() {
        byStart.clear();
    }

    private void put(Area area) {
        byStart.put(area.start(), area);
    }

    private void split(long address) {
        Area area = at(address);
        if (area != null && area.start() < address) {
            put(area.until(address));
            put(area.from(address));
        }
    }

    /** Makes the areas on both sides of an address one, if they can be. */
    private void join(long address) {
        Area after = byStart.get(address);
        Map.Entry<Long, Area> before = byStart.lowerEntry(address);
        if (after != null && before != null && before.getValue().continues(after)) {
            byStart.remove(address);
            put(before.getValue().until(after.end()));
        }
    }
}
