package bundles.policies.filter;

import bundles.unix.api.Process;
import bundles.unix.api.SyscallTable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Refuses system calls by rules, as seccomp(2) does by programs. It is bound first and cancels: who serves calls never sees those that it
 * refuses. Of the rules the first that meets a call decides; a call that none meets is allowed.
 *
 * <p>Immutable, so that guard and handler may be called by many strands at once; other rules are another component's.
 */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, guard = "refused", cancel = true, name = "filter")
public final class CallFilter implements Syscall {

    /** Property of the framework or the Java virtual machine: the file with the rules; or the rules themselves, with semicolons. */
    public static final String FILE = "spin.filter.file", RULES = "spin.filter.rules";

    private static final int SIGKILL = 9;

    private final Map<Integer, List<Rule>> byNumber = new HashMap<>();
    private final List<Rule> forOthers;

    /**
     * Reads the rules.
     *
     * @throws IOException the file cannot be read, or has a mistake: the message says in which line. Nothing is filtered then
     */
    @Activate
    public CallFilter(@Reference SyscallTable table, @Reference(target = "(spin.filesystem=host)") FileSystem files,
            BundleContext bundle) throws IOException {
        this(table, lines(files, bundle.getProperty(FILE), bundle.getProperty(RULES)));
    }

    CallFilter(SyscallTable table, List<String> lines) throws IOException {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "");
            try {
                if (!line.isBlank()) {
                    rules.add(Rule.parse(line, table));
                }
            } catch (ParseException e) {
                throw new IOException(
                        "rule " + (i + 1) + " of the filter, \"" + line.strip() + "\": " + e.getMessage());
            }
        }
        // Each call meets only those rules that speak of it, in their order.
        rules.stream().flatMap(rule -> rule.numbers().stream()).distinct().forEach(number -> byNumber.put(number,
                rules.stream().filter(rule -> rule.numbers().isEmpty() || rule.numbers().contains(number)).toList()));
        forOthers = rules.stream().filter(rule -> rule.numbers().isEmpty()).toList();
    }

    private static List<String> lines(FileSystem files, String file, String rules) throws IOException {
        if (file != null) {
            return Files.readAllLines(files.getPath(file));
        }
        if (rules != null) {
            return List.of(rules.split(";"));
        }
        throw new IOException("the filter has no rules: name their file in " + FILE + ", or give them in " + RULES);
    }

    private int verdict(UserContext context, int number) {
        Process process = Process.of(context);
        if (process != null) {
            for (Rule rule : byNumber.getOrDefault(number, forOthers)) {
                if (rule.meets(process, context)) {
                    return rule.error();
                }
            }
        }
        return Rule.ALLOW;
    }

    /** Guard: whether the call is refused. */
    public boolean refused(UserContext context, int number) {
        return verdict(context, number) != Rule.ALLOW;
    }

    @Override
    public void syscall(UserContext context, int number) {
        int verdict = verdict(context, number);
        if (verdict == Rule.KILL) {
            Process.of(context).signal(SIGKILL);
            context.fail(1);
        } else {
            context.fail(verdict);
        }
    }
}
