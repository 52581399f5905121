package kernel.ext.net.provider;

/** What happened below TCP, counted since the stack was made. */
final class Counters {
    long damaged;
    long unwanted;
    long noRoute;
    long unresolved;
    long tooBig;
    long forwarded;
    long expired;
    long fragmentsReceived;
    long fragmentsSent;
    long reassembled;
    long reassemblyFailed;
    long icmpSent;
    long icmpReceived;
    long udpReceived;
    long udpSent;
    long udpUnwanted;
    long udpDamaged;
    long arpConflicts;
    long redirectsSent;
    long redirectsIgnored;
    /** Addresses of IPv6 that somebody else had. */
    long duplicates;
    long handlersFailed;
}
