package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Map;

/** Finds the error number for what a file system of the host threw. */
public final class FileErrors {

    /** By what the host's C library says (strerror(3)), which is all that java.nio passes on. */
    private static final Map<String, Errno> BY_TEXT = Map.ofEntries(Map.entry("Operation not permitted", Errno.EPERM),
            Map.entry("No such file or directory", Errno.ENOENT), Map.entry("Input/output error", Errno.EIO),
            Map.entry("No such device or address", Errno.ENXIO), Map.entry("Permission denied", Errno.EACCES),
            Map.entry("Device or resource busy", Errno.EBUSY), Map.entry("File exists", Errno.EEXIST),
            Map.entry("Invalid cross-device link", Errno.EXDEV), Map.entry("No such device", Errno.ENODEV),
            Map.entry("Not a directory", Errno.ENOTDIR), Map.entry("Is a directory", Errno.EISDIR),
            Map.entry("Invalid argument", Errno.EINVAL), Map.entry("Too many open files in system", Errno.ENFILE),
            Map.entry("Too many open files", Errno.EMFILE), Map.entry("Text file busy", Errno.ETXTBSY),
            Map.entry("File too large", Errno.EFBIG), Map.entry("No space left on device", Errno.ENOSPC),
            Map.entry("Illegal seek", Errno.ESPIPE), Map.entry("Read-only file system", Errno.EROFS),
            Map.entry("Too many links", Errno.EMLINK), Map.entry("Broken pipe", Errno.EPIPE),
            Map.entry("File name too long", Errno.ENAMETOOLONG), Map.entry("Directory not empty", Errno.ENOTEMPTY),
            Map.entry("Too many levels of symbolic links", Errno.ELOOP),
            Map.entry("Too many levels of symbolic links or unable to access attributes of symbolic link", Errno.ELOOP),
            Map.entry("Disk quota exceeded", Errno.EDQUOT),
            Map.entry("Bad file descriptor", Errno.EBADF), Map.entry("Operation not supported", Errno.EOPNOTSUPP),
            Map.entry("Cannot allocate memory", Errno.ENOMEM));

    private FileErrors() {}

    /** The error number of an I/O failure; EIO if nothing better is known. */
    public static ErrnoException of(IOException e) {
        Errno errno = switch (e) {
            case NoSuchFileException x -> Errno.ENOENT;
            case FileAlreadyExistsException x -> Errno.EEXIST;
            case DirectoryNotEmptyException x -> Errno.ENOTEMPTY;
            case AccessDeniedException x -> Errno.EACCES;
            case NotDirectoryException x -> Errno.ENOTDIR;
            case NotLinkException x -> Errno.EINVAL;
            case FileSystemLoopException x -> Errno.ELOOP;
            case AtomicMoveNotSupportedException x -> Errno.EXDEV;
            case ClosedChannelException x -> Errno.EBADF;
            case FileSystemException x -> byText(x.getReason());
            default -> byText(e.getMessage());
        };
        return errno.exception();
    }

    /**
     * The error number of what a file system threw without being an I/O failure.
     *
     * @return null if it says nothing about files: a defect of the kernel
     */
    public static ErrnoException of(RuntimeException e) {
        return switch (e) {
            case InvalidPathException x -> Errno.EILSEQ.exception();
            case ReadOnlyFileSystemException x -> Errno.EROFS.exception();
            case NonReadableChannelException x -> Errno.EBADF.exception();
            case NonWritableChannelException x -> Errno.EBADF.exception();
            case UnsupportedOperationException x -> Errno.EOPNOTSUPP.exception();
            default -> null;
        };
    }

    private static Errno byText(String text) {
        if (text == null) {
            return Errno.EIO;
        }
        Errno exact = BY_TEXT.get(text);
        if (exact != null) {
            return exact;
        }
        // Some messages of java.nio have the reason at their end.
        return BY_TEXT.entrySet().stream().filter(entry -> text.endsWith(entry.getKey())).map(Map.Entry::getValue)
                .findFirst().orElse(Errno.EIO);
    }
}
