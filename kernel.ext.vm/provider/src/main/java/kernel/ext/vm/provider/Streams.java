package kernel.ext.vm.provider;

/**
 * Notices that pages of a space are touched one after the other, in some places at once, and says how much of what follows to fetch: twice
 * as much each time, up to {@link #MOST} pages, and again when half of that is used up. Thread-safe: the monitor guards everything.
 */
final class Streams {

    /** Pages that are fetched before they are touched, in one place. */
    static final int MOST = 32;
    private static final int FIRST = 4;
    private static final int KNOWN = 4;

    /** Addresses of pages. @param to behind the last */
    record Range(long from, long to) {}

    /** One place. */
    private static final class Stream {
        /** The page that is expected next. */
        private long next;
        /** Up to where was fetched. */
        private long end;
        private int window = FIRST / 2;
    }

    private final long pageSize;
    private final Stream[] streams = new Stream[KNOWN];
    private int oldest;

    Streams(long pageSize) {
        this.pageSize = pageSize;
    }

    /** A page was touched that had to be fetched, or had been. @return what is to be fetched now, or null */
    synchronized Range touched(long at) {
        for (Stream stream : streams) {
            if (stream != null && (at == stream.next || at > stream.next && at < stream.end)) {
                return goesOn(stream, at + pageSize);
            }
        }
        Stream fresh = new Stream();
        fresh.next = at + pageSize;
        fresh.end = fresh.next;
        streams[oldest] = fresh;
        oldest = (oldest + 1) % KNOWN;
        return null;
    }

    private Range goesOn(Stream stream, long next) {
        stream.next = next;
        stream.end = Math.max(stream.end, next);
        if (stream.end - next > stream.window / 2 * pageSize) {
            return null;
        }
        stream.window = Math.min(MOST, 2 * stream.window);
        Range range = new Range(stream.end, next + stream.window * pageSize);
        stream.end = range.to;
        return range.from < range.to ? range : null;
    }
}
