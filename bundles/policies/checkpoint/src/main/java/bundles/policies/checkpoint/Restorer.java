package bundles.policies.checkpoint;

import bundles.policies.checkpoint.Checkpoint.OpenFile;
import bundles.policies.checkpoint.Checkpoint.Part;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import kernel.core.machine.UserContext;
import kernel.ext.vm.api.AddressSpace.Region;

/** Makes a process what another one was, in its own strand, from inside a system call of its own. For one use. */
final class Restorer {

    private static final int MOST_FILES = 1024, STANDARD = 3;
    private static final int SET_DESCRIPTOR_FLAGS = 2, SET_MASK = 3, SET_FLOATING_CONTROL = 14;
    private static final int SIGKILL = 9, SIGSTOP = 17, MASK = 8;
    /** Flags of open(2) that are for making files. */
    private static final long MAKING = 01000 | 02000 | 04000;
    /** What returns from a handler of signals: bis sp,sp,a0; lda v0,number(zero); callsys. The second with SA_SIGINFO. */
    private static final long[] RETURN = {0x201f0067_47fe0410L, 0x83, 0x201f015f_47fe0410L, 0x83};
    private static final int SECOND = 16;
    private static final long SA_SIGINFO = 0x40, WITH_READ_EXECUTE = 5;

    private final Guest guest;
    private final UserContext context;
    private final Spaces spaces;
    private final int page;

    Restorer(Guest guest, Spaces spaces, int page) {
        this.guest = guest;
        this.context = guest.context();
        this.spaces = spaces;
        this.page = page;
    }

    /**
     * Restores.
     *
     * @throws Refused it cannot be, and the process goes on as it is
     * @throws IOException it could not be, too late for the process to go on
     */
    void restore(Path file) throws IOException {
        try (var from = new DataInputStream(new GZIPInputStream(open(file), 1 << 16))) {
            Checkpoint checkpoint = Checkpoint.read(from);
            for (OpenFile open : checkpoint.files()) {
                if (!open.path().isEmpty() && !Files.exists(Path.of(open.path()))) {
                    throw new Refused("a file that it had open is not there: " + open.path());
                }
            }
            become(checkpoint);
            try {
                surroundings(checkpoint);
                files(checkpoint.files());
                signals(checkpoint);
                memory(checkpoint, from);
            } catch (IOException e) {
                throw new IOException(e.getMessage(), e); // not refused any more
            }
            Saver.setRegisters(context, checkpoint.registers());
        }
    }

