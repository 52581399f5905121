package run.measure.dispatch;

/** As {@link CountingHandler}, for the event with a key. */
final class KeyedHandler implements KeyedStep {

    private long trace;

    @Override
    public long step(long number, int port) {
        trace = Long.rotateLeft(trace, 1) ^ number;
        return number;
    }

    long trace() {
        return trace;
    }
}
