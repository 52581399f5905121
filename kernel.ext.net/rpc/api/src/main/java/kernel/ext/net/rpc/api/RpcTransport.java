package kernel.ext.net.rpc.api;

/** What calls go over. */
public enum RpcTransport {
    /** Datagrams; calls are sent again until answered. */
    UDP(17),
    /** A stream of records (RFC 5531 section 11). */
    TCP(6);

    private final int protocol;

    RpcTransport(int protocol) {
        this.protocol = protocol;
    }

    /** Number of the protocol in IP, as port mappers use it. */
    public int protocol() {
        return protocol;
    }
}
