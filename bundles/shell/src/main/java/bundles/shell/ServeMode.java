package bundles.shell;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.machine.Channel;
import kernel.core.machine.Console;
import kernel.core.machine.Power;
import kernel.core.machine.Session;
import kernel.core.machine.Sessions;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/**
 * The resident kernel ({@code run/spin start}): takes requests until one of them is to stop. Requests: {@code exec PROG
 * ARGS...}, {@code shell [-c COMMANDS]}, {@code status}, {@code stop [SECONDS]}; and {@code rehearse PROG}, with which the script
 * that starts the kernel has a program run some times that does nothing, so that those that come then find all classes in use and start fast.
 *
 * <p>Concurrency: one strand takes requests; each request is served in a strand of its own, which owns its session. They
 * share two counters and the flag that says that the machine is being stopped.
 */
@Component(service = ServeMode.class, immediate = true)
public final class ServeMode {

    private static final int SIGTERM = 15, SIGKILL = 9;
    /** Status of what the machine cannot do: EX_SOFTWARE of sysexits.h, as {@code run/spin} has it. */
    private static final int UNAVAILABLE = 70;
    /** Seconds that programs have after SIGTERM, unless the request says otherwise. */
    private static final int GRACE = 5;
    /** Seconds that programs have after SIGKILL. */
    private static final int LAST = 5;
    /** Times that a program is run for a rehearsal; later ones gain nothing that can be seen. */
    private static final int REHEARSALS = 3;

    private final System.Logger log = System.getLogger(ServeMode.class.getName());
    private final Processes processes;
    private final Sessions sessions;
    private final Power power;
    private final Strands strands;
    private final MachineStatus status;
    private final ServedCommands commands;
    private final Strand taker;
    private final AtomicLong running = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** Begins to take requests, once all bundles are started. */
    @Activate
    public ServeMode(@Reference Processes processes, @Reference Sessions sessions, @Reference Power power,
            @Reference Strands strands, @Reference MachineStatus status, @Reference ServedCommands commands,
            @Reference(target = "(osgi.condition.id=spin.booted)") Condition booted) {
        this.processes = processes;
        this.sessions = sessions;
        this.power = power;
        this.strands = strands;
        this.status = status;
        this.commands = commands;
        this.taker = strands.fork("requests", this::take);
    }

    /** Takes no more requests; those that were taken are served. */
    @Deactivate
    void close() {
        taker.interrupt();
    }

    private void take() {
        try {
            while (true) {
                Session session = sessions.accept();
                strands.fork("request", () -> serve(session));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Session session) {
        int result = UNAVAILABLE;
        try {
            List<String> words = session.words();
            result = switch (words.isEmpty() ? "" : words.getFirst()) {
                case "exec" -> exec(session, words.subList(1, words.size()));
                case "rehearse" -> rehearse(session, words.subList(1, words.size()));
                case "status" -> {
                    say(session, Console.OUTPUT, status.lines(running.get(), served.get()));
                    yield 0;
                }
                case "shell" -> commands.serve(session, words.subList(1, words.size()));
                case "stop" -> stop(session, words);
                default -> {
                    say(session, Console.ERROR, "run/spin: the resident kernel knows no request " + words);
                    yield 2;
                }
            };
        } catch (RuntimeException | Error e) {
            log.log(System.Logger.Level.ERROR, "request {0} failed: {1}", session.words(), e);
            say(session, Console.ERROR, "run/spin: the resident kernel failed: " + e);
        } finally {
            session.end(result);
        }
        if (stopping.get() && session.words().getFirst().equals("stop")) {
            power.off(0);
        }
    }

    private int exec(Session session, List<String> words) {
        if (words.isEmpty()) {
            say(session, Console.ERROR, "run/spin: exec wants a program: run/spin exec PROG ARGS...");
            return 2;
        }
        if (stopping.get()) {
            say(session, Console.ERROR, "run/spin exec: the resident kernel is being stopped: try again");
            return UNAVAILABLE;
        }
        running.incrementAndGet();
        try {
            return run(session, words);
        } finally {
            running.decrementAndGet();
            served.incrementAndGet();
        }
    }

    private int run(Session session, List<String> words) {
        return ProgramRun.run(processes, new Launch(words.getFirst(), words, session.environment(),
                session.directory(), new Streams.OnSession(session)), session.channel(Console.ERROR).kind(),
                line -> write(session, Console.ERROR, line),
                process -> ProgramRun.lend(session, process));
    }

    /** Runs a program that nobody asked for, so it is not counted. */
    private int rehearse(Session session, List<String> words) {
        int result = 0;
        for (int i = 0; i < REHEARSALS && !words.isEmpty() && !stopping.get(); i++) {
            result = run(session, words);
        }
        return result;
    }

    /** Ends the programs, with warning; says what it did. */
    private int stop(Session session, List<String> words) {
        int grace = GRACE;
        if (words.size() > 1) {
            try {
                grace = Math.clamp(Integer.parseInt(words.get(1)), 0, 3600);
            } catch (NumberFormatException e) {
                say(session, Console.ERROR, "run/spin stop: \"" + words.get(1) + "\" is no number of seconds");
                return 2;
            }
        }
        if (stopping.getAndSet(true)) {
            say(session, Console.OUTPUT, "is being stopped already");
            return 0;
        }
        int asked = end(SIGTERM, grace);
        int killed = end(SIGKILL, LAST);
        if (asked > 0) {
            say(session, Console.OUTPUT, asked + (asked == 1 ? " program was" : " programs were")
                    + " told to end (SIGTERM)" + (killed == 0 ? "" : ", " + killed + " killed after " + grace + " s"));
        }
        say(session, Console.OUTPUT, "stopped; " + served.get() + (served.get() == 1 ? " program" : " programs")
                + " served");
        return 0;
    }

    /** Sends a signal to all that run, and waits for them. @return how many there were */
    private int end(int signal, int seconds) {
        List<Process> all = processes.processes().stream().filter(process -> !process.ended()).toList();
        all.forEach(process -> process.signal(signal));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            for (Process process : all) {
                process.join(Math.max(1, deadline - System.nanoTime()));
            }
            // those who asked for them are told as well
            while (running.get() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return all.size();
    }

    private void say(Session session, int channel, String text) {
        write(session, channel, ProgramRun.line(text));
    }

    private void write(Session session, int channel, byte[] line) {
        try {
            Channel to = session.channel(channel);
            for (int done = 0; done < line.length;) {
                done += to.write(line, done, line.length - done);
            }
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "nobody listens", e);
        }
    }
}
