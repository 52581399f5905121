package bundles.policies.checkpoint;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file has of a process before the contents of its memory, which follow as addresses and pages, until an address of -1.
 *
 * @param executable its program's file
 * @param arguments the program's
 * @param directory in which it worked
 * @param umask permissions that new files do not get
 * @param heapEnd first address after the heap (brk)
 * @param registers by their numbers; those that the machine does not have are 0
 * @param control the floating-point control word of getsysinfo(2)
 * @param blocked signals that are blocked
 * @param alternate {@code stack_t} of the alternate stack of signals
 * @param actions {@code sigaction} of the signals from 1 on
 * @param files descriptors
 * @param regions of its memory
 */
record Checkpoint(String executable, List<String> arguments, String directory, long umask, long heapEnd,
        long[] registers, long control, long blocked, byte[] alternate, List<byte[]> actions, List<OpenFile> files,
        List<Part> regions) {

    private static final long MAGIC = 0x5350494E434B5031L; // "SPINCKP1"
    private static final int ACTION = 24, STACK = 24;

    /**
     * A descriptor.
     *
     * @param path the file's; empty: one of the standard streams, which is the restarting program's then
     * @param flags of open(2)
     * @param closeOnExec of fcntl(2)
     */
    record OpenFile(int number, String path, long flags, long closeOnExec, long offset) {}

    /** Memory from one address to another. */
    record Part(long start, long end, int protection) {}

    void write(DataOutputStream to) throws IOException {
        to.writeLong(MAGIC);
        to.writeUTF(executable);
        to.writeInt(arguments.size());
        for (String argument : arguments) {
            to.writeUTF(argument);
        }
        to.writeUTF(directory);
        for (long value : new long[]{umask, heapEnd, control, blocked, registers.length}) {
            to.writeLong(value);
        }
        for (long register : registers) {
            to.writeLong(register);
        }
        to.write(alternate);
        to.writeInt(actions.size());
        for (byte[] action : actions) {
            to.write(action);
        }
        to.writeInt(files.size());
        for (OpenFile file : files) {
            to.writeInt(file.number);
            to.writeUTF(file.path);
            to.writeLong(file.flags);
            to.writeLong(file.closeOnExec);
            to.writeLong(file.offset);
        }
        to.writeInt(regions.size());
        for (Part part : regions) {
            to.writeLong(part.start);
            to.writeLong(part.end);
            to.writeInt(part.protection);
        }
    }

    static Checkpoint read(DataInputStream from) throws IOException {
        if (from.readLong() != MAGIC) {
            throw new Refused("it is no checkpoint of this version");
        }
        String executable = from.readUTF();
        List<String> arguments = new ArrayList<>();
        for (int left = from.readInt(); left > 0; left--) {
            arguments.add(from.readUTF());
        }
        String directory = from.readUTF();
        long umask = from.readLong(), heapEnd = from.readLong(), control = from.readLong(), blocked = from.readLong();
        long[] registers = new long[Math.toIntExact(from.readLong())];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = from.readLong();
        }
        byte[] alternate = from.readNBytes(STACK);
        List<byte[]> actions = new ArrayList<>();
        for (int left = from.readInt(); left > 0; left--) {
            actions.add(from.readNBytes(ACTION));
        }
        List<OpenFile> files = new ArrayList<>();
        for (int left = from.readInt(); left > 0; left--) {
            files.add(new OpenFile(from.readInt(), from.readUTF(), from.readLong(), from.readLong(), from.readLong()));
        }
        List<Part> regions = new ArrayList<>();
        for (int left = from.readInt(); left > 0; left--) {
            regions.add(new Part(from.readLong(), from.readLong(), from.readInt()));
        }
        return new Checkpoint(executable, arguments, directory, umask, heapEnd, registers, control, blocked, alternate,
                actions, files, regions);
    }
}
