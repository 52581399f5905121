package run.micro.jmh;

import hw.alpha.cpu.AlphaProcessor;
import hw.alpha.cpu.Events;
import hw.alpha.mmu.PhysicalMemory;
import hw.alpha.mmu.Translations;
import hw.alpha.translator.Translator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.AsyncTrap;
import kernel.core.machine.ProcessorTrap;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.PageNotPresent;
import kernel.core.memory.ProtectionFault;
import kernel.core.memory.TranslationContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the parts of the emulated Alpha cost, interpreted and translated: nanoseconds for one of each. The programs are a few
 * instructions in a loop, so that a figure is about the part and not about a program.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:-ClipInlining",
        "-XX:-UseFPUForSpilling",
        "-XX:+UnlockDiagnosticVMOptions", "-XX:+WhiteBoxAPI", "-XX:-DisplayVMOutput", "-XX:PerMethodTrapLimit=0",
        "-XX:-DontCompileHugeMethods", "-Dspin.alpha.compile=true"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class AlphaCosts {

    private static final int LOOPS = 1000;
    private static final int IN_A_ROW = 8;
    private static final int PAGES = 256;

    /** A machine with one address space; what it raises is answered by itself, without a dispatcher. */
    @State(Scope.Benchmark)
    public static class Machine implements Syscall, ProcessorTrap, AsyncTrap, PageNotPresent, ProtectionFault {

        private static final int PAGE = 8192;
        private static final long CODE = 0x1_2000_0000L;
        private static final long DATA = 0x1_4000_0000L;
        private static final int RWX = TranslationContext.READ | TranslationContext.WRITE | TranslationContext.EXECUTE;
        /** Numbers of the registers that the programs use: a counter, an address, a link, two procedures. */
        private static final int COUNTER = 1, VALUE = 2, ADDRESS = 3, STEP = 4, LINK = 26, FIRST = 5, SECOND = 6;

        /** OFF: all is interpreted. AUTOMATIC: what is executed often is translated. */
        @Param({"OFF", "AUTOMATIC"})
        public Translator.Mode translation;

        private Translator translator;
        private PhysicalMemory memory;
        private TranslationContext space;
        private AlphaProcessor processor;
        private UserContext context;
        private Frame[] frames;

        /** Makes the machine, with all pages of data there. */
        @Setup(Level.Trial)
        public void make() {
            translator = new Translator(translation, true);
            memory = new PhysicalMemory(64L << 20);
            space = new Translations().create();
            processor = new AlphaProcessor(new Events(this, this, this, this, this), translator);
            context = processor.create(space);
            space.map(CODE, memory.allocate(), RWX);
            frames = new Frame[PAGES];
            for (int i = 0; i < PAGES; i++) {
                frames[i] = memory.allocate();
                space.map(DATA + (long) i * PAGE, frames[i], TranslationContext.READ | TranslationContext.WRITE);
            }
        }

        /** Ends what runs beside it. */
        @TearDown(Level.Trial)
        public void end() {
            translator.close();
        }

        private void load(int... words) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
            for (int word : words) {
                bytes.putInt(word);
            }
            context.copyOut(CODE, bytes.array(), 0, bytes.capacity());
        }

        /** A loop around these instructions, and the end. */
        void loop(int... body) {
            int[] words = java.util.Arrays.copyOf(body, body.length + 4);
            words[body.length] = literal(0x10, 0x29, COUNTER, 1, COUNTER); // subq
            words[body.length + 1] = 0x3D << 26 | COUNTER << 21 | -(body.length + 2) & 0x1FFFFF; // bne
            words[body.length + 2] = memory(0x08, 0, 1, 31); // lda v0, 1: exit
            words[body.length + 3] = 0x83; // callsys
            load(words);
        }

        /** Runs the program. */
        long run(int times) {
            context.setRegister(COUNTER, times);
            context.setRegister(ADDRESS, DATA);
            context.setRegister(STEP, PAGE);
            context.setPc(CODE);
            processor.run(context);
            return context.register(VALUE);
        }

        static int operate(int opcode, int function, int a, int b, int c) {
            return opcode << 26 | a << 21 | b << 16 | function << 5 | c;
        }

        static int literal(int opcode, int function, int a, int value, int c) {
            return opcode << 26 | a << 21 | value << 13 | 1 << 12 | function << 5 | c;
        }

        static int memory(int opcode, int a, int displacement, int b) {
            return opcode << 26 | a << 21 | b << 16 | displacement & 0xFFFF;
        }

        @Override
        public void syscall(UserContext user, int number) {
            if (number == 1) {
                user.stop();
            } else {
                user.succeed(0);
            }
        }

        @Override
        public void trap(UserContext user, Kind kind, long info) {
            if (kind != Kind.BREAKPOINT) {
                throw new IllegalStateException(kind + " at 0x" + Long.toHexString(user.pc()));
            }
            user.setPc(user.pc() + Integer.BYTES);
        }

        @Override
        public void deliver(UserContext user) {
            user.stop();
        }

        @Override
        public boolean pageNotPresent(UserContext user, long address, Access access) {
            space.map(address, frames[(int) ((address - DATA) / PAGE)],
                    TranslationContext.READ | TranslationContext.WRITE);
            return true;
        }

        @Override
        public boolean protectionFault(UserContext user, long address, Access access) {
            throw new IllegalStateException("fault at 0x" + Long.toHexString(address));
        }
    }

    /** Arithmetic: {@code addq} and {@code xor} in turn, each waiting for the one before. */
    @State(Scope.Benchmark)
    public static class Arithmetic {
        /** Loads the program. */
        @Setup(Level.Trial)
        public void load(Machine machine) {
            int[] body = new int[IN_A_ROW];
            for (int i = 0; i < body.length; i++) {
                body[i] = i % 2 == 0
                        ? Machine.operate(0x10, 0x20, Machine.VALUE, Machine.COUNTER, Machine.VALUE)
                        : Machine.operate(0x11, 0x40, Machine.VALUE, Machine.STEP, Machine.VALUE);
            }
            machine.loop(body);
        }
    }

    /** Loads from one page: an address that holds itself. */
    @State(Scope.Benchmark)
    public static class Loads {
        /** Loads the program. */
        @Setup(Level.Trial)
        public void load(Machine machine) {
            ByteBuffer itself = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Machine.DATA);
            machine.context.copyOut(Machine.DATA, itself.array(), 0, 8);
            int[] body = new int[IN_A_ROW];
            java.util.Arrays.fill(body, Machine.memory(0x29, Machine.ADDRESS, 0, Machine.ADDRESS));
            machine.loop(body);
        }
    }

    /** A load from each of many pages. */
    @State(Scope.Benchmark)
    public static class Walk {
        /** Loads the program. */
        @Setup(Level.Trial)
        public void load(Machine machine) {
            machine.loop(Machine.memory(0x29, Machine.VALUE, 0, Machine.ADDRESS),
                    Machine.operate(0x10, 0x20, Machine.ADDRESS, Machine.STEP, Machine.ADDRESS));
        }
    }

    /** Pages that nobody has looked at since they were protected. */
    @State(Scope.Benchmark)
    public static class Forgotten {
        /** Takes the rights away and gives them back. */
        @Setup(Level.Invocation)
        public void forget(Machine machine) {
            machine.space.protect(Machine.DATA, (long) PAGES * Machine.PAGE, 0);
            machine.space.protect(Machine.DATA, (long) PAGES * Machine.PAGE,
                    TranslationContext.READ | TranslationContext.WRITE);
        }
    }

    /** Pages that are not there. */
    @State(Scope.Benchmark)
    public static class Absent {
        /** Unmaps them. */
        @Setup(Level.Invocation)
        public void unmap(Machine machine) {
            for (int i = 0; i < PAGES; i++) {
                machine.space.unmap(Machine.DATA + (long) i * Machine.PAGE);
            }
        }

        /** Maps them again, for others. */
        @TearDown(Level.Trial)
        public void map(Machine machine) {
            machine.run(PAGES);
        }
    }

    /** Calls of two procedures in turn, through a register, so that neither becomes part of the caller. */
    @State(Scope.Benchmark)
    public static class Calls {
        /** Loads the program. */
        @Setup(Level.Trial)
        public void load(Machine machine) {
            machine.loop(0x1A << 26 | Machine.LINK << 21 | Machine.FIRST << 16 | 1 << 14, // jsr
                    Machine.operate(0x11, 0x40, Machine.FIRST, Machine.SECOND, Machine.FIRST),
                    Machine.operate(0x11, 0x40, Machine.FIRST, Machine.SECOND, Machine.SECOND),
                    Machine.operate(0x11, 0x40, Machine.FIRST, Machine.SECOND, Machine.FIRST));
            ByteBuffer procedures = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 2; i++) {
                procedures.putInt(Machine.operate(0x10, 0x20, Machine.VALUE, Machine.COUNTER, Machine.VALUE));
                procedures.putInt(0x1A << 26 | 31 << 21 | Machine.LINK << 16 | 2 << 14); // ret
            }
            machine.context.copyOut(Machine.CODE + 1024, procedures.array(), 0, 16);
            machine.context.setRegister(Machine.FIRST, Machine.CODE + 1024);
            machine.context.setRegister(Machine.SECOND, Machine.CODE + 1032);
        }
    }

    /** System calls that do nothing. */
    @State(Scope.Benchmark)
    public static class Syscalls {
        /** Loads the program. */
        @Setup(Level.Trial)
        public void load(Machine machine) {
            machine.loop(Machine.memory(0x08, 0, 20, 31), 0x83);
        }
    }

    /** Breakpoints that are passed over. */
    @State(Scope.Benchmark)
    public static class Traps {
        /** Loads the program. */
        @Setup(Level.Trial)
        public void load(Machine machine) {
            machine.loop(0x80);
        }
    }

    /** One arithmetic instruction: interpreted, the dispatch of the main loop; translated, what the host's own costs. */
    @Benchmark
    @OperationsPerInvocation(LOOPS * IN_A_ROW)
    public long instruction(Machine machine, Arithmetic program) {
        return machine.run(LOOPS);
    }

    /** One load that finds its page: a quarter of what programs execute. */
    @Benchmark
    @OperationsPerInvocation(LOOPS * IN_A_ROW)
    public long loadHit(Machine machine, Loads program) {
        return machine.run(LOOPS);
    }

    /** The first load from a page after its rights were changed: what collectors and checkpoints pay a page. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public long loadMiss(Machine machine, Walk program, Forgotten pages) {
        return machine.run(PAGES);
    }

    /** The same of a page that an event must bring: pagers, copy on write. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public long pageFault(Machine machine, Walk program, Absent pages) {
        return machine.run(PAGES);
    }

    /** A call and its return, with six instructions around: most functions are too large to become part of their callers. */
    @Benchmark
    @OperationsPerInvocation(LOOPS)
    public long callAndReturn(Machine machine, Calls program) {
        return machine.run(LOOPS);
    }

    /** Out of the program and back, by a system call: all of UNIX is behind it. */
    @Benchmark
    @OperationsPerInvocation(LOOPS)
    public long syscall(Machine machine, Syscalls program) {
        return machine.run(LOOPS);
    }

    /** The same by a trap of the processor: breakpoints, unaligned accesses, arithmetic traps. */
    @Benchmark
    @OperationsPerInvocation(LOOPS)
    public long trap(Machine machine, Traps program) {
        return machine.run(LOOPS);
    }

    /** A processor with a context and memory that runs to its first system call: the machine's part of a boot, HotSpot warm. */
    @Benchmark
    public long boot(Machine machine, Syscalls program) {
        Machine other = new Machine();
        other.translation = machine.translation;
        other.make();
        try {
            other.loop();
            return other.run(1);
        } finally {
            other.end();
        }
    }
}
