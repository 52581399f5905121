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
        /** Ports of UDP and TCP, doors, listeners, Ethernet types, echoes. */
        PORTS,
        /** Ports behind doors, of which each door has thousands and which are of a range of their own: twice as many as others. */
        BEHIND,
        /** Connections, those included that were closed and still send what was written. */
        CONNECTIONS
    }

    /** Something that is held. */
    final class Holding {
        private final Kind kind;
        private final int count;
        private final Runnable close;
        /** The same in the account that this one is a part of; null if it is no part. */
        private final Holding inWhole;
        private boolean over;

        private Holding(Kind kind, int count, Runnable close, Holding inWhole) {
            this.kind = kind;
            this.count = count;
            this.close = close;
            this.inWhole = inWhole;
        }

        /** It is not held any more; more than once does nothing more. */
        void release() {
            if (!over) {
                over = true;
                held[kind.ordinal()] -= count;
                all.remove(this);
                if (inWhole != null) {
                    inWhole.release();
                }
            }
        }
    }

    final Handles.Holder holder;
    /** What this is a part of, or null. */
    final Account whole;
    final Allowance allowance;
    private final int[] held = new int[Kind.values().length];
    private final Set<Holding> all = new LinkedHashSet<>();

    /** @param whole the account that this is a part of, or null */
    Account(Handles.Holder holder, Account whole) {
        this.holder = holder;
        this.whole = whole;
        Allowance above = whole == null ? Allowance.UNLIMITED : whole.allowance;
        allowance = holder.limits().bytes() == Long.MAX_VALUE ? above : new Allowance(holder.limits().bytes(), above);
    }

    /**
     * Counts something.
     *
     * @param count how many of the kind it is
     * @param close gives it back, in the end by {@link Holding#release}
     * @throws NetworkException it is too much
     */
    Holding hold(Kind kind, int count, Runnable close) throws NetworkException {
        int most = most(kind);
        int before = held[kind.ordinal()];
        if (count > most - before) {
            String what = kind == Kind.CONNECTIONS ? "connections" : "ports";
            throw new NetworkException(NetworkException.Reason.LIMIT,
                    "%s holds %,d %s%s, and may hold %,d: close some, or start the machine with spin.net.%s set"
                            .formatted(
                                    holder.name(), before, what, kind == Kind.BEHIND ? " behind others" : "", most,
                                    what));
        }
        Holding inWhole = whole == null ? null : whole.hold(kind, count, close);
        held[kind.ordinal()] += count;
        Holding one = new Holding(kind, count, close, inWhole);
        all.add(one);
        return one;
    }

    private int most(Kind kind) {
        int ports = holder.limits().ports();
        return switch (kind) {
            case PORTS -> ports;
            case BEHIND -> (int) Math.min(2L * ports, Integer.MAX_VALUE);
            case CONNECTIONS -> holder.limits().connections();
        };
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
