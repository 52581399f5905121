package hw.alpha.mmu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a {@link PageTable} knows of its pages: a radix tree of three levels over the 29 bits of a page number. Not thread-safe:
 * the table's monitor guards it.
 */
final class PageTree {

    private static final int LEAF_BITS = 9;
    private static final int NODE_BITS = 10;
    private static final int NODE = 1 << NODE_BITS;

    /** Pages of a leaf, and the bytes that they are. */
    static final int LEAF = 1 << LEAF_BITS;
    static final long LEAF_BYTES = (long) PageFrame.SIZE * LEAF;

    /** Neighbouring pages, {@link #LEAF} of them, by {@link PageTree#index}. */
    static final class Leaf {
        final PageFrame[] frames = new PageFrame[LEAF];
        final byte[] protections = new byte[LEAF];
        /** Whether somebody has fetched instructions through the entry since it was last changed. */
        final boolean[] fetched = new boolean[LEAF];
        /** How many have a frame. */
        int used;
        /** Numbers of the frames that the window shows, plus 1; null if it shows none. */
        int[] shown;
        /** Mappings of the host that this takes. */
        int mappings;

        /** Changes what may be done with those pages of a range that are mapped. @return what some of them lose */
        int protect(int first, int count, int protection) {
            int taken = 0;
            for (int i = first; i < first + count; i++) {
                if (frames[i] != null) {
                    taken |= protections[i] & ~protection;
                    protections[i] = (byte) protection;
                }
            }
            return taken;
        }

        /** Whether somebody has fetched instructions through one of these entries; that is not so any more. */
        boolean forgetFetches(int first, int count) {
            boolean any = false;
            for (int i = first; i < first + count; i++) {
                any |= fetched[i];
                fetched[i] = false;
            }
            return any;
        }

        int shown(int i) {
            return i < 0 || i >= LEAF ? 0 : shown[i];
        }
    }

    private final Leaf[][] root = new Leaf[NODE][];

    /** The leaf of a page, or null. */
    Leaf leaf(long address) {
        if (address < 0 || address >= Translations.LIMIT) {
            return null;
        }
        Leaf[] node = root[high(address)];
        return node == null ? null : node[middle(address)];
    }

    /** The leaf of a page, which is in user space; a new one if there was none. */
    Leaf make(long address) {
        int high = high(address);
        int middle = middle(address);
        if (root[high] == null) {
            root[high] = new Leaf[NODE];
        }
        if (root[high][middle] == null) {
            root[high][middle] = new Leaf();
        }
        return root[high][middle];
    }

    /** Forgets a leaf, else a program that maps here and there would fill the host's memory with empty ones. */
    void remove(long address) {
        root[high(address)][middle(address)] = null;
    }

    /** Addresses of the pages whose frames are such. */
    List<Long> pages(Predicate<PageFrame> which) {
        List<Long> pages = new ArrayList<>();
        for (int high = 0; high < NODE; high++) {
            for (int middle = 0; root[high] != null && middle < NODE; middle++) {
                Leaf leaf = root[high][middle];
                for (int low = 0; leaf != null && low < LEAF; low++) {
                    if (leaf.frames[low] != null && which.test(leaf.frames[low])) {
                        long number = ((long) high << NODE_BITS | middle) << LEAF_BITS | low;
                        pages.add(number << TranslationBuffer.PAGE_SHIFT);
                    }
                }
            }
        }
        return pages;
    }

    /** Index of a page in its leaf. */
    static int index(long address) {
        return (int) (address >>> TranslationBuffer.PAGE_SHIFT) & LEAF - 1;
    }

    private static int high(long address) {
        return (int) (address >>> TranslationBuffer.PAGE_SHIFT + LEAF_BITS + NODE_BITS);
    }

    private static int middle(long address) {
        return (int) (address >>> TranslationBuffer.PAGE_SHIFT + LEAF_BITS) & NODE - 1;
    }
}
