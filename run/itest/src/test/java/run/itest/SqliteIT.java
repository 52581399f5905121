package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/**
 * sqlite3, which {@code run/userland} builds, takes 100,000 rows and is killed in the middle, once alone and once with the whole machine:
 * what it had said to be written is there afterwards, all of a transaction or nothing, and it goes on.
 */
@Timeout(900)
class SqliteIT {

    private static final int ROWS = 100_000, EACH = 500, MIDDLE = 50_000;

    private static String spin;
    private static String sqlite;

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() throws Exception {
        spin = Programs.spin();
        sqlite = Userland.build("sqlite3").resolve("sqlite3").toString();
    }

    /** Rows from one number to before another, so many in each transaction, each of which says that it is done. */
    private static String inserts(int from, int to) {
        StringBuilder sql = new StringBuilder();
        for (int first = from; first < to; first += EACH) {
            sql.append("begin;\n");
            for (int i = first; i < first + EACH; i++) {
                sql.append("insert into t values(").append(i).append(", 'row ").append(i * 7919L % 100_003)
                        .append("');\n");
            }
            sql.append("commit;\nselect 'done ").append(first + EACH).append("';\n");
        }
        return sql.toString();
    }

    private Outcome ask(String sql) throws Exception {
        Outcome outcome = Command.run(List.of(spin, "exec", "--new", sqlite, "-batch", "db"),
                List.of("PATH=/usr/bin:/bin"), sql.getBytes(StandardCharsets.UTF_8), folder);
        assertEquals(0, outcome.status(), outcome.error());
        return outcome;
    }

    private int rows() throws Exception {
        Outcome outcome = ask(
                "pragma integrity_check;\nselect count(*), coalesce(min(i), 0), coalesce(max(i), -1) + 1 from t;\n");
        String[] lines = outcome.output().split("\n");
        assertEquals("ok", lines[0], outcome.output());
        String[] counts = lines[1].split("\\|");
        assertEquals("0", counts[1], outcome.output());
        assertEquals(counts[0], counts[2], "a row is missing: " + outcome.output());
        return Integer.parseInt(counts[0]);
    }

    /** Inserts until many are done, and kills it while it does more. @return how many it had said to be done */
    private int insertAndKill(int from, int until, boolean machine) throws Exception {
        Process process = new ProcessBuilder(spin, "exec", "--new", sqlite, "-batch", "db").directory(folder.toFile())
                .redirectError(folder.resolve("errors").toFile()).start();
        Thread writer = Thread.ofVirtual().start(() -> {
            try (Writer to = process.outputWriter()) {
                to.write(inserts(from, ROWS));
            } catch (IOException e) {
                // killed, which is what is wanted
            }
        });
        int done = from;
        for (String line = ""; line != null && done < until;) {
            line = process.inputReader().readLine();
            done = line != null && line.startsWith("done ") ? Integer.parseInt(line.substring(5)) : done;
        }
        assertTrue(done >= until, () -> "ended early: " + read(folder.resolve("errors")));
        if (machine) {
            process.toHandle().destroyForcibly(); // the virtual machine, as when power fails
        } else {
            process.toHandle().destroy(); // SIGTERM, which run/spin passes on, and which ends sqlite at once
        }
        for (String line = process.inputReader().readLine(); line != null; line = process.inputReader().readLine()) {
            done = line.startsWith("done ") ? Integer.parseInt(line.substring(5)) : done;
        }
        assertTrue(process.waitFor() != 0);
        writer.join();
        return done;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void whatWasWrittenIsThereAfterItWasKilled() throws Exception {
        ask("create table t(i integer primary key, x text);\n");
        int said = insertAndKill(0, MIDDLE / 2, false);
        int found = rows();
        assertTrue(found >= said && found % EACH == 0, found + " rows, " + said + " said to be written");
        said = insertAndKill(found, MIDDLE, true);
        found = rows();
        assertTrue(found >= said && found % EACH == 0, found + " rows, " + said + " said to be written");
        ask(inserts(found, ROWS));
        assertEquals(ROWS, rows());
        Outcome sums = ask("select sum(i), sum(length(x)) from t;\n");
        long lengths = 0;
        for (int i = 0; i < ROWS; i++) {
            lengths += ("row " + i * 7919L % 100_003).length();
        }
        assertEquals(ROWS * (ROWS - 1L) / 2 + "|" + lengths + "\n", sums.output());
    }
}
