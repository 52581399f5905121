package kernel.core.machine;

/** The power switch. Holding it is the right to switch the machine off. Thread-safe. */
public interface Power {

    /**
     * Stops all bundles in order, in the background, then ends the machine. Returns at once; the first status given counts.
     *
     * @param status exit status towards the host, 0 to 255
     */
    void off(int status);
}
