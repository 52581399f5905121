package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.mmu.CodePage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * Follows code from an entry along what was executed before and so finds what a region is made of. Small functions that are
 * called, and call nobody who is not such a one, become part of the region once for each call. Used once, by the strand
 * whose code it is.
 */
final class RegionFollower {

    /** Instructions of a called function that becomes part of the region. */
    private static final int INLINED = Integer.getInteger("spin.alpha.inlined", 40);
    /**
     * Places that a jump may go to if it is to be followed although not all that is behind fits. An interpreter's jump goes to fifty: a
     * region that has room for five of them is left there in most turns all the same, and each of the fifty would have such a region.
     */
    private static final int FOLLOWED = Integer.getInteger("spin.alpha.followed", 6);
    /** How deep such functions call each other. */
    private static final int DEPTH = 3;
    private static final long[] NONE = {};

    /** One instruction. */
    static final class Found {
        final long pc;
        final long decoded;
        final int word;
        /** How many were found before. */
        final int order;
        /** Addresses that the jump or call has gone to. */
        final long[] known;
        /** What is called, if it is part of the region. */
        Body callee;
        /** Whether it calls what the region begins with: control stays in the region then, and comes back by a jump. */
        boolean recursive;
        /** Whether it is a jump to more places than are followed: the region ends there, and is not made again for more. */
        boolean open;
        /** Its place among all, once that is known. */
        int position;

        Found(long pc, int word, int order, long[] known) {
            this.pc = pc;
            this.word = word;
            this.order = order;
            this.known = known;
            decoded = Decoder.decode(word);
        }
    }

    /** The code that the region begins in, or that of a called function, as called from one place. */
    static final class Body {
        /** Who called it, null for the first. */
        final Body caller;
        final long entry;
        /** Where it returns to. */
        final long back;
        /** Register that has that address when it is entered. */
        final int link;
        private final int depth;
        final TreeMap<Long, Found> found = new TreeMap<>();

        Body(Body caller, long entry, long back, int link) {
            this.caller = caller;
            this.entry = entry;
            this.back = back;
            this.link = link;
            depth = caller == null ? 0 : caller.depth + 1;
        }

        private boolean within(long function) {
            return entry == function || caller != null && caller.within(function);
        }

        /** The one that the region begins in. */
        Body outermost() {
            return caller == null ? this : caller.outermost();
        }
    }

    private record Start(Body body, long pc) {}

    private final CodeSpace space;
    private final int limit;
    private final boolean eager;
    /** Places that a jump may go to if it is to be followed. */
    private final int followed;
    /** Whether a jump was found that goes to more than {@link #FOLLOWED}. */
    private boolean wide;
    private int count;
    /** How many of them belong to called functions. */
    private int inlined;

    private RegionFollower(CodeSpace space, int limit, boolean eager, int followed) {
        this.space = space;
        this.limit = limit;
        this.eager = eager;
        this.followed = followed;
    }

    /**
     * Follows code from an address.
     *
     * @param limit instructions at most
     * @param eager whether to follow what was never executed as well
     * @return null if there is nothing to translate
     */
    static RegionShape follow(CodeSpace space, long entry, int limit, boolean eager) {
        Body first = new Body(null, entry, 0, -1);
        RegionFollower all = new RegionFollower(space, limit, eager, Integer.MAX_VALUE);
        if (!all.walk(first, limit) && all.wide) {
            first = new Body(null, entry, 0, -1);
            new RegionFollower(space, limit, eager, FOLLOWED).walk(first, limit);
        }
        Found begin = first.found.get(entry);
        return begin == null || RegionShape.flow(begin.decoded) == RegionShape.Flow.LEAVE
                ? null
                : new RegionShape(first);
    }

    /** Follows a body until all of it was seen or there are as many instructions as may be. @return whether it was all */
    private boolean walk(Body body, int most) {
        Deque<Start> starts = new ArrayDeque<>();
        starts.add(new Start(body, body.entry));
        while (!starts.isEmpty()) {
            Start start = starts.poll();
            long pc = start.pc;
            while (!body.found.containsKey(pc)) {
                if ((body.caller == null ? count - inlined : count) >= most) {
                    return false;
                }
                Found one = find(pc, body.caller == null && pc == body.entry);
                if (one == null) {
                    break;
                }
                body.found.put(pc, one);
                if (!onward(body, one, starts)) {
                    break;
                }
                pc += 4;
            }
        }
        return true;
    }

