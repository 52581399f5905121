package bundles.shell;

import bundles.unix.api.Process;
import java.util.ArrayList;
import java.util.List;
import kernel.core.memory.TranslationContext;

/** A process that has ended with a status, or was killed, or still runs (status -1), and keeps the signals it gets. */
final class FakeProcess implements Process {

    final List<Integer> signals = new ArrayList<>();
    private final int id;
    private final int status;
    private final int killedBy;
    boolean reaped;

    FakeProcess(int id, int status, int killedBy) {
        this.id = id;
        this.status = status;
        this.killedBy = killedBy;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String command() {
        return "prog" + id + " x";
    }

    @Override
    public boolean ended() {
        return status >= 0;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public int killedBy() {
        return killedBy;
    }

    @Override
    public boolean join(long nanoseconds) {
        return ended();
    }

    @Override
    public void reap() {
        reaped = true;
    }

    @Override
    public boolean signal(int signal) {
        signals.add(signal);
        return !ended();
    }

    @Override
    public void goOn() {
        signals.add(19);
    }

    @Override
    public void interrupt(int signal) {
        signals.add(signal);
    }

    @Override
    public void setStopAction(Runnable action) {}

    @Override
    public boolean stopped() {
        return false;
    }

    @Override
    public int parent() {
        return 0;
    }

    @Override
    public int group() {
        return id;
    }

    @Override
    public int threads() {
        return ended() ? 0 : 1;
    }

    @Override
    public long instructions() {
        return 12_345_678;
    }

    @Override
    public int resident() {
        return 3;
    }

    @Override
    public long started() {
        return 1_000_000_000;
    }

    @Override
    public TranslationContext translation() {
        return null;
    }

    @Override
    public void requestAttention() {}
}
