package kernel.core.linker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who is trusted, and what the others may reach beside what everybody may. Read from lines:
 *
 * <pre>
 * # a comment
 * trust SUBJECT        nothing of such a bundle is looked at
 * limit MICROSECONDS   a handler that sets no limit itself may take; 0: any time [1000000]
 * for SUBJECT          what follows is for such bundles alone, until the next of these; for * is for all again
 * allow ... deny ...   as in reach.rules
 * </pre>
 *
 * A SUBJECT is the path of a jar from which the bundle was installed, or {@code same-as} and the path of one that has the same content. In
 * paths {@code *} stands for anything without a slash and {@code **} for anything; they begin at the policy's folder. Thread-safe.
 */
final class Policy {

    private static final long LIMIT = 1_000_000;
    private static final String SAME = "same-as";
    private static final Pattern LOCATION = Pattern.compile("(?:reference:)?file:(?://)?(/.*)");

    private final Path folder;
    private final List<Subject> trusted = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    /** Digests of jars, by path, size and time of change. */
    private final Map<String, String> digests = new ConcurrentHashMap<>();
    private long limit = LIMIT;

    /** Some bundles. @param text as the policy has it; @param path a pattern; @param same whether only the content counts */
    private record Subject(String text, String path, boolean same) {}

    private record Section(Subject subject, List<String> rules) {}

    /** What is known of a bundle. @param digest gives that of its content, which takes time */
    record Candidate(String location, Supplier<String> digest) {}

    private Policy(Path folder) {
        this.folder = folder;
    }

    /**
     * @param folder where relative paths begin
     * @param before lines that are not of the file, for errors
     * @throws IllegalArgumentException a line says nothing; the message names it
     */
    static Policy of(Path folder, List<String> lines, int before) {
        Policy policy = new Policy(folder.toAbsolutePath().normalize());
        Subject subject = policy.subject("*");
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("(^|\\s)#.*", "").strip();
            try {
                subject = policy.take(line, subject);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1 - before) + ": " + e.getMessage(), e);
            }
        }
        return policy;
    }

    private Subject take(String line, Subject current) {
        String[] words = line.split("\\s+", 2);
        String rest = words.length < 2 ? "" : words[1].strip();
        switch (words[0]) {
            case "" -> {
            }
            case "trust" -> trusted.add(subject(rest));
            case "for" -> {
                return subject(rest);
            }
            case "limit" -> {
                if (!rest.matches("\\d{1,12}")) {
                    throw new IllegalArgumentException("limit \"" + rest + "\": write microseconds, or 0 for any time");
                }
                limit = Long.parseLong(rest);
            }
            case "allow", "deny" -> {
                Rules.none().with(List.of(line));
                sections.add(new Section(current, List.of(line)));
            }
            default -> throw new IllegalArgumentException(
                    "\"" + words[0] + "\" is none of trust, limit, for, allow and deny");
        }
        return current;
    }

    private Subject subject(String text) {
        boolean same = text.startsWith(SAME + " ");
        String path = same ? text.substring(SAME.length()).strip() : text;
        if (path.isEmpty()) {
            throw new IllegalArgumentException("name the path of a jar, or same-as and the path of one; * for all");
        }
        String whole = path.equals("*") || path.startsWith("/") ? path : folder + "/" + path;
        return new Subject(text, whole, same);
    }

    /** Microseconds; 0 for any time. */
    long limit() {
        return limit;
    }

    /** @return the line by which a bundle is trusted, or null */
    String trust(Candidate candidate) {
        return Stream.of(false, true) // where it is from first, as its content need not be read then
                .flatMap(same -> trusted.stream().filter(subject -> subject.same == same))
                .filter(subject -> is(candidate, subject)).map(subject -> "trust " + subject.text).findFirst()
                .orElse(null);
    }

    /** What a bundle that is not trusted may reach. @param everybody what all may */
    Rules rules(Candidate candidate, Rules everybody) {
        return everybody.with(sections.stream().filter(section -> is(candidate, section.subject))
                .flatMap(section -> section.rules.stream()).toList());
    }

    private boolean is(Candidate candidate, Subject subject) {
        if (subject.same) {
            return jars(subject.path).stream().anyMatch(jar -> candidate.digest.get().equals(digest(jar)));
        }
        Matcher location = LOCATION.matcher(candidate.location);
        return subject.path.equals("*")
                || location.matches()
                        && Path.of(decoded(location.group(1))).normalize().toString().matches(regex(subject.path));
    }

    /** Without the escapes of a URI (RFC 3986, 2.1). */
    private static String decoded(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] given = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < given.length; i++) {
            boolean escape = given[i] == '%' && i + 2 < given.length && HexFormat.isHexDigit(given[i + 1])
                    && HexFormat.isHexDigit(given[i + 2]);
            bytes.write(escape
                    ? HexFormat.fromHexDigit(given[i + 1]) << 4 | HexFormat.fromHexDigit(given[i + 2])
                    : given[i]);
            i += escape ? 2 : 0;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        Matcher parts = Pattern.compile("\\*\\*|\\*|[^*]+").matcher(pattern);
        while (parts.find()) {
            regex.append(switch (parts.group()) {
                case "**" -> ".*";
                case "*" -> "[^/]*";
                default -> Pattern.quote(parts.group());
            });
        }
        return regex.toString();
    }

    private static List<Path> jars(String pattern) {
        Path above = Path.of(pattern).getParent();
        if (!Files.isDirectory(above)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(above)) {
            return files.filter(file -> file.toString().matches(regex(pattern))).toList();
        } catch (IOException e) {
            return List.of(); // what cannot be read is like nobody
        }
    }

    private String digest(Path jar) {
        try {
            String key = jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
            String known = digests.get(key);
            if (known == null) {
                try (InputStream in = Files.newInputStream(jar)) {
                    known = Content.digest(Content.of(in));
                }
                digests.put(key, known);
            }
            return known;
        } catch (IOException e) {
            return "";
        }
    }
}
