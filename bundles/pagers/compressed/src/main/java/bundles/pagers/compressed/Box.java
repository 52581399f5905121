package bundles.pagers.compressed;

import java.util.BitSet;
import kernel.core.memory.Frame;

/** A frame that is cut into slots of one size. Guarded by the store's monitor. */
final class Box {

    final Frame frame;
    final int slots;
    /** What is in the slots. */
    final Item[] items;
    private final int size;
    private final BitSet taken = new BitSet();

    Box(Frame frame, int page, int slots) {
        this.frame = frame;
        this.slots = slots;
        this.size = page / slots;
        this.items = new Item[slots];
    }

    boolean full() {
        return taken.cardinality() == slots;
    }

    boolean empty() {
        return taken.isEmpty();
    }

    void put(Item item, byte[] bytes, int length) {
        int slot = taken.nextClearBit(0);
        taken.set(slot);
        items[slot] = item;
        item.box = this;
        item.slot = slot;
        item.length = length;
        frame.write(slot * size, bytes, 0, length);
    }

    byte[] get(Item item) {
        byte[] bytes = new byte[item.length];
        frame.read(item.slot * size, bytes, 0, item.length);
        return bytes;
    }

    void remove(Item item) {
        taken.clear(item.slot);
        items[item.slot] = null;
        item.box = null;
    }
}
