package hw.alpha.translator;

import hw.alpha.mmu.CodePage;
import hw.alpha.translator.Requests.Wanted;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.machine.CodeTranslation;

/**
 * Makes regions when asked to, in the background, and keeps them for all contexts, those of programs that come later
 * included. Thread-safe.
 */
public final class Translator implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    /** HotSpot compiles no method of 8000 bytes of bytecode (HugeMethodLimit), unless told to. */
    static final int METHOD_LIMIT = 7990;
    /** Bytes of bytecode if it is told to. Beyond that the second compiler takes seconds, or gives up. */
    private static final int LARGE_METHOD_LIMIT = 30_000;
    /** Instructions of a region, at first; a region that becomes too large is made again with fewer. */
    private static final int SIZE = Integer.getInteger("spin.alpha.region", 100);
    /** Instructions of a region that is made again because much is executed in it. */
    private static final int LARGE = Integer.getInteger("spin.alpha.large", 350);
    /** Times that a region was left by itself before it is followed anew. */
    private static final int LEFT = Integer.getInteger("spin.alpha.left", 300);
    /** The same for one that the second compiler has made, which takes it as long as leaving it so often. */
    private static final int LEFT_THOROUGH = Integer.getInteger("spin.alpha.leftThorough", 200_000);
    private static final int GENERATIONS = 5;
    /** Regions kept at most; beyond that all are dropped and what is still hot is made again. */
    private static final int KEPT = Integer.getInteger("spin.alpha.regions", 10_000);
    /** Regions kept for one address. */
    private static final int VERSIONS = 8;

    /** How the translator is used. */
    public enum Mode {
        /** Not at all. */
        OFF,
        /** Where it pays, in the background. */
        AUTOMATIC,
        /** Everything, at once, before it is run, as what is executed much is made: for tests. */
        FORCED,
        /** The same, as what is executed much but left soon is made. */
        FORCED_BRIEF,
        /** Everything, at once, before it is run, as it is made first: for tests. */
        FORCED_QUICK;

        private boolean forced() {
            return this == FORCED || this == FORCED_BRIEF || this == FORCED_QUICK;
        }
    }

    private final Mode mode;
    private final int threshold;
    private final RegionLoader loader;
    /** Who has regions compiled, or null if HotSpot decides. */
    private final Tiers compilers;
    private final int methodLimit;
    private final ThreadPoolExecutor worker;
    private final Map<Long, Region[]> regions = new ConcurrentHashMap<>();
    /** Entries of regions that are asked for, being made, or could not be made. */
    private final Set<Long> pending = ConcurrentHashMap.newKeySet();
    private final Requests requests = new Requests();
    /** Who keeps translations between one machine and the next, or null. */
    private volatile Keeper keeper;
    private final AtomicInteger epoch = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nanoseconds = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /**
     * A translator with no regions.
     *
     * @param allowInternal whether translated code may use the virtual machine's own access to memory, if it is there
     */
    public Translator(Mode mode, boolean allowInternal) {
        this.mode = mode;
        threshold = switch (mode) {
            case OFF -> Short.MAX_VALUE;
            case AUTOMATIC -> Integer.getInteger("spin.alpha.threshold", 1000);
            case FORCED, FORCED_BRIEF, FORCED_QUICK -> 0;
        };
        loader = new RegionLoader(allowInternal);
        worker = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "alpha-translator");
            thread.setDaemon(true);
            return thread;
        });
        worker.allowCoreThreadTimeOut(true);
        HostCompiler host = mode == Mode.AUTOMATIC ? HostCompiler.find() : null;
        compilers = host == null ? null : new Tiers(host, regions, this::makeAgain, this::replace);
        methodLimit = host == null || !host.compilesAll() ? METHOD_LIMIT : LARGE_METHOD_LIMIT;
    }

    /**
     * Has a method compiled in the background that everything interpreted runs through, if that can be asked for.
     *
     * @param rehearsal runs it once before, in the background as well
     */
    public void prepare(Method method, Runnable rehearsal) {
        HostCompiler host = HostCompiler.find();
        if (host != null) {
            host.prepare(method, rehearsal);
        }
    }

    /** How it is used. */
    public Mode mode() {
        return mode;
    }

    /** How often an instruction is counted before it is looked for here. */
    public int threshold() {
        return threshold;
    }

    /** Changes when a region was replaced by a better one. */
    public int epoch() {
        return epoch.get();
    }

    /**
     * A region that begins at an address and is made of the code that is there, or null.
     *
     * @param space whose code it is
     */
    public Region find(CodeSpace space, long pc) {
        Region[] candidates = regions.get(pc);
        if (candidates != null) {
            for (Region candidate : candidates) {
                if (candidate.enterable() && candidate.shape.matches(space)) {
                    if (compilers != null) {
                        compilers.wake();
                    }
                    return candidate;
                }
            }
        }
        return null;
    }

    /**
     * Asks for a region that begins at an address.
     *
     * @param space whose code is followed, by the strand that calls
     * @return it, if it was made at once
     */
    public Region request(CodeSpace space, long pc) {
        if (mode == Mode.OFF) {
            return null;
        }
        if (keeper != null) {
            keeper.asked(space);
        }
        if (!pending.add(pc)) {
            requests.askedAgain(pc);
            return null;
        }
        RegionShape shape = RegionFollower.follow(space, pc, SIZE, mode.forced());
        if (shape == null) {
            pending.remove(pc);
            return null;
        }
        if (!shape.matches(space)) {
            pending.remove(pc);
            return null;
        }
        if (mode.forced()) {
            return make(new Wanted(shape, null, false));
        }
        await(new Wanted(shape, null, false));
        return null;
    }

    private void await(Wanted wanted) {
        requests.add(wanted);
        worker.execute(this::makeNext);
    }

    /**
     * Has a region made again with more instructions: what is executed much should not be left on the way, for regions beside it that
     * have a part of it each.
     *
     * @param space whose code is followed, by the strand that calls
     */
    public void grow(CodeSpace space, Region region) {
        region.growing = false;
        region.grown = true;
        if (region.superseded || !pending.add(region.entry)) {
            return;
        }
        RegionShape shape = RegionFollower.follow(space, region.entry, LARGE, false);
        if (shape == null || shape.size() <= region.shape.size() || !shape.matches(space)) {
            pending.remove(region.entry);
            return;
        }
        region.remaking = true;
        await(new Wanted(shape, region, true));
    }

    /**
     * Has a region made again, with what was executed since, if it would have what it was left for now: one that is as large as may be
     * would only be left for something else.
     *
     * @param jump address of the jump or call that it was left by, or 0
     * @return whether it will be
     */
    private boolean followAgain(CodeSpace space, Region region, long jump, long to) {
        if (!pending.add(region.entry)) {
            return false;
        }
        boolean thorough = region.stage == Region.Stage.THOROUGH;
        RegionShape shape = RegionFollower.follow(space, region.entry, thorough ? LARGE : SIZE, mode.forced());
        if (shape != null && shape.matches(space)) {
            if (shape.has(to) || region.shape.inlines(jump)) {
                Wanted wanted = new Wanted(shape, region, thorough);
                if (mode.forced()) {
                    make(wanted);
                } else {
                    await(wanted);
                }
                return true;
            }
            region.settled |= jump == 0;
            region.finished = true;
        }
        pending.remove(region.entry);
        return false;
    }

    /** Has a region made again with the instructions that it has, for the second compiler. */
    private void makeAgain(Region region) {
        if (pending.add(region.entry)) {
            region.remaking = true;
            await(new Wanted(region.shape, region, true));
        }
    }

    /** Makes the region that was asked for most often: making one takes milliseconds, and a program begins with hundreds. */
    private void makeNext() {
        Wanted most = requests.takeMost();
        if (most != null) {
            make(most);
        }
    }

    private Region make(Wanted wanted) {
        RegionShape shape = wanted.shape;
        Region before = wanted.before;
        long start = System.nanoTime();
        try {
            boolean quick = mode == Mode.FORCED_QUICK || compilers != null && !wanted.grown;
            Registers registers = quick ? Registers.FILE : registers(wanted);
            Fitting fitting = fitting(shape, loader.internal(), registers, methodLimit);
            Region region = define(fitting, wanted, registers, quick);
            if (wanted.grown && before != null) {
                region.generation = before.generation + (before.quick ? 0 : 1);
                compilers.better(region, before, wanted.blind);
            } else if (compilers != null) {
                compilers.first(region);
            }
            publish(region, region.instead == null ? before : null);
            count.incrementAndGet();
            bytes.addAndGet(fitting.type.length);
            return region;
        } catch (RuntimeException | LinkageError e) {
            failures.incrementAndGet();
            if (before != null) {
                before.quick = false;
                before.remaking = false;
            }
            LOG.log(System.Logger.Level.WARNING,
                    "code at 0x" + Long.toHexString(shape.entry) + " cannot be translated and is interpreted", e);
            return null;
        } finally {
            nanoseconds.addAndGet(System.nanoTime() - start);
            // What failed stays pending, so that it is not tried again.
            if (regions.containsKey(shape.entry)) {
                pending.remove(shape.entry);
            }
        }
    }

    /** Where the second compiler's code has registers. */
    private Registers registers(Wanted wanted) {
        if (wanted.registers != null) {
            return wanted.registers;
        }
        Region before = wanted.before;
        // Of an interpreter that fits now each operation was a region, and left at once, before.
        boolean told = before != null && (wanted.shape.ends() || !before.shape.ends());
        boolean brief = told && before.isBrief() || mode == Mode.FORCED_BRIEF;
        return brief ? Registers.BOTH : Registers.VARIABLES;
    }

    private Region define(Fitting fitting, Wanted wanted, Registers registers, boolean quick) {
        Region region = loader.define(fitting.type);
        region.registers = registers;
        region.entry = fitting.shape.entry;
        region.shape = fitting.shape;
        region.quick = quick;
        region.generation = wanted.before == null ? 0 : wanted.before.generation + 1;
        region.work = wanted.work;
        region.inherited = wanted.work;
        region.seen = wanted.work;
        region.grown = wanted.grown || fitting.shape.size() < SIZE * 3 / 4;
        return region;
    }

    /** A shape and its class file. */
    record Fitting(RegionShape shape, byte[] type) {}

    /** A shape whose method HotSpot compiles: the given one or a part of it. @param limit bytes of bytecode at most */
    static Fitting fitting(RegionShape shape, boolean internal, Registers registers, int limit) {
        RegionShape fitting = shape;
        byte[] type = RegionWriter.write(fitting, internal, registers);
        while (type.length > limit && fitting.size() > 1 && codeSize(type) > limit) {
            fitting = fitting.smaller();
            type = RegionWriter.write(fitting, internal, registers);
        }
        return new Fitting(fitting, type);
    }

    /** Bytes of bytecode of the largest method of a class file. */
    static int codeSize(byte[] type) {
        return java.lang.classfile.ClassFile.of().parse(type).methods().stream()
                .mapToInt(method -> method.findAttribute(java.lang.classfile.Attributes.code())
                        .map(java.lang.classfile.attribute.CodeAttribute::codeLength).orElse(0))
                .max().orElse(0);
    }

    private void publish(Region region, Region before) {
        if (kept.incrementAndGet() > KEPT) {
            kept.set(1);
            regions.clear();
            pending.clear();
            requests.clear();
            epoch.incrementAndGet();
        }
        replace(region, before);
    }

    /**
     * Has a region found before all others that begin where it does.
     *
     * @param before what is not to be found any more, or null
     */
    private void replace(Region region, Region before) {
        Region[] all = regions.merge(region.entry, new Region[]{region}, (old, made) -> {
            Region[] kept = Arrays.stream(old).filter(other -> other != before && other != region)
                    .limit(VERSIONS - 1).toArray(Region[]::new);
            Region[] more = new Region[kept.length + 1];
            more[0] = region;
            System.arraycopy(kept, 0, more, 1, kept.length);
            return more;
        });
        if (before != null) {
            before.superseded = true;
        }
        if (before != null || all.length > 1) {
            epoch.incrementAndGet();
        }
    }

    /**
     * Told when a region was left where it could have gone on.
     *
     * @param jump address of the jump by which it was left, or 0
     * @param to where it went
     * @return whether the region will be made again, so as to include that place
     */
    public boolean left(GuestState space, Region region, long jump, long to) {
        if (region.superseded || region.generation >= GENERATIONS) {
            region.settled = jump == 0;
            region.finished = true;
            return false;
        }
        if (jump != 0) {
            CodePage page = space.codeAt(jump);
            if (page != null) {
                page.went((int) (jump >>> 2) & CodePage.INSTRUCTIONS - 1, to);
            }
        }
        if (region.stage == Region.Stage.OBSERVED || region.stage == Region.Stage.WAITING) {
            return false;
        }
        if (region.stage == Region.Stage.THOROUGH) {
            // Of a strand's one in some is counted, for all: other processors read the region.
            if ((++space.exits & Region.SHARE - 1) == 0
                    && (region.left += Region.SHARE) == (LEFT_THOROUGH << region.generation & -Region.SHARE)) {
                followAgain(space, region, jump, to);
            }
            return false;
        }
        boolean full = region.shape.size() >= SIZE * 3 / 4;
        if (full && jump == 0) {
            region.settled = true;
            return false;
        }
        return ++region.left == LEFT << region.generation
                ? followAgain(space, region, jump, to)
                : !full || region.shape.has(to) || region.shape.inlines(jump);
    }

    /**
     * Makes the regions that a file tells of, in a thread of its own that gives way to whoever asks for one now; and has the file
     * written anew by {@link #close}. To be called once, if at all. Where there is no such file yet, or one that cannot be read, nothing
     * is made.
     */
    public void keepIn(Path file) {
        keeper = new Keeper(this, file);
    }

    /** Writes regions that nobody will run, until somebody asks for one. */
    void rehearse() {
        Rehearsal.perform(shape -> {
            fitting(shape, loader.internal(), Registers.FILE, methodLimit);
            return !isAskedFor() && !Thread.currentThread().isInterrupted();
        });
    }

    /** Makes a region that an earlier machine had; as thoroughly if nothing runs, which would delay that and teach it more. */
    void restore(Archive.Entry entry) {
        RegionShape shape = RegionFollower.follow(entry.image(), entry.pc(), SIZE, false);
        if (shape == null || !shape.matches(entry.image()) || find(entry.image(), entry.pc()) != null) {
            return;
        }
        Wanted wanted = new Wanted(shape, null, false);
        wanted.work = entry.work();
        Region quick = make(wanted);
        RegionShape more = entry.thorough() && compilers != null && !isRunning() ? follow(entry) : null;
        if (quick != null && more != null && more.matches(entry.image())) {
            Wanted better = new Wanted(more, quick, true);
            better.work = entry.work();
            better.blind = true;
            better.registers = entry.registers();
            make(better);
        }
    }

    /** What a region that an earlier machine had is made of, or null if that is not known. */
    RegionShape follow(Archive.Entry entry) {
        return RegionFollower.follow(entry.image(), entry.pc(), entry.thorough() ? LARGE : SIZE, false);
    }

    /** Whether somebody waits for a region. */
    boolean isAskedFor() {
        return !requests.isEmpty();
    }

    /** Whether regions have executed something lately. */
    boolean isRunning() {
        return compilers != null && compilers.isRunning();
    }

    /** All regions that there are now. */
    List<Region> all() {
        return regions.values().stream().flatMap(Arrays::stream).toList();
    }

    /** What was done so far. */
    public CodeTranslation.Statistics statistics() {
        long entered = regions.values().stream().flatMap(Arrays::stream).mapToLong(region -> region.entered).sum();
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long compileTime = compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime())
                : -1;
        return new CodeTranslation.Statistics(count.get(), bytes.get(), nanoseconds.get(), compileTime, entered,
                failures.get());
    }

    @Override
    public void close() {
        worker.shutdownNow();
        if (compilers != null) {
            compilers.close();
        }
        if (keeper != null) {
            keeper.close();
        }
    }
}
