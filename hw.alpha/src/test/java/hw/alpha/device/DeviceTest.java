package hw.alpha.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hw.alpha.mmu.PhysicalMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Boot, clock, console and host signals. */
@Timeout(60)
class DeviceTest {

    private final HostConsole console = new HostConsole(Map.of("spin.columns", "132")::get, (bytes, length) -> {},
            name -> {});

    @Test
    void bootFromProperties() {
        Boot boot = Firmware.boot(Map.of("spin.mode", "exec", "spin.arguments", "2", "spin.argument.0", "/bin/ls",
                "spin.argument.1", "a b", "spin.environments", "1", "spin.environment.0", "A=b", "spin.directory",
                "/tmp",
                "spin.started", "12")::get);
        assertEquals(new Boot(Boot.Mode.EXEC, List.of("/bin/ls", "a b"), List.of("A=b"), "/tmp", "/tmp", 12), boot);
        assertEquals(Boot.Mode.IDLE, Firmware.boot(name -> null).mode());
    }

    @Test
    void badPropertiesAreNamed() {
        for (Map<String, String> properties : List.of(Map.of("spin.mode", "fast"), Map.of("spin.arguments", "x"),
                Map.of("spin.arguments", "1"))) {
            String message = assertThrows(IllegalArgumentException.class, () -> Firmware.boot(properties::get))
                    .getMessage();
            assertTrue(message.contains("spin."), message);
        }
    }

    @Test
    void clockGoesOn() {
        SystemClock clock = new SystemClock();
        long first = clock.monotonicTime();
        assertTrue(first >= 0 && clock.monotonicTime() >= first);
        assertTrue(Math.abs(clock.realTime() / 1_000_000 - System.currentTimeMillis()) < 60_000);
    }

    @Test
    void workstation() {
        Workstation machine = new Workstation(new PhysicalMemory(64L << 20));
        assertEquals(64L << 20, machine.memory());
        assertTrue(machine.processors() > 0);
        assertEquals("DEC Alpha EV67", machine.name());
    }

    @Test
    void kinds() {
        assertEquals(Console.Kind.FILE, HostStream.kind(0100644, 0));
        assertEquals(Console.Kind.TERMINAL, HostStream.kind(0020620, 136 << 8 | 3));
        assertEquals(Console.Kind.DEVICE, HostStream.kind(0020666, 1 << 8 | 3));
        assertEquals(Console.Kind.PIPE, HostStream.kind(0010600, 0));
        assertEquals(Console.Kind.PIPE, HostStream.kind(0140777, 0));
    }

    @Test
    void consoleSizeAndMisuse() {
        assertEquals(132, console.columns());
        assertTrue(console.rows() > 0);
        assertThrows(IllegalArgumentException.class, () -> console.send(Console.INPUT, new byte[1], 0, 1));
        assertThrows(IllegalArgumentException.class, () -> console.receive(0));
        assertThrows(IndexOutOfBoundsException.class, () -> console.kind(3));
    }

    @Test
    void inputAfterInterruptionIsNotLost() throws Exception {
        PipedOutputStream keyboard = new PipedOutputStream();
        Receiver receiver = new Receiver(new PipedInputStream(keyboard));
        AtomicReference<IOException> seen = new AtomicReference<>();
        Thread waiting = Thread.ofPlatform().daemon().start(() -> {
            try {
                receiver.receive(100);
            } catch (IOException e) {
                seen.set(e);
            }
        });
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        waiting.interrupt();
        waiting.join();
        assertEquals(InterruptedIOException.class, seen.get().getClass());
        keyboard.write(new byte[]{1, 2, 3});
        keyboard.flush();
        assertArrayEquals(new byte[]{1, 2}, receiver.receive(2));
        assertArrayEquals(new byte[]{3}, receiver.receive(2));
        keyboard.close();
        assertEquals(0, receiver.receive(1).length);
        receiver.close();
        assertThrows(IOException.class, () -> receiver.receive(1));
    }

    @Test
    void nothingIsReadAhead() throws IOException {
        AtomicReference<Integer> asked = new AtomicReference<>(0);
        Receiver receiver = new Receiver(new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                asked.set(asked.get() + length);
                return length;
            }
        });
        assertEquals(3, receiver.receive(3).length);
        assertEquals(4, receiver.receive(4).length);
        assertEquals(7, asked.get());
        receiver.close();
    }

    @Test
    void hostSignals() throws Exception {
        BlockingQueue<String> names = new ArrayBlockingQueue<>(1);
        HostSignals signals = new HostSignals(names::add);
        if (signals.listen("WINCH", "NOSUCH") == 0) {
            return;
        }
        new ProcessBuilder("kill", "-WINCH", Long.toString(ProcessHandle.current().pid())).start().waitFor();
        assertEquals("WINCH", names.poll(30, TimeUnit.SECONDS));
        signals.close();
    }
}
