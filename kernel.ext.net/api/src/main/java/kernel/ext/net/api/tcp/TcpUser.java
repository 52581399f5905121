package kernel.ext.net.api.tcp;

/** Whom a connection belongs to. */
@FunctionalInterface
public interface TcpUser {

    /** Its state, its data or its room have changed. Called in the stack's strand; must not wait. */
    void changed(Tcb tcb);

    /** What its connections' buffers may take. */
    default Allowance allowance() {
        return Allowance.UNLIMITED;
    }
}
