package kernel.core.machine;

/** What the machine is. Thread-safe; all answers are constant while the machine is on. */
public interface Machine {

    /** Name for people, with the processor's implementation, such as {@code "DEC Alpha EV67"}. */
    String name();

    /** Physical memory, in bytes. */
    long memory();

    /** Number of processors. */
    int processors();
}
