package bundles.unix.provider.socket;

/**
 * Who is at the other end (unix(7), {@code struct ucred}). Immutable.
 *
 * @param process id of the process
 * @param user its user
 * @param group its group
 */
public record Credentials(int process, int user, int group) {

    /** Nobody: there is no other end, or it has not said who it is. */
    public static final Credentials NONE = new Credentials(0, -1, -1);
}
