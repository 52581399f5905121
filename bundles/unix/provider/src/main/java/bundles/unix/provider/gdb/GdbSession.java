package bundles.unix.provider.gdb;

import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import kernel.core.machine.UserContext;
import kernel.core.strand.Strands;

/**
 * Answers one debugger's packets until it goes. All threads stop when one has something to report, and "vCont" says which of them go on.
 *
 * <p>Concurrency: one strand takes what is to be done from a queue: packets, which another strand reads, and reports of the program's.
 */
final class GdbSession {

    /** GDB's registers of the Alpha: as {@link UserContext} numbers them, and one between that has no name. */
    private static final int REGISTERS = 67, NONE = 65;
    private static final int MOST = 0x4000;
    private static final Object CLOSED = new Object();
    private static final int SP = 30;

    private final Target target;
    private final PacketStream stream;
    private final LinkedBlockingQueue<Object> events;
    private final Strands strands;
    private final boolean attaching;
    private final Set<Long> steps = new HashSet<>();
    private String last = "";
    /** Threads that "g" and its like, and "c", mean; 0: any. */
    private int selected;
    private int resumed;
    private boolean running = true;
    private boolean over;
    private long entryStack;

    /**
     * @param events what the program reports, and what the debugger wants
     * @param attaching whether the program ran before: it goes on when the debugger quits
     */
    GdbSession(Target target, PacketStream stream, LinkedBlockingQueue<Object> events, Strands strands,
            boolean attaching) {
        this.attaching = attaching;
        this.target = target;
        this.stream = stream;
        this.events = events;
        this.strands = strands;
    }

    void run() {
        try {
            // The stop at the entry comes before anything is answered.
            report((Target.Report) events.take());
            strands.fork("gdb-in", this::readAll);
            while (!over) {
                Object event = events.take();
                if (event instanceof Target.Report report) {
                    report(report);
                } else if (event == CLOSED) {
                    target.removeAll();
                    target.detach();
                    return;
                } else if (event.equals(PacketStream.INTERRUPT)) {
                    if (running) {
                        target.interrupt();
                    }
                } else {
                    String answer = answer((String) event);
                    if (answer != null) {
                        stream.write(answer);
                    }
                }
            }
        } catch (IOException e) {
            target.detach();
        } catch (InterruptedException e) {
            target.kill();
        } finally {
            stream.close();
        }
    }

    private void readAll() {
        try {
            while (true) {
                events.add(stream.read());
            }
        } catch (IOException e) {
            events.add(CLOSED);
        }
    }

    private void report(Target.Report report) throws IOException, InterruptedException {
        boolean first = last.isEmpty();
        if (report.thread() == null) {
            int word = report.signal();
            last = (word & 0x7F) == 0
                    ? "W%02x".formatted(word >> 8 & 0xFF)
                    : "X%02x".formatted(GdbSignals.toGdb(word & 0x7F));
            over = true;
        } else {
            target.settle();
            UnixThread thread = report.thread();
            selected = thread.id();
            for (long step : steps) {
                if (report.signal() == GdbSignals.TRAP && thread.context().pc() == step + 4) {
                    thread.context().setPc(step);
                }
                target.remove(step);
            }
            steps.clear();
            if (first) {
                entryStack = thread.context().register(SP);
            }
            last = "T%02xthread:%x;".formatted(report.signal(), thread.id());
            if (report.executed()) {
                entryStack = thread.context().register(SP);
                last += "exec:%s;".formatted(hex(file()));
            }
        }
        if (running && !first) {
            stream.write(last);
        }
        running = false;
    }

