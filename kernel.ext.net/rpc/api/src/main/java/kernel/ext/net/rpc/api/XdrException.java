package kernel.ext.net.rpc.api;

import java.io.IOException;

/** Bytes are not what XDR says they should be. Immutable. */
public final class XdrException extends IOException {

    private static final long serialVersionUID = 1;

    /** @param message for people */
    public XdrException(String message) {
        super(message);
    }
}
