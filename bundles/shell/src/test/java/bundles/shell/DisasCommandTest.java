package bundles.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import kernel.core.machine.Boot;
import kernel.core.machine.Disassembler;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.TranslationContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasCommandTest {

    private static final long CODE = 0x1_2000_0000L;
    private static final int PAGE = 8192;

    @TempDir
    Path folder;

    private DisasCommand command;
    private Path program;

    /** Words are what they are; 9 is a branch to the address of {@code second}. */
    private static final Disassembler WORDS = new Disassembler() {
        @Override
        public int instructionSize() {
            return 4;
        }

        @Override
        public String disassemble(int word, long address) {
            return word == 9 ? "br $31,0x" + Long.toHexString(CODE + 8) : "word " + word;
        }
    };

    @BeforeEach
    void make() throws IOException {
        Boot boot = new Boot(Boot.Mode.IDLE, List.of(), List.of(), folder.toString(), folder.toString(), 0);
        command = new DisasCommand(WORDS, processes(), proxy(PhysAddr.class, "pageSize", PAGE), boot,
                FileSystems.getDefault());
        program = Files.write(folder.resolve("program"), elf());
    }

    /** An object of an interface that answers one method. */
    private static <T> T proxy(Class<T> type, String name, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, method, arguments) -> {
            if (method.getName().equals(name)) {
                return answer;
            }
            throw new UnsupportedOperationException(method.getName());
        }));
    }

    /** One process, number 7, in which the page at {@link #CODE} is full of words 5. */
    private static Processes processes() {
        Frame frame = proxyFrame();
        TranslationContext space = (TranslationContext) Proxy.newProxyInstance(Frame.class.getClassLoader(),
                new Class<?>[]{TranslationContext.class},
                (_, _, arguments) -> ((long) arguments[0] & -PAGE) == CODE ? frame : null);
        Process process = proxy(Process.class, "translation", space);
        return (Processes) Proxy.newProxyInstance(Processes.class.getClassLoader(), new Class<?>[]{Processes.class},
                (_, _, arguments) -> (int) arguments[0] == 7 ? process : null);
    }

    private static Frame proxyFrame() {
        return (Frame) Proxy.newProxyInstance(Frame.class.getClassLoader(), new Class<?>[]{Frame.class},
                (_, _, arguments) -> {
                    ((byte[]) arguments[1])[(int) arguments[2]] = 5;
                    return null;
                });
    }

    /** A segment of six words, 1 to 5 and a branch, with symbols {@code first} of two words and {@code second}. */
    private static byte[] elf() {
        byte[] names = "\0first\0second\0".getBytes(StandardCharsets.US_ASCII);
        int symbols = 64 + 56 + 24, strings = symbols + 3 * 24, sections = strings + 16;
        ByteBuffer file = ByteBuffer.allocate(sections + 2 * 64).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[]{0x7F, 'E', 'L', 'F', 2, 1, 1}).position(24);
        file.putLong(CODE + 8).putLong(64).putLong(sections);
        file.putShort(56, (short) 1).putShort(60, (short) 2);
        file.position(64);
        file.putInt(1).putInt(5).putLong(120).putLong(CODE).putLong(CODE).putLong(24).putLong(24).putLong(PAGE);
        file.putInt(1).putInt(2).putInt(3).putInt(4).putInt(5).putInt(9);
        file.position(symbols + 24);
        file.putInt(1).put((byte) 0x12).put((byte) 0).putShort((short) 1).putLong(CODE).putLong(8);
        file.putInt(7).put((byte) 0x12).put((byte) 0).putShort((short) 1).putLong(CODE + 8).putLong(0);
        file.put(strings, names);
        file.putInt(sections + 4, 2).putLong(sections + 24, symbols).putLong(sections + 32, 72).putInt(sections + 40,
                1);
        file.putLong(sections + 64 + 24, strings);
        return file.array();
    }

    private String disas(String... words) throws Exception {
        FakeSession session = new FakeSession();
        command.disas(session.session(), words);
        return session.printed();
    }

    private void refused(String said, String... words) {
        String message = assertThrows(Failure.class, () -> disas(words)).getMessage();
        assertTrue(message.contains(said), message);
    }

    @Test
    void aSymbolIsShownToItsEnd() throws Exception {
        assertEquals("<first>:\n  0x120000000  00000001  word 1\n  0x120000004  00000002  word 2\n",
                disas(program.toString(), "first"));
    }

    @Test
    void fromTheEntryToTheEndOfTheFile() throws Exception {
        assertEquals("<second>:\n  0x120000008  00000003  word 3\n  0x12000000c  00000004  word 4\n"
                + "  0x120000010  00000005  word 5\n  0x120000014  00000009  br $31,0x120000008 <second>\n",
                disas("program"));
    }

    @Test
    void anAddressInTheMiddle() throws Exception {
        assertEquals("<first+0x4>:\n  0x120000004  00000002  word 2\n<second>:\n  0x120000008  00000003  word 3\n",
                disas("program", "0x120000004", "2"));
    }

    @Test
    void theMemoryOfAProcess() throws Exception {
        assertEquals("  0x120001ffc  00000005  word 5\n", disas("7", "120001ffc", "9"));
        refused("there is nothing at 0x5000", "7", "5000");
        refused("There is no process 8", "8", "5000");
        refused("where in process 7", "7");
    }

    @Test
    void mistakesAreExplained() throws Exception {
        refused("of what?");
        refused("cannot be read", "missing");
        refused("no symbol \"third\"", "program", "third");
        refused("no number of instructions", "program", "first", "0");
        refused("there is nothing at 0x10", "program", "10");
        Files.writeString(folder.resolve("text"), "hello");
        refused("not a program", "text");
    }

    @Test
    void damagedFilesAreShownAsFarAsTheyGo() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = elf();
            for (int damage = random.nextInt(8); damage >= 0; damage--) {
                bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
            }
            Files.write(folder.resolve("damaged"), bytes);
            try {
                disas("damaged");
            } catch (Failure e) {
                assertTrue(e.getMessage().startsWith("disas: "), e::getMessage);
            }
        }
    }
}
