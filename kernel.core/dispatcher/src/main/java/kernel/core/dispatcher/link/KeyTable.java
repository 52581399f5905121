package kernel.core.dispatcher.link;

import java.util.HashMap;
import java.util.Map;

/**
 * From the values of a key to plans. Immutable; public for generated code. Integers are found by open addressing in a
 * table at most half full, everything else by a {@link HashMap}.
 */
public final class KeyTable {

    private final Object otherwise;
    private final long[] keys;
    private final Object[] plans;
    private final int shift;
    /** At least as many as there are values. */
    private final int count;
    private final Map<Object, Object> objects;

    /**
     * @param plans by value; all values {@link Long}, or none
     * @param otherwise for values that are not there
     */
    public KeyTable(Map<Object, Object> plans, Object otherwise) {
        this.otherwise = otherwise;
        boolean integers = !plans.isEmpty() && plans.keySet().iterator().next() instanceof Long;
        int bits = 1;
        while (integers && 1 << bits < 2 * plans.size()) {
            bits++;
        }
        shift = 64 - bits;
        count = plans.size();
        keys = new long[1 << bits];
        this.plans = new Object[1 << bits];
        if (integers) {
            plans.forEach((key, plan) -> put((Long) key, plan));
        }
        objects = integers ? Map.of() : new HashMap<>(plans);
    }

    private KeyTable(KeyTable other, Object key, Object plan) {
        otherwise = other.otherwise;
        keys = other.keys.clone();
        plans = other.plans.clone();
        shift = other.shift;
        count = other.count + 1;
        if (key instanceof Long integer) {
            objects = Map.of();
            put(integer, plan);
        } else {
            objects = new HashMap<>(other.objects);
            objects.put(key, plan);
        }
    }

    /** The same table with one more value, or another plan for a value. */
    public KeyTable with(Object key, Object plan) {
        if (!(key instanceof Long) || 2 * (count + 1) <= plans.length) {
            return new KeyTable(this, key, plan);
        }
        Map<Object, Object> all = new HashMap<>();
        for (int i = 0; i < plans.length; i++) {
            if (plans[i] != null) {
                all.put(keys[i], plans[i]);
            }
        }
        all.put(key, plan);
        return new KeyTable(all, otherwise);
    }

    private void put(long key, Object plan) {
        int at = slot(key);
        while (plans[at] != null && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        keys[at] = key;
        plans[at] = plan;
    }

    private int slot(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> shift);
    }

    /** The plan for an integer. */
    public Object find(long key) {
        int at = slot(key);
        while (true) {
            Object plan = plans[at];
            if (plan == null) {
                return otherwise;
            }
            if (keys[at] == key) {
                return plan;
            }
            at = at + 1 & keys.length - 1;
        }
    }

    /** The plan for an object, which may be null. */
    public Object find(Object key) {
        Object plan = objects.get(key);
        return plan == null ? otherwise : plan;
    }
}
