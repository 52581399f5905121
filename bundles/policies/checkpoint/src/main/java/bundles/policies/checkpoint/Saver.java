package bundles.policies.checkpoint;

import bundles.policies.checkpoint.Checkpoint.OpenFile;
import bundles.policies.checkpoint.Checkpoint.Part;
import bundles.unix.api.Process;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpace.Region;

/** Writes a process to a file, in the process's own strand, between two of its instructions. For one use. */
final class Saver {

    private static final int SIGNALS = 64, MOST_FILES = 1024, STANDARD = 3;
    private static final int GET_DESCRIPTOR_FLAGS = 1, GET_FILE_FLAGS = 3, FLOATING_CONTROL = 45;
    private static final int ACTION = 24, STACK = 24, MASK = 8;

    private final Guest guest;
    private final UserContext context;
    private final AddressSpace space;
    private final int page;

    Saver(Guest guest, AddressSpace space, int page) {
        this.guest = guest;
        this.context = guest.context();
        this.space = space;
        this.page = page;
    }

    /** Numbers of the registers that a program has. */
    static long[] registers(UserContext context) {
        long[] registers = new long[UserContext.UNIQUE + 1];
        for (int i = 0; i <= UserContext.PC; i++) {
            registers[i] = context.register(i);
        }
        registers[UserContext.UNIQUE] = context.register(UserContext.UNIQUE);
        return registers;
    }

    static void setRegisters(UserContext context, long[] registers) {
        for (int i = 0; i < UserContext.PC; i++) {
            context.setRegister(i, registers[i]);
        }
        context.setRegister(UserContext.UNIQUE, registers[UserContext.UNIQUE]);
        context.setPc(registers[UserContext.PC]);
    }

    /**
     * Writes.
     *
     * @param file is replaced when the checkpoint is whole
     * @param siblings all processes
     * @return how many pages were written
     * @throws IOException it cannot be, and goes on unharmed; the message says why
     */
    long save(Process process, List<Process> siblings, Path file) throws IOException {
        long[] registers = registers(context);
        try {
            if (process.threads() > 1) {
                throw new Refused("it has " + process.threads() + " threads");
            }
            for (Process other : siblings) {
                if (other.parent() == process.id()) {
                    throw new Refused("it has a child, process " + other.id());
                }
            }
            List<Part> parts = new ArrayList<>();
            List<Region> regions = space.regions();
            for (Region region : regions) {
                if (region.shared()) {
                    throw new Refused("it shares memory, %s at 0x%x".formatted(region.label(), region.start()));
                }
                parts.add(new Part(region.start(), region.end(), region.protection()));
            }
            Checkpoint checkpoint = ask(registers, parts);
            guest.leave();
            Path part = file.resolveSibling(file.getFileName() + ".part");
            long pages;
            try (var to = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(part), 1 << 16))) {
                checkpoint.write(to);
                pages = writeMemory(to, regions);
            } catch (IOException e) {
                Files.deleteIfExists(part);
                throw e;
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            return pages;
        } finally {
            guest.leave();
            setRegisters(context, registers);
        }
    }

    private Checkpoint ask(long[] registers, List<Part> parts) throws IOException {
        long room = guest.room();
        guest.call("asking for the alternate stack", Guest.SIGALTSTACK, 0, room);
        byte[] alternate = guest.get(room, STACK);
        guest.call("asking for blocked signals", Guest.RT_SIGPROCMASK, 1, 0, room, MASK);
        long blocked = Guest.word(guest.get(room, MASK));
        guest.call("asking for floating-point control", Guest.GETSYSINFO, FLOATING_CONTROL, room, Long.BYTES, 0, 0);
        long control = Guest.word(guest.get(room, Long.BYTES));
        List<byte[]> actions = new ArrayList<>();
        for (int signal = 1; signal <= SIGNALS; signal++) {
            guest.call("asking for a signal's action", Guest.RT_SIGACTION, signal, 0, room, MASK, 0);
            actions.add(guest.get(room, ACTION));
        }
        long umask = guest.call("asking for the umask", Guest.UMASK, 0);
        guest.call("setting the umask", Guest.UMASK, umask);
        return new Checkpoint(guest.link("exe"), arguments(), guest.link("cwd"), umask,
                guest.call("asking for the heap", Guest.BRK, 0), registers, control, blocked, alternate, actions,
                files(), parts);
    }

    private List<String> arguments() throws IOException {
        long file = guest.call("opening /proc/self/cmdline", Guest.OPEN, guest.string("/proc/self/cmdline"), 0, 0);
        long length = guest.call("reading the command line", Guest.READ, file, guest.room(), Guest.ROOM);
        guest.call("closing the command line", Guest.CLOSE, file);
        String text = new String(guest.get(guest.room(), Math.toIntExact(length)), StandardCharsets.UTF_8);
        return text.isEmpty() ? List.of() : List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    private List<OpenFile> files() throws IOException {
        List<OpenFile> files = new ArrayList<>();
        for (int number = 0; number < MOST_FILES; number++) {
            long flags = guest.tryCall(Guest.FCNTL, number, GET_FILE_FLAGS, 0);
            if (flags == -Guest.EBADF) {
                continue;
            }
            String path = guest.link("fd/" + number);
            long offset = guest.tryCall(Guest.LSEEK, number, 0, 1);
            boolean plain = path.startsWith("/") && offset >= 0;
            if (!plain && number >= STANDARD) {
                throw new Refused("descriptor " + number + " is no file that can be opened again: " + path);
            }
            if (plain && !Files.exists(Path.of(path))) {
                throw new Refused("descriptor " + number + " is a file that was deleted: " + path);
            }
            long closeOnExec = guest.tryCall(Guest.FCNTL, number, GET_DESCRIPTOR_FLAGS, 0);
            files.add(new OpenFile(number, plain ? path : "", flags, closeOnExec, Math.max(0, offset)));
        }
        return files;
    }

    /** All but blank pages: what comes from files and is not touched yet may be another thing later. */
    private long writeMemory(DataOutputStream to, List<Region> regions) throws IOException {
        byte[] bytes = new byte[page];
        long pages = 0;
        for (Region region : regions) {
            boolean readable = (region.protection() & TranslationContext.READ) != 0;
            if (!readable) {
                space.protect(region.start(), region.end() - region.start(),
                        region.protection() | TranslationContext.READ);
            }
            for (long at = region.start(); at < region.end(); at += page) {
                if (!space.blank(at) && context.copyIn(at, bytes, 0, page) == page) {
                    to.writeLong(at);
                    to.write(bytes);
                    pages++;
                }
            }
            if (!readable) {
                space.protect(region.start(), region.end() - region.start(), region.protection());
            }
        }
        to.writeLong(-1);
        return pages;
    }
}
