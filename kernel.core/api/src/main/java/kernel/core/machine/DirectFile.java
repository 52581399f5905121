package kernel.core.machine;

/** An open file of the machine's host that can be read without waiting for a device, to an address of the host. Thread-safe. */
public interface DirectFile {

    /**
     * Reads what the host has in its memory. For the machine, which knows addresses: others use {@link UserContext#readNow}.
     *
     * @param host address of the host where that many bytes may be stored
     * @param length bytes, at least one
     * @param position in the file
     * @return bytes read, 0 at the file's end; fewer than asked for where the file ends, or where the host has no more of it: which it
     *     has in pages, so that an end in the middle of one is the file's. -1: it must be read another way
     */
    int readNow(long host, int length, long position);
}
