package hw.alpha.cpu;

import kernel.core.machine.Processor;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;

/** Runs user code. Thread-safe. */
public final class AlphaProcessor implements Processor {

    private final Events events;

    /** @param events what it raises */
    public AlphaProcessor(Events events) {
        this.events = events;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException the translation is not of this machine
     */
    @Override
    public UserContext create(TranslationContext translation) {
        return new AlphaContext(events, translation);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException the context is not of this machine
     * @throws IllegalStateException the context is running already
     */
    @Override
    public void run(UserContext context) {
        if (!(context instanceof AlphaContext alpha)) {
            throw new IllegalArgumentException("not a context of this machine");
        }
        alpha.begin();
        try {
            Interpreter.run(alpha);
        } finally {
            alpha.end();
        }
    }
}
