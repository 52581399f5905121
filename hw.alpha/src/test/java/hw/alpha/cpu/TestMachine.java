package hw.alpha.cpu;

import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import hw.alpha.translator.Timeline;
import hw.alpha.translator.Translator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import kernel.core.machine.AsyncTrap;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.PageNotPresent;
import kernel.core.memory.ProtectionFault;
import kernel.core.memory.TranslationContext;

/**
 * A machine with as much of a kernel around it as a static Linux/Alpha program needs to run: one address space whose pages
 * appear when touched, and a few system calls. Programs' output is collected in {@link #output}.
 */
class TestMachine implements Syscall, ProcessorTrap, AsyncTrap, PageNotPresent, ProtectionFault {

    static final int PAGE = 8192;
    private static final int RWX = TranslationContext.READ | TranslationContext.WRITE | TranslationContext.EXECUTE;
    private static final long STACK = 0x1_2000_0000L;
    private static final int ENOSYS = 78;

    final PhysicalMemory memory = new PhysicalMemory(512L << 20);
    final Translations translations = new Translations();
    final TranslationContext space = translations.create();
    final AlphaProcessor processor = new AlphaProcessor(new Events(this, this, this, this, this), translator());
    final AlphaContext context = (AlphaContext) processor.create(space);
    final ByteArrayOutputStream output = new ByteArrayOutputStream();

    /** Address ranges whose pages appear when touched: start to end. */
    final NavigableMap<Long, Long> ranges = new TreeMap<>();
    /** Status that the program gave to exit, or -1. */
    int status = -1;
    /** The last trap, or null. */
    Kind trap;
    long trapInfo;
    long trapPc;
    /** Address of the last fault that was not resolved. */
    long badAddress = -1;
    int faults;
    int attentions;
    /** Whether attention is what a scheduler asks for, and not the end. */
    private boolean goesOn;
    private long heap;
    private java.io.InputStream input;
    private long nextMapping = 0x8_0000_0000L;

    /** How machines that are made from now on translate. */
    static Translator.Mode mode = Translator.Mode
            .valueOf(System.getProperty("spin.alpha.translate", "automatic").toUpperCase(java.util.Locale.ROOT));

    /** Whether translated code of machines made from now on uses the virtual machine's own access to memory. */
    static boolean internal = true;

    /** Shared by all machines of a test run, as by all processes of a kernel. */
    private static final java.util.Map<String, Translator> TRANSLATORS = new java.util.concurrent.ConcurrentHashMap<>();

    static Translator translator() {
        return TRANSLATORS.computeIfAbsent(mode + " " + internal, key -> new Translator(mode, internal));
    }

    TestMachine() {
        ranges.put(STACK - (8 << 20), STACK);
        context.setRegister(UserContext.FPCR, 0x680E_8000_0000_0000L);
    }

    /** Puts instruction words at an address and the program counter to it. */
    void code(long address, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        load(address, bytes.array());
        context.setPc(address);
    }

    /** Puts bytes at an address, making the pages. */
    void load(long address, byte[] bytes) {
        ranges.put(address & -PAGE, Math.max(address + bytes.length + PAGE - 1 & -PAGE,
                ranges.getOrDefault(address & -PAGE, 0L)));
        if (context.copyOut(address, bytes, 0, bytes.length) != bytes.length) {
            throw new IllegalStateException("cannot load at " + Long.toHexString(address));
        }
    }

    /** Runs until the program exits or traps. */
    void run() {
        processor.run(context);
    }

