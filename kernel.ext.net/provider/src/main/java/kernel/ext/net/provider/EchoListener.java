package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;

/** Somebody who waits for answers to his echoes, of ICMP or of ICMPv6. Called in the stack's strand. */
@FunctionalInterface
interface EchoListener {

    /**
     * Something came that concerns an echo of ours.
     *
     * @param what {@code reply}, {@code time exceeded}, or what was wrong
     * @param rest identifier and sequence number of the echo
     */
    void answered(String what, IpAddress from, int rest, long now);
}
