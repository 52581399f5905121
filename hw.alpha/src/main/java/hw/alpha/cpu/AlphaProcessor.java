package hw.alpha.cpu;

import hw.alpha.time.VirtualClock;
import hw.alpha.translator.Translator;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.dispatch.Binding;
import kernel.core.machine.AsyncTrap;
import kernel.core.machine.Clock;
import kernel.core.machine.CodeTranslation;
import kernel.core.machine.Processor;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.PageNotPresent;
import kernel.core.memory.ProtectionFault;
import kernel.core.memory.TranslationContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs user code. Thread-safe. */
@Component(service = {Processor.class, CodeTranslation.class}, immediate = true)
public final class AlphaProcessor implements Processor, CodeTranslation {

    /** Selects the stub of an event among the services of its type. */
    private static final String STUB = "(" + Binding.ROLE + "=" + Binding.STUB + ")";

    /** System property: the file that translations are kept in between one machine and the next; none by default. */
    private static final String ARCHIVE = "spin.alpha.archive";

    private final Events events;
    private final Translator translator;
    /** What instructions move on; null: nothing. */
    private final VirtualClock time;
    /** What each strand runs. */
    private final Map<Thread, AlphaContext> running = new ConcurrentHashMap<>();

    /** As a component: raises the events' stubs. */
    @Activate
    public AlphaProcessor(@Reference(target = STUB) Syscall syscall, @Reference(target = STUB) ProcessorTrap trap,
            @Reference(target = STUB) AsyncTrap attention, @Reference(target = STUB) PageNotPresent notPresent,
            @Reference(target = STUB) ProtectionFault forbidden, @Reference Clock clock) {
        this(new Events(syscall, trap, attention, notPresent, forbidden), clock);
    }

    /**
     * @param events what it raises
     * @param clock the machine's: if it is a {@link VirtualClock}, instructions are interpreted and counted, and move it on
     */
    public AlphaProcessor(Events events, Clock clock) {
        this(events, new Translator(clock instanceof VirtualClock ? Translator.Mode.OFF : mode(), true),
                clock instanceof VirtualClock own ? own : null);
        String archive = System.getProperty(ARCHIVE, "");
        if (!archive.isEmpty() && translator.mode() == Translator.Mode.AUTOMATIC) {
            translator.keepIn(Path.of(archive));
        }
    }

    /** @param events what it raises */
    public AlphaProcessor(Events events) {
        this(events, new Translator(mode(), true));
    }

    /**
     * @param events what it raises
     * @param translator what its contexts use; closed by {@link #close}
     */
    public AlphaProcessor(Events events, Translator translator) {
        this(events, translator, null);
    }

    private AlphaProcessor(Events events, Translator translator, VirtualClock time) {
        this.events = events;
        this.time = time;
        this.translator = translator;
        translator.prepare(Interpreter.mainLoop(), () -> Interpreter.rehearse(translator));
    }

    /** System property {@code spin.alpha.translate}: automatic (default), off, or forced. */
    private static Translator.Mode mode() {
        String mode = System.getProperty("spin.alpha.translate", "automatic");
        return Translator.Mode.valueOf(mode.toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public Statistics statistics() {
        return translator.statistics();
    }

    /** Ends the translator's thread. */
    @Deactivate
    public void close() {
        translator.close();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException the translation is not of this machine
     */
    @Override
    public UserContext create(TranslationContext translation) {
        return new AlphaContext(events, translator, translation, time);
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
        AlphaContext outer = running.put(Thread.currentThread(), alpha);
        try {
            Interpreter.run(alpha);
        } finally {
            if (outer == null) {
                running.remove(Thread.currentThread());
            } else {
                running.put(Thread.currentThread(), outer);
            }
            alpha.end();
        }
    }

    @Override
    public void preempt(Thread strand) {
        AlphaContext context = running.get(strand);
        if (context != null) {
            context.requestAttention();
        }
    }
}
