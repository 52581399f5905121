package kernel.ext.net.provider;

/** What a stack has to do at its time, below TCP. Used in the stack's strand. */
final class Upkeep {

    private final Stack stack;

    Upkeep(Stack stack) {
        this.stack = stack;
    }

    long nextDeadline() {
        long next = Math.min(stack.arp.nextDeadline(), stack.ipv4.nextDeadline());
        next = Math.min(Math.min(next, stack.neighbours6.nextDeadline()), stack.ipv6.nextDeadline());
        next = Math.min(Math.min(next, stack.routers.nextDeadline()), stack.pathMtus.nextDeadline());
        next = Math.min(next, stack.dhcp.nextDeadline());
        next = Math.min(Math.min(next, stack.claims.nextDeadline()), stack.redirects.nextDeadline());
        for (int i = 0; i < stack.links().size(); i++) {
            next = Math.min(next, stack.links().get(i).six.nextDeadline());
        }
        for (Advertiser one : stack.advertisers.values()) {
            next = Math.min(next, one.nextDeadline());
        }
        return next;
    }

    void poll(long now) {
        stack.arp.poll(now);
        stack.ipv4.poll(now);
        for (int i = 0; i < stack.links().size(); i++) {
            stack.links().get(i).six.poll(now);
        }
        stack.neighbours6.poll(now);
        stack.ipv6.poll(now);
        stack.routers.poll(now);
        stack.pathMtus.poll(now);
        stack.advertisers.values().forEach(one -> one.poll(now));
        stack.dhcp.poll(now);
        stack.claims.poll(now);
        stack.redirects.poll(now);
    }
}
