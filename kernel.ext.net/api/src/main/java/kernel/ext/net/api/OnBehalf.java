package kernel.ext.net.api;

/**
 * For whom somebody asks the network for something, if he serves several, as UNIX serves processes: each has an account of his own, which
 * may be a quarter of the account of the bundle that asks, and is counted there too. Nobody gets more by it. Bound around what is asked:
 *
 * <pre>{@code
 * ScopedValue.where(OnBehalf.OF, new OnBehalf(7L, "pid 7 httpd")).call(() -> network.bindTcp(...));
 * }</pre>
 *
 * What is made of it (a port's listener, a listener's connections) is of the same account.
 *
 * @param key who it is, among those that the bundle serves; of a class of {@code java.lang}, as it may outlive the bundle
 * @param name for people
 */
public record OnBehalf(Object key, String name) {
    /** For whom the calling strand asks. */
    public static final ScopedValue<OnBehalf> OF = ScopedValue.newInstance();
}
