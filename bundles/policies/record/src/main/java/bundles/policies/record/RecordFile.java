package bundles.policies.record;

import bundles.policies.record.Call.Write;
import bundles.unix.api.ProgramStart.Values;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The file of a record: compressed by gzip, a magic number and then entries, each with a letter for its kind. Whatever whole entries a
 * broken file has are read.
 */
final class RecordFile {

    private static final long MAGIC = 0x5350494e52454301L; // SPINREC and the version
    private static final char START = 's', CALL = 'c', END = 'e';
    private static final int LONGEST = 1 << 28;

    private RecordFile() {}

    /**
     * All that a record has.
     *
     * @param starts what programs were given, by process, in order
     * @param calls by thread, in order
     * @param signals by which processes were killed
     * @param root the first process; 0 if there is none
     */
    record Contents(Map<Integer, Deque<Values>> starts, Map<Integer, Deque<Call>> calls,
            Map<Integer, Integer> signals, int root) {

        static Contents empty() {
            return new Contents(new HashMap<>(), new HashMap<>(), Map.of(), 0);
        }
    }

    /** Writes a record. Thread-safe: its monitor. */
    static final class Writer implements AutoCloseable {

        private final DataOutputStream out;
        private int order;

        Writer(OutputStream file) throws IOException {
            out = new DataOutputStream(new GZIPOutputStream(file, 1 << 16));
            out.writeLong(MAGIC);
        }

        /** A program was given this at its start. */
        synchronized void start(int process, Values values) throws IOException {
            out.writeByte(START);
            out.writeInt(process);
            strings(values.arguments());
            strings(values.environment());
            out.write(values.random());
        }

        private void strings(List<byte[]> strings) throws IOException {
            out.writeInt(strings.size());
            for (byte[] string : strings) {
                bytes(string);
            }
        }

        private void bytes(byte[] bytes) throws IOException {
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        /** A call was answered; its order is made here. */
        synchronized void call(Call call) throws IOException {
            out.writeByte(CALL);
            out.writeInt(order++);
            out.writeInt(call.process());
            out.writeInt(call.thread());
            out.writeShort(call.number());
            out.writeBoolean(call.failed());
            out.writeLong(call.result());
            out.writeByte(call.stream());
            out.writeInt(call.writes().size());
            for (Write write : call.writes()) {
                out.writeByte(write.argument());
                out.writeLong(write.offset());
                bytes(write.bytes());
            }
        }

        /** A process was killed by a signal. */
        synchronized void killed(int process, int signal) throws IOException {
            out.writeByte(END);
            out.writeInt(process);
            out.writeByte(signal);
        }

        @Override
        public synchronized void close() throws IOException {
            out.close();
        }
    }

    /** Reads a record. @throws IOException it is none, or cannot be read */
    static Contents read(InputStream file) throws IOException {
        var in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(file, 1 << 16)));
        if (in.readLong() != MAGIC) {
            throw new IOException("not a record of this version");
        }
        Map<Integer, Deque<Values>> starts = new HashMap<>();
        Map<Integer, Deque<Call>> calls = new HashMap<>();
        Map<Integer, Integer> signals = new HashMap<>();
        int root = 0;
        try {
            while (true) {
                char kind = (char) in.readUnsignedByte();
                switch (kind) {
                    case START -> {
                        int process = in.readInt();
                        root = root == 0 ? process : root;
                        starts.computeIfAbsent(process, first -> new ArrayDeque<>()).add(values(in));
                    }
                    case CALL -> {
                        Call call = call(in);
                        calls.computeIfAbsent(call.thread(), first -> new ArrayDeque<>()).add(call);
                    }
                    case END -> signals.put(in.readInt(), in.readUnsignedByte());
                    default -> throw new IOException("not an entry of a record: " + (int) kind);
                }
            }
        } catch (EOFException e) {
            return new Contents(starts, calls, signals, root);
        }
    }

    private static Values values(DataInputStream in) throws IOException {
        List<byte[]> arguments = strings(in);
        List<byte[]> environment = strings(in);
        return new Values(arguments, environment, exactly(in, 16));
    }

    private static List<byte[]> strings(DataInputStream in) throws IOException {
        List<byte[]> strings = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            strings.add(bytes(in));
        }
        return strings;
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a length that cannot be: " + length);
        }
        return exactly(in, length);
    }

    private static byte[] exactly(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static Call call(DataInputStream in) throws IOException {
        int order = in.readInt();
        int process = in.readInt();
        int thread = in.readInt();
        int number = in.readUnsignedShort();
        boolean failed = in.readBoolean();
        long result = in.readLong();
        int stream = in.readByte();
        List<Write> writes = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            int argument = in.readByte();
            long offset = in.readLong();
            writes.add(new Write(argument, offset, bytes(in)));
        }
        return new Call(order, process, thread, number, failed, result, stream, List.copyOf(writes));
    }
}