    /** Loads a static ELF program and prepares its stack as Linux does. */
    void loadProgram(Path program, String... arguments) throws IOException {
        ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(program)).order(ByteOrder.LITTLE_ENDIAN);
        long headers = elf.getLong(32);
        int count = elf.getShort(56);
        long first = 0;
        for (int i = 0; i < count; i++) {
            int p = (int) headers + 56 * i;
            if (elf.getInt(p) != 1) {
                continue;
            }
            long address = elf.getLong(p + 16);
            byte[] bytes = new byte[(int) elf.getLong(p + 32)];
            elf.get((int) elf.getLong(p + 8), bytes);
            load(address, bytes);
            long end = address + elf.getLong(p + 40) + PAGE - 1 & -PAGE;
            ranges.merge(address & -PAGE, end, Math::max);
            heap = Math.max(heap, end);
            first = first == 0 ? address : first;
        }
        context.setPc(elf.getLong(24));
        stack(program, arguments, first + headers, count, elf.getLong(24));
    }

    private void stack(Path program, String[] arguments, long headers, int count, long entry) {
        long top = STACK - PAGE;
        ByteBuffer strings = ByteBuffer.allocate(PAGE);
        long[] vector = new long[arguments.length + 1];
        for (int i = 0; i <= arguments.length; i++) {
            vector[i] = top + strings.position();
            strings.put((i == 0 ? program.toString() : arguments[i - 1]).getBytes(StandardCharsets.UTF_8))
                    .put((byte) 0);
        }
        load(top, strings.array());
        long[] auxiliary = {3, headers, 4, 56, 5, count, 6, PAGE, 9, entry, 11, 1000, 12, 1000, 13, 1000, 14, 1000, 17,
                1024, 23, 0, 25, top + PAGE - 16, 0, 0};
        int words = 1 + vector.length + 1 + 1 + auxiliary.length;
        ByteBuffer stack = ByteBuffer.allocate(8 * words).order(ByteOrder.LITTLE_ENDIAN);
        stack.putLong(vector.length);
        for (long v : vector) {
            stack.putLong(v);
        }
        stack.putLong(0).putLong(0);
        for (long v : auxiliary) {
            stack.putLong(v);
        }
        long sp = top - 8L * words & -16;
        load(sp, stack.array());
        context.setRegister(30, sp);
    }

    @Override
    public void syscall(UserContext user, int number) {
        switch (number) {
            case 1, 405 -> {
                status = (int) user.argument(0);
                user.stop();
            }
            case 3 -> read(user, user.argument(1), (int) user.argument(2));
            case 4 -> write(user, user.argument(1), user.argument(2));
            case 121 -> writeVector(user);
            case 17 -> grow(user);
            case 71 -> {
                long address = nextMapping;
                nextMapping += user.argument(1) + PAGE & -PAGE;
                ranges.put(address, nextMapping);
                user.succeed(address);
            }
            case 73, 74, 48, 352, 466, 496 -> user.succeed(0);
            case 411 -> user.succeed(1);
            case 20, 24, 47 -> {
                user.succeed(1000);
                user.setRegister(20, 1000);
            }
            case 511 -> user.succeed(user.argument(1));
            case 256 -> {
                byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(softwareControl(user))
                        .array();
                user.copyOut(user.argument(1), bytes, 0, 8);
                user.succeed(0);
            }
            case 257 -> {
                byte[] bytes = new byte[8];
                user.copyIn(user.argument(1), bytes, 0, 8);
                setSoftwareControl(user, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
                user.succeed(0);
            }
            default -> user.fail(ENOSYS);
        }
    }

    /** From the standard input, which is the file that {@code -Dalpha.input} names, or empty. */
    private void read(UserContext user, long address, int length) {
        try {
            if (input == null) {
                String name = System.getProperty("alpha.input");
                input = name == null ? java.io.InputStream.nullInputStream() : Files.newInputStream(Path.of(name));
            }
            byte[] bytes = input.readNBytes(length);
            user.copyOut(address, bytes, 0, bytes.length);
            user.succeed(bytes.length);
        } catch (IOException e) {
            user.fail(5);
        }
    }

    private void write(UserContext user, long address, long length) {
        byte[] bytes = new byte[(int) length];
        output.write(bytes, 0, user.copyIn(address, bytes, 0, bytes.length));
        user.succeed(length);
    }

    private void writeVector(UserContext user) {
        long total = 0;
        for (long i = 0; i < user.argument(2); i++) {
            byte[] vector = new byte[16];
            user.copyIn(user.argument(1) + 16 * i, vector, 0, 16);
            ByteBuffer fields = ByteBuffer.wrap(vector).order(ByteOrder.LITTLE_ENDIAN);
            write(user, fields.getLong(0), fields.getLong(8));
            total += fields.getLong(8);
        }
        user.succeed(total);
    }

    private void grow(UserContext user) {
        if (user.argument(0) > heap) {
            long end = user.argument(0);
            ranges.put(heap & -PAGE, end + PAGE - 1 & -PAGE);
            heap = end;
        }
        user.succeed(heap);
    }

    /** What Linux answers to GSI_IEEE_FP_CONTROL, from FPCR (Linux: arch/alpha/include/uapi/asm/fpu.h). */
    static long softwareControl(UserContext user) {
        long fpcr = user.register(UserContext.FPCR);
        return fpcr >>> 35 & 0x7E0000 | fpcr >>> 36 & 0x1000 | ~fpcr >>> 48 & 0xE | ~fpcr >>> 57 & 0x30
                | fpcr >>> 47 & 0x2000 | ~fpcr >>> 41 & 0x40;
    }

    private static void setSoftwareControl(UserContext user, long control) {
        long fpcr = user.register(UserContext.FPCR) & 3L << 58;
        fpcr |= (control & 0x7E0000) << 35 | (control & 0x1000) << 36 | (~control & 0xE) << 48 | (~control & 0x30) << 57
                | (~control & 0x40) << 41;
        fpcr |= (control & 0x2000) != 0 ? 3L << 60 : 0;
        user.setRegister(UserContext.FPCR, fpcr);
    }

    @Override
    public void trap(UserContext user, Kind kind, long info) {
        trap = kind;
        trapInfo = info;
        trapPc = user.pc();
        user.stop();
    }

    @Override
    public void deliver(UserContext user) {
        attentions++;
        if (!goesOn) {
            user.stop();
        }
    }

    @Override
    public boolean pageNotPresent(UserContext user, long address, Access access) {
        var range = ranges.floorEntry(address);
        faults++;
        if (range == null || address >= range.getValue()) {
            badAddress = address;
            user.stop();
            return false;
        }
        Frame frame = memory.allocate();
        space.map(address, frame, RWX);
        return true;
    }

    @Override
    public boolean protectionFault(UserContext user, long address, Access access) {
        badAddress = address;
        user.stop();
        return false;
    }

    /**
     * Runs a program and tells how fast. Arguments: the program and its arguments. With {@code -Dalpha.runs=N} it is run N
     * times, each time on a machine of its own but with the translations of those before, as in a resident kernel;
     * {@code -Dalpha.threads=true} tells what each thread of the JVM has used, {@code -Dalpha.timeline=true} what ran how each tenth of
     * a second ({@link Timeline}), {@code -Dalpha.input=FILE} is the standard input, {@code -Dalpha.archive=FILE} has what is kept of
     * translations.
     */
    public static void main(String[] arguments) throws IOException {
        String[] rest = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
        String archive = System.getProperty("alpha.archive");
        if (archive != null) {
            translator().keepIn(Path.of(archive));
        }
        prepare();
        long[] before = new long[1];
        TestMachine[] current = new TestMachine[1];
        interrupt(current);
        if (Boolean.getBoolean("alpha.timeline")) {
            Timeline.start(translator(), () -> current[0] == null ? 0 : before[0] + current[0].context.executed);
        }
        for (int run = 1; run <= Integer.getInteger("alpha.runs", 1); run++) {
            TestMachine machine = new TestMachine();
            machine.goesOn = true;
            machine.loadProgram(Path.of(arguments[0]), rest);
            long start = System.nanoTime();
            long processorTime = processorTime();
            long all = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
            current[0] = machine;
            machine.run();
            before[0] += machine.context.executed;
            processorTime = processorTime() - processorTime;
            all = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() - all;
            double seconds = (System.nanoTime() - start) / 1e9;
            if (run == 1) {
                System.out.write(machine.output.toByteArray(), 0, machine.output.size());
                System.out.flush();
            }
            System.err.printf("status %d, trap %s at %x info %x, bad address %x, %d faults%n", machine.status,
                    machine.trap, machine.trapPc, machine.trapInfo, machine.badAddress, machine.faults);
            System.err.println(translator().statistics());
            System.err.printf(
                    "run %d: %d instructions in %.3f s, %.3f s of this thread, %.3f s of all: %.1f million/s%n",
                    run, machine.context.instructions(), seconds, processorTime / 1e9, all / 1e3,
                    machine.context.instructions() * 1e3 / processorTime);
            if (Boolean.getBoolean("alpha.threads")) {
                threads();
            }
        }
        translator().close();
    }

    /** As a scheduler does: the program gives way each 10 ms, and goes on at once. */
    private static void interrupt(TestMachine[] current) {
        Thread.ofPlatform().daemon().name("interval-timer").start(() -> {
            while (true) {
                LockSupport.parkNanos(10_000_000);
                TestMachine machine = current[0];
                if (machine != null) {
                    machine.context.requestAttention();
                }
            }
        });
    }

    /** Lets HotSpot compile the interpreter, as it is where a kernel has booted: {@code -Dalpha.wait} milliseconds, none by default. */
    private static void prepare() {
        int wait = Integer.getInteger("alpha.wait", 0);
        if (wait > 0) {
            new TestMachine();
            try {
                Thread.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Prints what each of the JVM's threads has used of the processors so far, in seconds. */
    private static void threads() throws IOException {
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                String line = Files.readString(task.resolve("stat"));
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                if (ticks > 2) {
                    System.err.printf("  %.2f %s%n", ticks / 100.0,
                            line.substring(line.indexOf('('), line.lastIndexOf(')') + 1));
                }
            }
        }
    }

    private static long processorTime() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
