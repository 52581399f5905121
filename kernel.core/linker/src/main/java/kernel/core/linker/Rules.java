package kernel.core.linker;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What code may reach: classes by name, and members of them. What no rule names cannot be reached. The language is explained in {@code
 * reach.rules}, which has the rules for everybody. Immutable once made; names are those of Java, with dots, and {@code $} before classes in
 * classes.
 */
final class Rules {

    private static final String UNNAMED = "it is not among what extensions may reach; "
            + "the policy can allow it, or trust the bundle";

    private final Map<String, Rule> classes;
    private final Map<String, Rule> packages;
    /** Packages that any rule is about. */
    private final Set<String> known;

    private enum Mode {
        ALLOW, ONLY, EXCEPT, DENY
    }

    /** @param members that the mode is about; @param reason why it refuses what it refuses, or empty */
    private record Rule(Mode mode, List<String> members, String reason) {}

    private Rules(Map<String, Rule> classes, Map<String, Rule> packages) {
        this.classes = classes;
        this.packages = packages;
        known = new HashSet<>(packages.keySet());
        classes.keySet().forEach(name -> known.add(packageOf(name)));
    }

    static Rules none() {
        return new Rules(Map.of(), Map.of());
    }

    /**
     * These, and after them others.
     *
     * @param lines a rule each
     * @throws IllegalArgumentException one of them is none
     */
    Rules with(List<String> lines) {
        Map<String, Rule> all = new HashMap<>(classes);
        Map<String, Rule> wide = new HashMap<>(packages);
        for (String line : lines) {
            int colon = line.indexOf(" : ");
            String[] words = (colon < 0 ? line : line.substring(0, colon)).strip().split("\\s+");
            if (words.length < 2 || !words[1].matches("[\\w.$]+?(\\.\\*)?")) {
                throw new IllegalArgumentException("\"" + line + "\" names no class and no package");
            }
            Rule rule = rule(line, words, colon < 0 ? "" : line.substring(colon + 3).strip());
            if (words[1].endsWith(".*")) {
                if (!rule.members.isEmpty()) {
                    throw new IllegalArgumentException("\"" + line + "\": members are those of a class");
                }
                wide.put(words[1].substring(0, words[1].length() - 2), rule);
            } else {
                all.put(words[1], rule);
            }
        }
        return new Rules(Map.copyOf(all), Map.copyOf(wide));
    }

    private static Rule rule(String line, String[] words, String reason) {
        List<String> members = List.of(words).subList(Math.min(3, words.length), words.length);
        String verb = words.length == 2 ? words[0] : words[0] + " " + words[2];
        Mode mode = switch (verb) {
            case "allow" -> Mode.ALLOW;
            case "allow only" -> Mode.ONLY;
            case "allow except" -> Mode.EXCEPT;
            case "deny" -> Mode.DENY;
            default -> null;
        };
        if (mode == null || (mode == Mode.ONLY || mode == Mode.EXCEPT) == members.isEmpty()) {
            throw new IllegalArgumentException("\"" + line
                    + "\": write allow NAME, allow CLASS only MEMBER..., allow CLASS except MEMBER... or deny NAME : reason");
        }
        return new Rule(mode, members, reason);
    }

    /** Whether a package is named at all: what is in it is then meant, whoever else has classes of that package. */
    boolean knows(String packageName) {
        return known.contains(packageName);
    }

    /** Whether something of a package may be reached. */
    boolean reachesInto(String packageName) {
        Rule wide = packages.get(packageName);
        return wide != null && wide.mode != Mode.DENY || classes.entrySet().stream()
                .anyMatch(rule -> packageOf(rule.getKey()).equals(packageName) && rule.getValue().mode != Mode.DENY);
    }

    /** @return why a class cannot be reached, or null if it can */
    String refusal(String type) {
        Rule rule = of(type);
        return rule == null ? UNNAMED : rule.mode != Mode.DENY ? null : rule.reason.isEmpty() ? UNNAMED : rule.reason;
    }

    /**
     * @param type a class that can be reached
     * @param member its name, {@code <init>} for a constructor
     * @param descriptor of the Java virtual machine
     * @return why that member cannot be reached, or null if it can
     */
    String refusal(String type, String member, String descriptor) {
        Rule rule = of(type);
        if (rule == null || rule.mode == Mode.ALLOW || rule.mode == Mode.DENY) {
            return refusal(type);
        }
        boolean named = rule.members.stream().anyMatch(pattern -> matches(pattern, member, descriptor));
        if (named == (rule.mode == Mode.ONLY)) {
            return null;
        }
        return !rule.reason.isEmpty()
                ? rule.reason
                : rule.mode == Mode.ONLY
                        ? "of that class only " + String.join(", ", rule.members)
                        : UNNAMED;
    }

    /** @return why a class, or all of its package, is closed by a rule that says so, or null */
    String denial(String type) {
        Rule rule = of(type);
        return rule != null && rule.mode == Mode.DENY ? rule.reason : null;
    }

    private static boolean matches(String pattern, String member, String descriptor) {
        boolean open = pattern.endsWith("*");
        String wanted = open ? pattern.substring(0, pattern.length() - 1) : pattern;
        String whole = wanted.contains("(") ? member + descriptor : member;
        return open ? whole.startsWith(wanted) : whole.equals(wanted);
    }

    /** Its own rule, the one of the class around it, or its package's. */
    private Rule of(String type) {
        Rule own = classes.get(type);
        for (int at = type.lastIndexOf('$'); own == null && at > 0; at = type.lastIndexOf('$', at - 1)) {
            Rule outer = classes.get(type.substring(0, at));
            if (outer != null && outer.mode != Mode.ONLY) { // what is meant by "only" is not its classes
                own = outer.mode == Mode.EXCEPT ? new Rule(Mode.ALLOW, List.of(), "") : outer;
            }
        }
        return own != null ? own : packages.get(packageOf(type));
    }

    static String packageOf(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot);
    }
}
