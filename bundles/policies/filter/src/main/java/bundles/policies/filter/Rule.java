package bundles.policies.filter;

import bundles.unix.api.Process;
import bundles.unix.api.SyscallTable;
import java.text.ParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import kernel.core.machine.UserContext;

/**
 * A line of the rules: {@code ACTION [pid=N] [user=N] [program=NAME] CALLS [if aN [& MASK] OP VALUE [and ...]]}. Immutable.
 *
 * @param error what the calls fail with; {@link #ALLOW}, {@link #KILL}
 * @param who of which process; all of these must hold
 * @param numbers which system calls; empty: all
 * @param conditions what must hold of the arguments
 */
record Rule(int error, List<Who> who, Set<Integer> numbers, List<Condition> conditions) {

    /** Instead of an error. */
    static final int ALLOW = 0, KILL = -1;

    private static final int EPERM = 1, MOST_ERROR = 200;

    /** Whose calls are meant. */
    record Who(String what, String value) {

        boolean holds(Process process) {
            return switch (what) {
                case "pid" -> process.id() == Integer.parseInt(value);
                case "user" -> process.user() == Integer.parseInt(value);
                default -> {
                    String name = process.command().split(" ", 2)[0];
                    yield name.substring(name.lastIndexOf('/') + 1).equals(value);
                }
            };
        }
    }

    /** What must hold of an argument, from {@code a0}, as an unsigned number. */
    record Condition(int argument, long mask, String operator, long value) {

        boolean holds(UserContext context) {
            int order = Long.compareUnsigned(context.argument(argument) & mask, value);
            return switch (operator) {
                case "==" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                default -> order > 0;
            };
        }
    }

    /** Whether a call is meant, of which the number is. */
    boolean meets(Process process, UserContext context) {
        return who.stream().allMatch(one -> one.holds(process))
                && conditions.stream().allMatch(condition -> condition.holds(context));
    }

    /**
     * Reads a line.
     *
     * @throws ParseException what is wrong with it; the offset is of no meaning
     */
    static Rule parse(String line, SyscallTable table) throws ParseException {
        Deque<String> words = new ArrayDeque<>(List.of(line.strip().split("\\s+")));
        String action = words.pop();
        int error = switch (action) {
            case "allow" -> ALLOW;
            case "kill" -> KILL;
            case "deny" -> EPERM;
            case "errno" -> errorNumber(next(words, "an error such as ENOSYS"), table);
            default -> throw wrong("allow, deny, kill or errno NAME, not", action);
        };
        List<Who> who = new ArrayList<>();
        while (!words.isEmpty() && words.peek().contains("=")) {
            String[] parts = words.pop().split("=", 2);
            if (!Set.of("pid", "user", "program").contains(parts[0])
                    || !parts[0].equals("program") && !parts[1].matches("[0-9]{1,9}")) {
                throw wrong("pid=N, user=N or program=NAME, not", String.join("=", parts));
            }
            who.add(new Who(parts[0], parts[1]));
        }
        Set<Integer> numbers = numbers(next(words, "system calls, or *"), table);
        List<Condition> conditions = new ArrayList<>();
        for (String begin = "if"; !words.isEmpty(); begin = "and") {
            if (!words.pop().equals(begin)) {
                throw wrong("conditions begin with if, and go on with", "and");
            }
            conditions.add(condition(words));
        }
        return new Rule(error, List.copyOf(who), numbers, List.copyOf(conditions));
    }

    private static Set<Integer> numbers(String calls, SyscallTable table) throws ParseException {
        Set<Integer> numbers = new TreeSet<>();
        if (calls.equals("*")) {
            return numbers;
        }
        for (String call : calls.split(",")) {
            numbers.add(table.numbers().stream().filter(number -> table.name(number).equals(call)).findFirst()
                    .orElseThrow(() -> wrong("no system call is called", call)));
        }
        return numbers;
    }

    private static Condition condition(Deque<String> words) throws ParseException {
        String argument = next(words, "an argument, a0 to a5");
        if (!argument.matches("a[0-5]")) {
            throw wrong("arguments are a0 to a5, not", argument);
        }
        String operator = next(words, "==, !=, < or >");
        long mask = -1;
        if (operator.equals("&")) {
            mask = number(next(words, "a mask"));
            operator = next(words, "==, !=, < or >");
        }
        if (!Set.of("==", "!=", "<", ">").contains(operator)) {
            throw wrong("compare by ==, !=, < or >, not", operator);
        }
        return new Condition(argument.charAt(1) - '0', mask, operator, number(next(words, "a number")));
    }

    private static long number(String word) throws ParseException {
        try {
            return Long.decode(word);
        } catch (NumberFormatException e) {
            throw wrong("numbers are 8, 010 or 0x8, not", word);
        }
    }

    private static int errorNumber(String name, SyscallTable table) throws ParseException {
        for (int error = 1; error < MOST_ERROR; error++) {
            if (table.errorName(error).equals(name)) {
                return error;
            }
        }
        throw wrong("no error is called", name);
    }

    private static String next(Deque<String> words, String wanted) throws ParseException {
        if (words.isEmpty()) {
            throw wrong("ends too early: there should be", wanted);
        }
        return words.pop();
    }

    private static ParseException wrong(String what, String word) {
        return new ParseException(what + " " + word, 0);
    }
}
