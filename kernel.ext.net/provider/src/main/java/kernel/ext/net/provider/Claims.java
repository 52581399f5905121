package kernel.ext.net.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.header.Arp;

/**
 * Whether anybody else has our addresses of IPv4 (RFC 5227): asked three times after an interface was given one, then said twice, then
 * defended. An address is used meanwhile, and given up if it turns out that somebody has it; the RFC would have us wait for up to seven
 * seconds, at each boot, which {@link #waits} does: then packets wait for it as for a neighbour that is asked for. Later conflicts are
 * answered once in ten seconds (section 2.4): an address that was set by hand is kept (c), one of DHCP is given up at the second conflict
 * within that time (b), and declined. Used in the stack's strand.
 */
final class Claims {

    private static final long SECOND = 1_000_000_000L;
    /** Section 1.1: PROBE_WAIT, PROBE_NUM, PROBE_MIN and PROBE_MAX, ANNOUNCE_WAIT, ANNOUNCE_NUM and their interval, DEFEND_INTERVAL. */
    private static final long WAIT = SECOND, LEAST = SECOND, MOST = 2 * SECOND, BEFORE = 2 * SECOND,
            BETWEEN = 2 * SECOND, DEFEND = 10 * SECOND;
    private static final int PROBES = 3, ANNOUNCEMENTS = 2;

    private static final class Claim {
        final int address;
        int probes;
        int announcements;
        long due = Long.MIN_VALUE;
        boolean begun;
        long defended = Long.MIN_VALUE / 2;

        Claim(int address) {
            this.address = address;
        }

        boolean probing() {
            return announcements == 0;
        }
    }

    private final Stack stack;
    private final SplittableRandom random;
    /** Whether addresses that interfaces are given from now on are not used before nobody has answered the probes (section 2.1.1). */
    boolean waits;
    private final Map<Link, Claim> all = new LinkedHashMap<>();

    Claims(Stack stack, long seed) {
        this.stack = stack;
        random = new SplittableRandom(seed);
    }

    /** An interface has a new address. */
    void begin(Link link) {
        link.duplicate = 0;
        link.tentative = false;
        if (link.intact || link.out == null || link.ip != null) { // nobody else is on a wire within the machine
            all.remove(link);
            return;
        }
        all.put(link, new Claim(link.address));
        link.tentative = waits;
    }

    /** An interface has no address any more. */
    void end(Link link) {
        all.remove(link);
        link.tentative = false;
    }

    /** Somebody else says that our address is his. */
    void conflict(Link link, Arp arp, long now) {
        stack.counters.arpConflicts++;
        Claim claim = all.get(link);
        boolean lent = stack.dhcp.has(link);
        if (claim == null) {
            return;
        }
        if (claim.probing() || lent && now - claim.defended < DEFEND) {
            System.getLogger(Claims.class.getName()).log(System.Logger.Level.WARNING,
                    "{0}: {1} is given up, {2} has it: give the one or the other another address", link.name,
                    IpAddress.of(claim.address), kernel.ext.net.api.header.Ethernet.text(arp.senderHardware()));
            all.remove(link);
            stack.routes.remove(link, true);
            link.duplicate = claim.address;
            link.tentative = false;
            stack.arp.giveUp(link);
            if (lent) {
                stack.dhcp.decline(link, now);
            } else {
                link.prefix = -1;
            }
        } else if (now - claim.defended >= DEFEND) {
            claim.defended = now;
            stack.arp.announce(link);
        }
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (Claim one : all.values()) {
            next = Math.min(next, one.due);
        }
        return next;
    }

    void poll(long now) {
        if (nextDeadline() > now) {
            return;
        }
        for (Link link : List.copyOf(all.keySet())) {
            Claim claim = all.get(link);
            if (claim.due <= now) {
                step(link, claim, now);
            }
        }
    }

    private void step(Link link, Claim claim, long now) {
        if (!claim.begun) {
            claim.begun = true;
            claim.due = now + random.nextLong(WAIT);
        } else if (claim.probes < PROBES) {
            claim.probes++;
            stack.arp.probe(link);
            claim.due = now + (claim.probes < PROBES ? LEAST + random.nextLong(MOST - LEAST) : BEFORE);
        } else {
            claim.announcements++;
            if (link.tentative) {
                link.tentative = false;
                stack.arp.resume(link, now);
            }
            stack.arp.announce(link);
            claim.due = claim.announcements < ANNOUNCEMENTS ? now + BETWEEN : Long.MAX_VALUE;
        }
    }
}
