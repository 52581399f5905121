package kernel.core.linker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import kernel.core.linker.Policy.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is trusted, and what else somebody may reach. */
class PolicyTest {

    private static Policy policy(Path folder, String... lines) {
        return Policy.of(folder, List.of(lines), 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /opt/app/*.jar | file:/opt/app/a.jar               | yes
            /opt/app/*.jar | file:///opt/app/a.jar             | yes
            /opt/app/*.jar | reference:file:/opt/app/a.jar     | yes
            /opt/app/*.jar | file:/opt/app/more/a.jar          | no
            /opt/**        | file:/opt/app/more/a.jar          | yes
            /opt/app/*     | file:/opt/app/../../tmp/evil.jar  | no
            app/a.jar      | file:/base/app/a.jar              | yes
            app/a.jar      | file:/other/app/a.jar             | no
            /opt/a.jar     | http://x/opt/a.jar                | no
            /opt/a.jar     | /opt/a.jar                        | no
            /opt/a b/*     | file:/opt/a%20b/%C3%A4.jar        | yes
            /opt/a%20b     | file:/opt/a%2520b                 | yes
            /opt/a%        | file:/opt/a%                      | yes
            /opt/a.b       | file:/opt/aXb                     | no
            *              | anything                          | yes
            """)
    void pathsAreCompared(String subject, String location, String trusted) {
        assertEquals("yes".equals(trusted) ? "trust " + subject : null,
                policy(Path.of("/base"), "trust " + subject).trust(new Candidate(location, () -> "")));
    }

    private static void jar(Path file, Map<String, String> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes());
            }
        }
    }

    @Test
    void contentIsCompared(@TempDir Path folder) throws IOException {
        jar(folder.resolve("a.jar"), Map.of("x", "1", "y", "2"));
        Policy policy = policy(folder, "trust same-as *.jar");
        String same = Content.digest(Map.of("y", "2".getBytes(), "x", "1".getBytes()));
        assertEquals("trust same-as *.jar", policy.trust(new Candidate("anywhere", () -> same)));
        assertNull(policy.trust(new Candidate("file:" + folder + "/a.jar", () -> "other")));
        jar(folder.resolve("a.jar"), Map.of("x", "1", "y", "changed"));
        assertNull(policy.trust(new Candidate("anywhere", () -> same)), "the jar is another one now");
        assertNull(policy(folder, "trust same-as none/*.jar").trust(new Candidate("anywhere", () -> same)));
    }

    @Test
    void namesAndBytesDoNotRunIntoEachOther() {
        assertNotEquals(Content.digest(Map.of("ab", "c".getBytes())), Content.digest(Map.of("a", "bc".getBytes())));
    }

    @Test
    void rulesAreForWhomTheyAreMeant() {
        Policy policy = policy(Path.of("/base"), "# ours", "allow a.* # all", "for one.jar", "deny a.B : not you",
                "for *",
                "allow b.C only d");
        Rules one = policy.rules(new Candidate("file:/base/one.jar", () -> ""), Rules.none());
        Rules other = policy.rules(new Candidate("file:/base/other.jar", () -> ""), Rules.none());
        assertEquals("not you", one.refusal("a.B"));
        assertNull(other.refusal("a.B"));
        assertNull(one.refusal("a.C"));
        assertNull(other.refusal("b.C", "d", "()V"));
        assertEquals("of that class only d", other.refusal("b.C", "e", "()V"));
    }

    @Test
    void limitsAreRead() {
        assertEquals(1_000_000, policy(Path.of("/")).limit());
        assertEquals(0, policy(Path.of("/"), "limit 0").limit());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            trusts /x          | line 2: "trusts" is none of
            trust              | line 2: name the path
            limit soon         | line 2: limit "soon"
            allow              | line 2: "allow" names no class
            allow a.B only     | line 2: "allow a.B only": write
            allow a.* only b   | line 2:
            allow a.B but c    | line 2:
            for                | line 2: name the path
            """)
    void mistakesAreToldWithTheirLine(String line, String message) {
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> policy(Path.of("/"), "# a comment", line));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }
}
