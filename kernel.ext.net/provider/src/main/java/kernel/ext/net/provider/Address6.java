package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;

/** An IPv6 address of an interface (RFC 4862). Used in the stack's strand. */
final class Address6 {

    /** What may be done with it. */
    enum State {
        /** Nobody is known to have it, but that was not asked for long enough: it is not used yet. */
        TENTATIVE,
        /** It is used. */
        PREFERRED,
        /** It is used by what uses it already. */
        DEPRECATED,
        /** Somebody else has it: it is not used. */
        DUPLICATE
    }

    final IpAddress address;
    final int prefix;
    /** Whether a router's advertisement made it. */
    final boolean advertised;
    State state = State.TENTATIVE;
    /** Questions whether somebody has it that were sent, and when the next is due. */
    int probes;
    /** See {@link #probes}. */
    long probeAt;
    long preferredUntil = Long.MAX_VALUE;
    long validUntil = Long.MAX_VALUE;

    Address6(IpAddress address, int prefix, boolean advertised) {
        this.address = address;
        this.prefix = prefix;
        this.advertised = advertised;
    }

    boolean is(long high, long low) {
        return address.low() == low && address.high() == high;
    }

    boolean usable() {
        return state == State.PREFERRED || state == State.DEPRECATED;
    }

    @Override
    public String toString() {
        return address + "/" + prefix + " " + state;
    }
}