    private String answer(String packet) throws IOException, InterruptedException {
        String rest = packet.isEmpty() ? "" : packet.substring(1);
        try {
            return switch (packet.isEmpty() ? ' ' : packet.charAt(0)) {
                case '?' -> last;
                case 'g' -> registers();
                case 'G' -> setRegisters(rest);
                case 'p' -> register(Integer.parseInt(rest, 16));
                case 'P' -> setRegister(rest);
                case 'm' -> read(rest);
                case 'M' -> write(rest, HexFormat.of().parseHex(rest.substring(rest.indexOf(':') + 1)));
                case 'X' -> write(rest, rest.substring(rest.indexOf(':') + 1)
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                case 'Z', 'z' -> breakpoint(packet);
                case 'H' -> select(rest);
                case 'T' -> target.find(id(rest)) == null ? "E01" : "OK";
                case 'c', 'C', 's', 'S' -> go(packet);
                case 'D' -> {
                    target.removeAll();
                    target.detach();
                    over = true;
                    yield "OK";
                }
                case 'k' -> {
                    target.kill();
                    over = true;
                    yield null;
                }
                case 'v' -> verbose(packet);
                case 'q', 'Q' -> query(packet);
                default -> "";
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return "E02"; // a packet that is not what the manual says
        }
    }

    private static int id(String text) {
        return text.equals("-1") || text.isEmpty() ? 0 : Integer.parseInt(text, 16);
    }

    private UnixThread thread() {
        UnixThread thread = target.find(selected);
        return thread == null ? target.threads().getFirst() : thread;
    }

    private String select(String rest) {
        int id = id(rest.substring(1));
        if (id != 0 && target.find(id) == null) {
            return "E01";
        }
        if (rest.charAt(0) == 'g') {
            selected = id == 0 ? selected : id;
        } else {
            resumed = id;
        }
        return "OK";
    }

    // Registers and memory

    /** Of the program that runs. */
    private String file() {
        return target.process().executable().toAbsolutePath().toString();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String hex(long value) {
        return "%016x".formatted(Long.reverseBytes(value));
    }

    private static long value(String text) {
        return Long.reverseBytes(Long.parseUnsignedLong(text, 16));
    }

    private String registers() {
        StringBuilder all = new StringBuilder();
        for (int register = 0; register < REGISTERS; register++) {
            all.append(register(register));
        }
        return all.toString();
    }

    private String register(int number) {
        return number == NONE ? hex(0) : hex(thread().context().register(number));
    }

    private String setRegisters(String text) {
        for (int register = 0; register < REGISTERS && text.length() >= 16 * (register + 1); register++) {
            setRegister(register, value(text.substring(16 * register, 16 * (register + 1))));
        }
        return "OK";
    }

    private String setRegister(String text) {
        int equals = text.indexOf('=');
        setRegister(Integer.parseInt(text.substring(0, equals), 16), value(text.substring(equals + 1)));
        return "OK";
    }

    private void setRegister(int number, long value) {
        if (number == UserContext.PC) {
            thread().context().setPc(value);
        } else if (number != NONE) {
            thread().context().setRegister(number, value);
        }
    }

    private String read(String rest) {
        String[] parts = rest.split(",");
        byte[] bytes = target.read(thread(), Long.parseUnsignedLong(parts[0], 16),
                Math.min(MOST / 2, Integer.parseInt(parts[1], 16)));
        return bytes == null ? "E01" : HexFormat.of().formatHex(bytes);
    }

    private String write(String rest, byte[] bytes) {
        return target.write(thread(), Long.parseUnsignedLong(rest.substring(0, rest.indexOf(',')), 16), bytes)
                ? "OK"
                : "E01";
    }

    private String breakpoint(String packet) {
        if (packet.charAt(1) != '0') {
            return ""; // breakpoints that no bpt makes: there are none
        }
        long address = Long.parseUnsignedLong(packet.split(",")[1], 16);
        return (packet.charAt(0) == 'Z' ? target.plant(address) : target.remove(address)) ? "OK" : "E01";
    }

    // Going on

    /** c, C, s and S, which may name a signal and an address. */
    private String go(String packet) throws IOException {
        boolean step = Character.toLowerCase(packet.charAt(0)) == 's';
        int signal = 0;
        String rest = packet.substring(1);
        if (Character.isUpperCase(packet.charAt(0))) {
            signal = GdbSignals.fromGdb(Integer.parseInt(rest.substring(0, 2), 16));
            rest = rest.substring(Math.min(rest.length(), 3));
        }
        if (!rest.isEmpty()) {
            thread().context().setPc(Long.parseUnsignedLong(rest, 16));
        }
        target.give(thread().id(), signal);
        if (step) {
            step(thread());
        }
        resume(step ? Set.of(thread().id()) : resumed == 0 ? null : Set.of(resumed));
        return null;
    }

    /** {@code vCont;ACTION[:THREAD]...}: the first action that names a thread, or none, is the thread's. */
    private String verbose(String packet) throws IOException {
        if (packet.equals("vCont?")) {
            return "vCont;c;C;s;S";
        }
        if (packet.startsWith("vKill")) {
            target.kill();
            over = true;
            return "OK";
        }
        if (!packet.startsWith("vCont;")) {
            return "";
        }
        Set<Integer> run = new HashSet<>();
        boolean all = false;
        for (String part : packet.substring("vCont;".length()).split(";")) {
            String[] action = part.split(":");
            int id = action.length > 1 ? id(action[1]) : 0;
            int signal = Character.isUpperCase(action[0].charAt(0))
                    ? GdbSignals.fromGdb(Integer.parseInt(action[0].substring(1), 16))
                    : 0;
            for (UnixThread thread : target.threads()) {
                if ((id == 0 || id == thread.id()) && run.add(thread.id())) {
                    // What no action names another thread for is the thread's that reported.
                    target.give(thread.id(), signal);
                    if (Character.toLowerCase(action[0].charAt(0)) == 's') {
                        step(thread);
                    }
                }
            }
            all |= id == 0;
        }
        resume(all ? null : run);
        return null;
    }

    private void step(UnixThread thread) {
        byte[] word = target.read(thread, thread.context().pc(), 4);
        if (word == null || word.length < 4) {
            return; // it faults at once, and is told then
        }
        int instruction = ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt();
        for (long next : Successors.of(thread.context(), instruction)) {
            if (!target.planted(next) && target.plant(next)) {
                steps.add(next);
            }
        }
    }

    private void resume(Set<Integer> ids) {
        running = true;
        target.resume(ids);
    }

    // Queries

    private String query(String packet) {
        if (packet.startsWith("qSupported")) {
            boolean executes = packet.contains("exec-events+");
            if (executes) {
                target.tellExecuted();
            }
            return "PacketSize=%x;QStartNoAckMode+;vContSupported+;qXfer:auxv:read%s;qXfer:exec-file:read+%s"
                    .formatted(MOST, attaching ? "-" : "+", executes ? ";exec-events+" : "");
        }
        if (packet.equals("QStartNoAckMode")) {
            stream.stopAcknowledging();
            return "OK";
        }
        if (packet.equals("qfThreadInfo")) {
            return "m" + target.threads().stream().map(thread -> Integer.toHexString(thread.id()))
                    .collect(Collectors.joining(","));
        }
        if (packet.startsWith("qThreadExtraInfo,")) {
            UnixThread thread = target.find(id(packet.substring(packet.indexOf(',') + 1)));
            String text = thread == null ? "gone" : thread.computing() ? "running" : "in a system call";
            return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        if (packet.startsWith("qXfer:auxv:read::")) {
            String[] range = packet.substring("qXfer:auxv:read::".length()).split(",");
            return part(auxiliary(), Integer.parseInt(range[0], 16), Integer.parseInt(range[1], 16));
        }
        if (packet.startsWith("qXfer:exec-file:read:")) {
            String[] range = packet.substring(packet.lastIndexOf(':') + 1).split(",");
            return part(file().getBytes(java.nio.charset.StandardCharsets.UTF_8), Integer.parseInt(range[0], 16),
                    Integer.parseInt(range[1], 16));
        }
        return switch (packet) {
            case "qsThreadInfo" -> "l";
            case "qC" -> "QC%x".formatted(thread().id());
            case "qAttached" -> attaching ? "1" : "0";
            default -> "";
        };
    }

    private static String part(byte[] all, int from, int length) {
        int to = Math.min(all.length, from + Math.min(length, MOST / 2));
        String data = from >= to
                ? ""
                : new String(all, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
        return (to >= all.length ? "l" : "m") + data;
    }

    /** The auxiliary vector, which lies behind the arguments and the environment on the stack that the program began with. */
    private byte[] auxiliary() {
        long at = entryStack;
        at += 8 + 8 * (word(at) + 1);
        while (word(at) != 0) {
            at += 8;
        }
        at += 8;
        long end = at;
        while (word(end) != 0) {
            end += 16;
        }
        byte[] vector = target.read(thread(), at, (int) (end + 16 - at));
        return vector == null ? new byte[0] : vector;
    }

    private long word(long address) {
        byte[] bytes = target.read(thread(), address, 8);
        return bytes == null || bytes.length < 8 ? 0 : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
