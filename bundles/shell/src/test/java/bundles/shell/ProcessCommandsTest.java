package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.Boot;
import kernel.core.machine.Clock;
import org.junit.jupiter.api.Test;

class ProcessCommandsTest {

    private final List<FakeProcess> known = new ArrayList<>();
    private final List<Launch> launched = new ArrayList<>();

    private final Processes processes = new Processes() {
        @Override
        public int debug(Process process, int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean toFront(Process process) {
            return false;
        }

        @Override
        public void toBack(Process process) {}

        @Override
        public Process start(Launch launch) throws ExecException {
            launched.add(launch);
            if (launch.path().equals("bad")) {
                throw new ExecException("bad: no such file", 127);
            }
            return known.getLast();
        }

        @Override
        public List<Process> processes() {
            return List.copyOf(known);
        }

        @Override
        public Process find(int id) {
            return known.stream().filter(p -> p.id() == id).findFirst().orElse(null);
        }
    };

    private final FakeSession session = new FakeSession();
    private final ProcessCommands commands = new ProcessCommands(processes,
            new Boot(Boot.Mode.SHELL, List.of(), List.of("A=1"), "/tmp", "/", 0), new Clock() {
                @Override
                public long realTime() {
                    return 0;
                }

                @Override
                public long monotonicTime() {
                    return 3_500_000_000L;
                }
            }, FileSystems.getDefault(), null); // nothing asks for the console outside a command line

    private static String message(org.junit.jupiter.api.function.Executable executable) {
        return assertThrows(Failure.class, executable).getMessage();
    }

    @Test
    void psTellsWhatProcessesDo() {
        known.add(new FakeProcess(1, -1, 0));
        known.add(new FakeProcess(2, 3, 0));
        known.add(new FakeProcess(13, 139, 11));
        commands.ps(session.session());
        assertEquals("""
                PID  STATE           SECONDS  MINSN  UNALIGNED  KB  PPID  GROUP  COMMAND
                  1  running             2.5     12          0  24     0      1  prog1 x
                  2  ended 3               -     12          0  24     0      2  prog2 x
                 13  killed SIGSEGV        -     12          0  24     0     13  prog13 x
                """, session.printed());
    }

    @Test
    void execInTheBackgroundSaysItsNumberAndPassesOptionsOfTheProgramOn() throws Exception {
        known.add(new FakeProcess(4, -1, 0));
        commands.exec(session.session(), "-b", "prog", "-b", "-o");
        assertEquals("[4] prog4 x\n", session.printed());
        Launch launch = launched.getFirst();
        assertEquals(List.of("prog", "-b", "-o"), launch.arguments());
        assertEquals(List.of("A=1"), launch.environment());
        assertEquals("/tmp", launch.directory());
        assertEquals(-1, ((Streams.Attached) launch.streams()).input().read());
    }

    @Test
    void execSaysWhatIsWrong() {
        assertTrue(message(() -> commands.exec(session.session())).contains("which program?"));
        assertTrue(message(() -> commands.exec(session.session(), "-z", "x")).contains("no option -z"));
        assertTrue(message(() -> commands.exec(session.session(), "-o")).contains("-o wants a file name"));
        assertTrue(message(() -> commands.exec(session.session(), "-b", "bad")).contains("bad: no such file"));
    }

    @Test
    void killTakesNamesAndNumbers() throws Exception {
        known.add(new FakeProcess(5, -1, 0));
        commands.kill("5");
        commands.kill("-9", "5");
        commands.kill("-SIGUSR1", "5");
        commands.kill("-int", "5");
        assertEquals(List.of(15, 9, 30, 2), known.getFirst().signals);
    }

    @Test
    void killSaysWhatIsWrong() {
        known.add(new FakeProcess(6, 0, 0));
        assertTrue(message(() -> commands.kill()).contains("whom?"));
        assertTrue(message(() -> commands.kill("-FOO", "6")).contains("no signal \"FOO\""));
        assertTrue(message(() -> commands.kill("-65", "6")).contains("no signal \"65\""));
        assertTrue(message(() -> commands.kill("7")).contains("no process 7"));
        assertTrue(message(() -> commands.kill("x")).contains("no process x"));
        assertTrue(message(() -> commands.kill("6")).contains("has ended"));
    }

    @Test
    void waitSaysHowProcessesEndedAndForgetsThem() throws Exception {
        known.add(new FakeProcess(1, 0, 0));
        known.add(new FakeProcess(2, 137, 9));
        WaitCommand wait = new WaitCommand(processes);
        wait.execute(session.session(), List.of("2"));
        assertTrue(known.get(1).reaped && !known.get(0).reaped);
        wait.execute(session.session(), List.of());
        assertTrue(known.get(0).reaped);
        assertTrue(session.printed().startsWith("[2] prog2 x: killed by signal SIGKILL, status 137\n"));
        assertTrue(session.printed().contains("[1] prog1 x: ended with status 0\n"));
        assertTrue(message(() -> wait.execute(session.session(), List.of("9"))).contains("no process 9"));
    }
}
