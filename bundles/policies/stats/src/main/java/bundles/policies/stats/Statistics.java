package bundles.policies.stats;

import bundles.unix.api.SyscallTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.core.machine.CodeTranslation;
import kernel.core.machine.Console;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.MemoryStatistics;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Counts system calls, and says when it is taken away how many there were of each and how long they took, with the page faults and the
 * translations of that time ({@code run/spin exec --stats}).
 *
 * <p>Two handlers of one event, bound in code: the first before all others, the second behind them. Concurrency: a context's two calls
 * come one after the other in its strand; counters may be added to by many.
 */
@Component(service = Statistics.class, immediate = true)
public final class Statistics {

    private static final double MILLION = 1e6;

    /** Of one system call. */
    private static final class Count {
        final LongAdder calls = new LongAdder(), errors = new LongAdder(), time = new LongAdder();
    }

    private final SyscallTable table;
    private final Console console;
    private final AddressSpaces spaces;
    private final CodeTranslation translation;
    private final Map<UserContext, Long> begun = new ConcurrentHashMap<>();
    private final Map<Integer, Count> counts = new ConcurrentHashMap<>();
    private final MemoryStatistics faultsBefore;
    private final CodeTranslation.Statistics codeBefore;
    private final List<Bound> bindings;

    /** Begins to count. */
    @Activate
    public Statistics(@Reference Dispatcher dispatcher, @Reference SyscallTable table, @Reference Console console,
            @Reference AddressSpaces spaces, @Reference CodeTranslation translation) {
        this.table = table;
        this.console = console;
        this.spaces = spaces;
        this.translation = translation;
        faultsBefore = spaces.statistics();
        codeBefore = translation.statistics();
        bindings = List.of(
                dispatcher.bind(Binding.handler(Syscall.class, this::begins).order(Binding.FIRST).name("stats.begin")),
                dispatcher.bind(Binding.handler(Syscall.class, this::ends).order(Binding.LAST).name("stats.end")));
    }

    private void begins(UserContext context, int number) {
        begun.put(context, System.nanoTime());
    }

    private void ends(UserContext context, int number) {
        Long start = begun.remove(context);
        if (start == null) {
            return; // it began before this was bound
        }
        Count count = counts.computeIfAbsent(number, first -> new Count());
        count.calls.increment();
        count.time.add(System.nanoTime() - start);
        if (context.failed()) {
            count.errors.increment();
        }
    }

    /** Ends, and tells. */
    @Deactivate
    void tell() {
        bindings.forEach(Bound::close);
        StringBuilder text = new StringBuilder("system call              calls     errors   total ms    mean us\n");
        counts.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().time.sum())).forEach(entry -> {
                    Count count = entry.getValue();
                    long calls = count.calls.sum();
                    text.append("%-20s %9d %10d %10.3f %10.2f%n".formatted(table.name(entry.getKey()), calls,
                            count.errors.sum(), count.time.sum() / MILLION, count.time.sum() / 1e3 / calls));
                });
        MemoryStatistics faults = spaces.statistics();
        text.append("page faults: %d zero-filled, %d filled by pagers, %d copied on write, %d mapped, %d failed%n"
                .formatted(
                        faults.zero() - faultsBefore.zero(), faults.filled() - faultsBefore.filled(),
                        faults.copied() - faultsBefore.copied(), faults.mapped() - faultsBefore.mapped(),
                        faults.failed() - faultsBefore.failed()));
        CodeTranslation.Statistics code = translation.statistics();
        text.append("translations: %d regions in %.1f ms, entered %d times from interpreted code, %d impossible%n"
                .formatted(
                        code.regions() - codeBefore.regions(), (code.time() - codeBefore.time()) / MILLION,
                        code.entered() - codeBefore.entered(), code.failures() - codeBefore.failures()));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        try {
            console.send(Console.ERROR, bytes, 0, bytes.length);
        } catch (IOException e) {
            // the console is gone: there is nobody to tell
        }
    }
}
