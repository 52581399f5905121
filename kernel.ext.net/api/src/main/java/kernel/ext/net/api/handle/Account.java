package kernel.ext.net.api.handle;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.tcp.Allowance;

/**
 * What one application (in the kernel, one bundle) holds of the network: counted, limited, and given back at once when it goes. Guarded
 * by the lock of its handles.
 */
final class Account {

    /** What is counted. */
    enum Kind {
        /** Ports of UDP and TCP, doors and those behind them, listeners, Ethernet types, echoes. */
        PORTS,
        /** Connections, those included that were closed and still send what was written. */
        CONNECTIONS
    }

    /** Something that is held. */
    final class Holding {
        private final Kind kind;
        private final int count;
        private final Runnable close;
        private boolean over;

        private Holding(Kind kind, int count, Runnable close) {
            this.kind = kind;
            this.count = count;
            this.close = close;
        }

        /** It is not held any more; more than once does nothing more. */
        void release() {
            if (!over) {
                over = true;
                held[kind.ordinal()] -= count;
                all.remove(this);
            }
        }
    }

    final Handles.Holder holder;
    final Allowance allowance;
    private final int[] held = new int[Kind.values().length];
    private final Set<Holding> all = new LinkedHashSet<>();

    Account(Handles.Holder holder) {
        this.holder = holder;
        allowance = holder.limits().bytes() == Long.MAX_VALUE
                ? Allowance.UNLIMITED
                : new Allowance(holder.limits().bytes());
    }

    /**
     * Counts something.
     *
     * @param count how many of the kind it is
     * @param close gives it back, in the end by {@link Holding#release}
     * @throws NetworkException it is too much
     */
    Holding hold(Kind kind, int count, Runnable close) throws NetworkException {
        int most = kind == Kind.PORTS ? holder.limits().ports() : holder.limits().connections();
        int before = held[kind.ordinal()];
        if (count > most - before) {
            String what = kind == Kind.PORTS ? "ports" : "connections";
            throw new NetworkException(NetworkException.Reason.LIMIT,
                    "%s holds %,d %s, and may hold %,d: close some, or start the machine with spin.net.%s set"
                            .formatted(holder.name(), before, what, most, what));
        }
        held[kind.ordinal()] += count;
        Holding one = new Holding(kind, count, close);
        all.add(one);
        return one;
    }

    int count(Kind kind) {
        return held[kind.ordinal()];
    }

    /** Gives everything back. */
    void close() {
        List.copyOf(all).forEach(one -> one.close.run());
    }

    boolean isEmpty() {
        return all.isEmpty() && allowance.used() == 0;
    }
}
