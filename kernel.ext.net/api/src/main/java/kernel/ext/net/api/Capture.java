package kernel.ext.net.api;

/**
 * Shows every frame of every interface: for the operator, since it sees what is everybody's. Bundles that are not named as operators get
 * no such service ({@link #MAY}); the graph's nodes give it to nobody. There is a service of this type for each kind of link. Thread-safe.
 */
public interface Capture {

    /** Framework property: which bundles get it (see {@link kernel.core.dispatch.Reserved}); and what it is if it is not set. */
    String MAY = "spin.net.capture", USUALLY = "bundles.shell";

    /**
     * Begins to show frames.
     *
     * @param watcher is called in the strand that sends or receives; must not wait
     * @return ends it when closed; no call to the watcher is under way then
     */
    Watching watch(Watcher watcher);

    /** What kind of frames those of an interface are, as a number for {@link Pcapng}. */
    default int linkType(String by) {
        return by.equals("lo") ? Pcapng.RAW : Pcapng.ETHERNET;
    }

    /** Ends it when closed. */
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    /** Who is shown frames. */
    @FunctionalInterface
    interface Watcher {
        /**
         * A frame came or went; the bytes are lent while this runs. Those of the loopback interface are IP packets without a frame.
         *
         * @param by name of the interface
         * @param sent whether it went
         */
        void frame(String by, boolean sent, byte[] bytes, int offset, int length);
    }
}
