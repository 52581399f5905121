package bundles.unix.provider.socket;

import bundles.unix.provider.file.OpenFile;
import java.util.List;

/**
 * Something to be sent (sendmsg(2)). The bytes are the caller's, and are copied.
 *
 * @param bytes where the data is
 * @param offset of its first byte
 * @param length how many
 * @param to a {@code struct sockaddr}; null: to the socket at the other end
 * @param files to be handed over with it (SCM_RIGHTS); who takes it adds references of its own
 * @param credentials who sends
 * @param caller in whose name a path is looked up; null if {@code to} is
 * @param more whether more follows at once (MSG_MORE)
 */
public record Sending(byte[] bytes, int offset, int length, byte[] to, List<OpenFile> files, Credentials credentials,
        Caller caller, boolean more) {

    /** Bytes alone. */
    public Sending(byte[] bytes, int offset, int length, Credentials credentials) {
        this(bytes, offset, length, null, List.of(), credentials, null, false);
    }
}