    /** Notes where control may go from an instruction. @return whether it may go on behind it */
    private boolean onward(Body body, Found one, Deque<Start> starts) {
        switch (RegionShape.flow(one.decoded)) {
            case NEXT -> {
                return true;
            }
            case CONDITION -> {
                starts.add(new Start(body, RegionShape.target(one.pc, one.decoded)));
                return true;
            }
            case BRANCH -> starts.add(new Start(body, RegionShape.target(one.pc, one.decoded)));
            case CALL -> {
                call(body, one, RegionShape.target(one.pc, one.decoded));
                return true;
            }
            case CALL_REGISTER -> {
                if (one.known.length == 1) {
                    call(body, one, one.known[0]);
                }
                return true;
            }
            case JUMP -> {
                wide |= one.known.length > FOLLOWED;
                one.open = one.known.length > followed;
                if (one.open) {
                    return false;
                }
                for (long target : one.known) {
                    starts.add(new Start(body, target));
                }
            }
            default -> {
                // comes back to the caller, or is not translated
            }
        }
        return false;
    }

    private void call(Body caller, Found call, long function) {
        call.recursive = function == caller.outermost().entry;
        call.callee = call.recursive ? null : inlined(caller, call, function);
    }

    /** The body of a called function if it is small, has nothing that is not translated, and returns; else null. */
    private Body inlined(Body caller, Found call, long function) {
        int link = Decoder.destination(call.decoded);
        if (caller.depth >= DEPTH || caller.within(function)) {
            return null;
        }
        Body body = new Body(caller, function, call.pc + 4, link);
        int before = count;
        int inlinedBefore = inlined;
        // The budget is their own, so that a region reaches as far as it would without them.
        boolean complete = walk(body, before + Math.min(INLINED, limit - inlined));
        boolean returns = false;
        for (Found one : body.found.values()) {
            switch (RegionShape.flow(one.decoded)) {
                case RETURN -> returns |= Decoder.second(one.decoded) == link;
                case CALL, CALL_REGISTER -> complete &= one.callee != null || one.recursive;
                case JUMP, LEAVE -> complete = false;
                default -> {
                    // stays within
                }
            }
        }
        if (complete && returns) {
            inlined = inlinedBefore + count - before;
            return body;
        }
        count = before;
        inlined = inlinedBefore;
        return null;
    }

    private Found find(long pc, boolean first) {
        CodePage page = pc >>> Refusal.ADDRESS_BITS == 0 ? space.codeAt(pc) : null;
        if (page == null) {
            return null;
        }
        int index = (int) (pc >>> 2) & CodePage.INSTRUCTIONS - 1;
        // What was never executed has not been decoded either: it is not worth translating, and makes regions large.
        if (page.decoded[index] == 0 && !eager && !first) {
            return null;
        }
        long[] known = page.targets(index);
        return new Found(pc, page.word(index), count++, known == null ? NONE : known);
    }

    /** The same with fewer instructions: those that were found first. Calls of what is not complete then are calls again. */
    static RegionShape smaller(Body body, int limit) {
        return new RegionShape(reduced(body, null, limit));
    }

    private static Body reduced(Body body, Body caller, int limit) {
        Body less = new Body(caller, body.entry, body.back, body.link);
        for (Found one : body.found.values()) {
            if (one.order < limit) {
                Found same = new Found(one.pc, one.word, one.order, one.known);
                same.recursive = one.recursive;
                same.open = one.open;
                same.callee = one.callee == null || last(one.callee) >= limit ? null : reduced(one.callee, less, limit);
                less.found.put(one.pc, same);
            }
        }
        return less;
    }

    private static int last(Body body) {
        int last = 0;
        for (Found one : body.found.values()) {
            last = Math.max(last, Math.max(one.order, one.callee == null ? 0 : last(one.callee)));
        }
        return last;
    }

    /** All instructions in the order in which they are written: what is called behind the call. */
    static List<Found> inOrder(Body body, List<Body> bodies) {
        List<Found> all = new ArrayList<>();
        add(body, all, bodies);
        return all;
    }

    private static void add(Body body, List<Found> all, List<Body> bodies) {
        for (Found one : body.found.values()) {
            one.position = all.size();
            all.add(one);
            bodies.add(body);
            if (one.callee != null) {
                add(one.callee, all, bodies);
            }
        }
    }
}
