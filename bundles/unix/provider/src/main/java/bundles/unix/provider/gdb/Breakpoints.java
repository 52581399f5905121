package bundles.unix.provider.gdb;

import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.process.MemoryMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace.Region;

/**
 * A program's memory as a debugger sees it: instructions {@code bpt} that are planted there are not seen, and what the program may not write
 * to is written to all the same, which copies the page if others have it. The monitor guards what is planted; memory is reached through the
 * context of a thread that is held, in its strand.
 */
final class Breakpoints {

    private static final int BPT = 0x80, WORD = 4;
    private static final int ALL = TranslationContext.READ | TranslationContext.WRITE | TranslationContext.EXECUTE;

    /** What was where a {@code bpt} is now. */
    private final Map<Long, Integer> planted = new TreeMap<>();

    /** Whether there is one. */
    synchronized boolean at(long address) {
        return planted.containsKey(address);
    }

    /** Plants one. @return whether there is memory */
    synchronized boolean plant(UserContext context, MemoryMap map, long address) {
        byte[] word = new byte[WORD];
        if (planted.containsKey(address)) {
            return true;
        }
        if ((address & 3) != 0 || context.copyIn(address, word, 0, WORD) != WORD
                || !force(context, map, address, word(BPT))) {
            return false;
        }
        planted.put(address, ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt());
        return true;
    }

    /** Takes one away, if it is there. */
    synchronized void remove(UserContext context, MemoryMap map, long address) {
        Integer before = planted.remove(address);
        if (before != null) {
            force(context, map, address, word(before));
        }
    }

    /** Forgets all: the memory in which they were is gone. */
    synchronized void forget() {
        planted.clear();
    }

    /** Puts all into memory, or what was there before. They stay known. */
    synchronized void show(UserContext context, MemoryMap map, boolean there) {
        planted.forEach((address, before) -> force(context, map, address, word(there ? BPT : before)));
    }

    /** Reads memory as it is without them. @return how many bytes there are */
    synchronized int read(UserContext context, long address, byte[] to) {
        int got = context.copyIn(address, to, 0, to.length);
        planted.forEach((at, before) -> {
            for (int i = 0; i < WORD; i++) {
                long index = at + i - address;
                if (index >= 0 && index < got) {
                    to[(int) index] = (byte) (before >>> 8 * i);
                }
            }
        });
        return got;
    }

    /** Writes memory; where they are they stay, and what is written is there when they are taken away. */
    synchronized boolean write(UserContext context, MemoryMap map, long address, byte[] from) {
        byte[] bytes = from.clone();
        planted.replaceAll((at, before) -> {
            int word = before;
            for (int i = 0; i < WORD; i++) {
                long index = at + i - address;
                if (index >= 0 && index < from.length) {
                    word = word & ~(0xFF << 8 * i) | (from[(int) index] & 0xFF) << 8 * i;
                    bytes[(int) index] = (byte) (BPT >>> 8 * i);
                }
            }
            return word;
        });
        return force(context, map, address, bytes);
    }

    private static byte[] word(int value) {
        return ByteBuffer.allocate(WORD).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    /** Writes page by page, whatever the program itself may do there. */
    private static boolean force(UserContext context, MemoryMap map, long address, byte[] from) {
        for (int done = 0; done < from.length;) {
            long at = address + done;
            int length = (int) Math.min(from.length - done, Layout.PAGE - (at & Layout.PAGE - 1));
            synchronized (map) {
                Region region = map.region(Layout.floor(at));
                if (region == null) {
                    return false;
                }
                boolean closed = (region.protection() & TranslationContext.WRITE) == 0;
                if (closed) {
                    map.space().protect(Layout.floor(at), Layout.PAGE, ALL);
                }
                int written = context.copyOut(at, from, done, length);
                if (closed) {
                    map.space().protect(Layout.floor(at), Layout.PAGE, region.protection());
                }
                if (written != length) {
                    return false;
                }
            }
            done += length;
        }
        return true;
    }
}
