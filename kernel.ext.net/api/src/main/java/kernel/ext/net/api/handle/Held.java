package kernel.ext.net.api.handle;

import java.util.function.Consumer;
import kernel.ext.net.api.NetworkException;

/**
 * What an application holds and each stack in force has something of its own for: that is closed when the stack goes. Guarded by
 * the lock of its handles.
 *
 * @param <B> what the stack has for it
 */
abstract class Held<B> implements Handles.Lasting {

    final Handles handles;
    private Account.Holding holding;
    private Account.Holding holdingBehind;
    private final Consumer<B> closing;
    /** What the stack in force has for it; null without a stack, and when it is over. */
    B behind;
    /** It was closed, or no stack will serve it any more. */
    boolean over;

    /** @param closing gives back what a stack has for it */
    Held(Handles handles, Consumer<B> closing) {
        this.handles = handles;
        this.closing = closing;
    }

    /**
     * Counts it, as a port, for whoever calls.
     *
     * @param portsBehind ports behind it
     * @throws NetworkException he holds too much already
     */
    void count(int portsBehind) throws NetworkException {
        handles.stack();
        Account account = handles.account();
        holding = account.hold(Account.Kind.PORTS, 1, this::close);
        if (portsBehind > 0) {
            holdingBehind = account.hold(Account.Kind.BEHIND, portsBehind, this::close);
        }
    }

    /** It was not got. */
    void uncount() {
        if (holding != null) {
            holding.release();
        }
        if (holdingBehind != null) {
            holdingBehind.release();
        }
    }

    @Override
    public void unbound() {
        closing.accept(behind);
        behind = null;
    }

    @Override
    public void ended(NetworkException why) {
        over = true;
        uncount();
        if (behind != null) {
            unbound();
        }
    }

    /** Gives it back; more than once does nothing more. */
    public void close() {
        handles.enter();
        try {
            over = true;
            uncount();
            handles.remove(this);
            if (behind != null) {
                closing.accept(behind);
                behind = null;
            }
        } finally {
            handles.leave();
        }
    }
}
