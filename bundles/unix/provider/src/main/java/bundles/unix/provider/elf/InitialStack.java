package bundles.unix.provider.elf;

import bundles.unix.api.ExecException;
import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kernel.ext.vm.api.Pager;

/**
 * The stack that a program starts with: argc, argv, envp and the auxiliary vector, and what they point to (the System V ABI's
 * process initialization; linux/auxvec.h).
 */
public final class InitialStack {

    /** Entries of the auxiliary vector. */
    public static final int AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_FLAGS = 8,
            AT_ENTRY = 9, AT_UID = 11, AT_EUID = 12, AT_GID = 13, AT_EGID = 14, AT_PLATFORM = 15, AT_HWCAP = 16,
            AT_CLKTCK = 17, AT_SECURE = 23, AT_RANDOM = 25, AT_EXECFN = 31;

    /** Arguments and environment may take a quarter of the stack (execve(2)). */
    private static final long LIMIT = Layout.STACK_SIZE / 4;

    private final byte[] bytes;
    private final long pointer;

    private InitialStack(byte[] bytes) {
        this.bytes = bytes;
        this.pointer = Layout.STACK_TOP - bytes.length;
    }

    /** The stack pointer at the program's start, a multiple of 16. */
    public long pointer() {
        return pointer;
    }

    /** What fills the pages of the stack's region, which ends at {@code STACK_TOP}. @param size of the region in bytes */
    public Pager pager(long size) {
        return (offset, frame) -> {
            long page = Layout.STACK_TOP - size + offset;
            long from = Math.max(page, pointer);
            if (from < page + Layout.PAGE) {
                frame.write((int) (from - page), bytes, (int) (from - pointer), (int) (page + Layout.PAGE - from));
            }
        };
    }

    /**
     * Lays out a stack.
     *
     * @param arguments all of them, the program's name first
     * @param environment {@code NAME=value} strings
     * @param path the program file's path name (AT_EXECFN)
     * @param platform the processor's name (AT_PLATFORM)
     * @param random 16 random bytes (AT_RANDOM)
     * @param values the auxiliary vector's other entries
     * @throws ExecException arguments and environment are too long (status 126)
     */
    public static InitialStack of(List<String> arguments, List<String> environment, String path, String platform,
            byte[] random, Map<Integer, Long> values) throws ExecException {
        return ofBytes(bytes(arguments), bytes(environment), path, platform, random, values);
    }

    private static List<byte[]> bytes(List<String> strings) {
        return strings.stream().map(string -> string.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** As {@link #of}, with strings as the bytes that they are. */
    public static InitialStack ofBytes(List<byte[]> arguments, List<byte[]> environment, String path, String platform,
            byte[] random, Map<Integer, Long> values) throws ExecException {
        var strings = new Strings();
        long[] argv = strings.addAll(arguments);
        long[] envp = strings.addAll(environment);
        Map<Integer, Long> vector = new LinkedHashMap<>(values);
        vector.put(AT_EXECFN, strings.add(path.getBytes(StandardCharsets.UTF_8), true));
        vector.put(AT_PLATFORM, strings.add(platform.getBytes(StandardCharsets.UTF_8), true));
        vector.put(AT_RANDOM, strings.add(random, false));
        long words = 1L + argv.length + 1 + envp.length + 1 + 2L * (vector.size() + 1);
        long size = words * 8 + strings.size + 15 & -16;
        if (size > LIMIT) {
            throw new ExecException(
                    "%s: arguments and environment have %d bytes, %d are allowed: pass fewer".formatted(path,
                            size, LIMIT),
                    126);
        }
        // Strings end at the top; offsets in Strings count from their beginning.
        long base = Layout.STACK_TOP - strings.size;
        ByteBuffer stack = UserMemory.struct((int) size);
        stack.putLong(argv.length);
        put(stack, argv, base);
        put(stack, envp, base);
        vector.forEach((key, value) -> stack.putLong(key).putLong(isPointer(key) ? base + value : value));
        stack.putLong(0).putLong(0);
        stack.position((int) (size - strings.size));
        strings.parts.forEach(stack::put);
        return new InitialStack(stack.array());
    }

    private static boolean isPointer(int key) {
        return key == AT_EXECFN || key == AT_PLATFORM || key == AT_RANDOM;
    }

    private static void put(ByteBuffer stack, long[] offsets, long base) {
        for (long offset : offsets) {
            stack.putLong(base + offset);
        }
        stack.putLong(0);
    }

    /** Strings one after the other. */
    private static final class Strings {

        private final List<byte[]> parts = new ArrayList<>();
        private int size;

        long add(byte[] bytes, boolean terminate) throws ExecException {
            long offset = size;
            if (bytes.length > LIMIT - size) {
                throw new ExecException(
                        "arguments and environment have more than the %d bytes that are allowed: pass fewer"
                                .formatted(LIMIT),
                        126);
            }
            parts.add(terminate ? java.util.Arrays.copyOf(bytes, bytes.length + 1) : bytes);
            size += bytes.length + (terminate ? 1 : 0);
            return offset;
        }

        long[] addAll(List<byte[]> strings) throws ExecException {
            long[] offsets = new long[strings.size()];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = add(strings.get(i), true);
            }
            return offsets;
        }
    }
}
