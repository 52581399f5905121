package kernel.core.machine;

import kernel.core.memory.TranslationContext;

/**
 * Runs user code. Holding it is the right to run any context; extensions get contexts, not this. Thread-safe: each strand
 * runs one context, several strands may run different contexts at once.
 */
public interface Processor {

    /**
     * Makes a context with all registers zero.
     *
     * @param translation the address space in which it runs; several contexts (threads) may share one
     */
    UserContext create(TranslationContext translation);

    /**
     * Runs user code from the context's program counter in the calling strand, raising the events {@link Syscall},
     * {@link ProcessorTrap}, {@link AsyncTrap} and those of {@link kernel.core.memory}, until {@link UserContext#stop()}
     * was called. Every trap is precise: when its event is raised, the registers are those before the instruction
     * (after it, for {@link Syscall}).
     *
     * @throws RuntimeException what a handler of an event threw; the context is then stopped at the trap
     */
    void run(UserContext context);

    /**
     * Makes the context that a strand runs now, if it runs one, raise {@link AsyncTrap} soon, as
     * {@link UserContext#requestAttention()} does. Does nothing if it runs none.
     *
     * @param strand the thread in which {@link #run} was called
     */
    void preempt(Thread strand);
}