    private static InputStream open(Path file) throws Refused {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new Refused("cannot be read: " + e);
        }
    }

    /** As the program's start leaves it: so heap and name are its own. */
    private void become(Checkpoint checkpoint) throws Refused {
        long room = guest.room();
        List<String> strings = new ArrayList<>(checkpoint.arguments());
        strings.add(checkpoint.executable());
        long[] addresses = new long[strings.size()];
        long at = room + Guest.ROOM / 2;
        for (int i = 0; i < addresses.length; i++) {
            byte[] bytes = strings.get(i).getBytes(StandardCharsets.UTF_8);
            guest.put(at, Arrays.copyOf(bytes, bytes.length + 1));
            addresses[i] = at;
            at += bytes.length + 1;
        }
        long path = addresses[addresses.length - 1];
        addresses[addresses.length - 1] = 0;
        guest.put(room, Guest.bytes(addresses));
        guest.call("starting " + checkpoint.executable(), Guest.EXECVE, path, room,
                room + (addresses.length - 1L) * Long.BYTES);
        guest.moved();
    }

    private void surroundings(Checkpoint checkpoint) throws IOException {
        guest.call("going to " + checkpoint.directory(), Guest.CHDIR, guest.string(checkpoint.directory()));
        guest.call("setting the umask", Guest.UMASK, checkpoint.umask());
        guest.put(guest.room(), Guest.bytes(checkpoint.control()));
        guest.call("setting floating-point control", Guest.SETSYSINFO, SET_FLOATING_CONTROL, guest.room(), Long.BYTES,
                0, 0);
        if (guest.tryCall(Guest.BRK, checkpoint.heapEnd()) != checkpoint.heapEnd()) {
            throw new IOException("its heap cannot be made: was the program changed?");
        }
    }

    private void files(List<OpenFile> files) throws IOException {
        Set<Integer> wanted = new HashSet<>();
        files.forEach(file -> wanted.add(file.number()));
        for (int number = 0; number < MOST_FILES; number++) {
            boolean inherited = number < STANDARD && wanted.contains(number);
            if (!inherited) {
                guest.tryCall(Guest.CLOSE, number);
            }
        }
        Map<List<Object>, Integer> known = new HashMap<>();
        for (OpenFile file : files) {
            if (file.path().isEmpty()) {
                continue;
            }
            // Two descriptors of one file at one place are most likely one open file, as "2>&1" makes it.
            Integer same = known.putIfAbsent(List.of(file.path(), file.offset(), file.flags()), file.number());
            long number = same != null
                    ? same
                    : guest.call("opening " + file.path(), Guest.OPEN, guest.string(file.path()),
                            file.flags() & ~MAKING, 0);
            if (number != file.number()) {
                guest.call("numbering " + file.path(), Guest.DUP2, number, file.number());
                if (same == null) {
                    guest.tryCall(Guest.CLOSE, number);
                }
            }
            guest.tryCall(Guest.LSEEK, file.number(), file.offset(), 0);
            guest.tryCall(Guest.FCNTL, file.number(), SET_DESCRIPTOR_FLAGS, file.closeOnExec());
        }
    }

    private void signals(Checkpoint checkpoint) throws IOException {
        long room = guest.room();
        guest.put(room, checkpoint.alternate());
        guest.tryCall(Guest.SIGALTSTACK, room, 0);
        guest.put(room, Guest.bytes(checkpoint.blocked()));
        guest.call("blocking signals", Guest.RT_SIGPROCMASK, SET_MASK, room, 0, MASK);
    }

    private void memory(Checkpoint checkpoint, DataInputStream from) throws IOException {
        guest.leave();
        for (Region region : spaces.of(context).regions()) {
            guest.call("emptying memory", Guest.MUNMAP, region.start(), region.end() - region.start());
        }
        for (Part part : checkpoint.regions()) {
            guest.call("making memory", Guest.MMAP, part.start(), part.end() - part.start(), Guest.READ_WRITE,
                    Guest.PRIVATE_ANONYMOUS | Guest.FIXED, -1, 0);
        }
        for (long at = from.readLong(); at != -1; at = from.readLong()) {
            guest.put(at, from.readNBytes(page));
        }
        actions(checkpoint.actions());
        for (Part part : checkpoint.regions()) {
            guest.call("protecting memory", Guest.MPROTECT, part.start(), part.end() - part.start(), part.protection());
        }
    }

    /** Nobody tells to where handlers returned, so they return to code of ours. */
    private void actions(List<byte[]> actions) throws IOException {
        long code = 0;
        for (int i = 0; i < actions.size(); i++) {
            int signal = i + 1;
            byte[] action = actions.get(i);
            boolean handled = Guest.word(action) > 1 || Guest.word(action) < 0;
            if (signal == SIGKILL || signal == SIGSTOP || Guest.word(action) == 0) {
                continue;
            }
            if (handled && code == 0) {
                code = guest.call("getting memory", Guest.MMAP, 0, page, Guest.READ_WRITE, Guest.PRIVATE_ANONYMOUS, -1,
                        0);
                guest.put(code, Guest.bytes(RETURN));
                guest.call("protecting memory", Guest.MPROTECT, code, page, WITH_READ_EXECUTE);
            }
            long flags = Guest.word(Arrays.copyOfRange(action, 8, 16));
            guest.put(guest.room(), action);
            guest.call("setting the action of signal " + signal, Guest.RT_SIGACTION, signal, guest.room(), 0, MASK,
                    handled ? code + ((flags & SA_SIGINFO) != 0 ? SECOND : 0) : 0);
        }
        guest.leave();
    }
}
