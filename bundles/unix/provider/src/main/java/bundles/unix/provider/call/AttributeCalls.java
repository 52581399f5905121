package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.Notices;
import bundles.unix.provider.process.UnixThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;

/** Extended attributes of files (xattr(7)): the user's, as java.nio has them; of others a file has none. */
final class AttributeCalls {

    /** linux/xattr.h, linux/limits.h. */
    private static final int CREATE = 1, REPLACE = 2, NAME_MAX = 255, SIZE_MAX = 65_536;
    private static final String USER = "user.";
    private static final String MISSING = "attributes of user. only, where the host's file system has such";

    private AttributeCalls() {}

    /** What is meant by a call's first argument: a path, a path whose last link is not followed, or a descriptor. */
    private enum By {
        PATH, LINK, DESCRIPTOR
    }

    private record Place(Path path, FileStatus status) {}

    static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        String[] prefixes = {"", "l", "f"};
        for (By by : By.values()) {
            String prefix = prefixes[by.ordinal()];
            String first = by == By.DESCRIPTOR ? "f" : "s";
            int more = by.ordinal();
            calls.add(partly(382 + more, prefix + "setxattr", first + "sbdx", MISSING, (t, c) -> set(t, c, by)));
            calls.add(partly(385 + more, prefix + "getxattr", first + "sbd", MISSING, (t, c) -> get(t, c, by)));
            calls.add(partly(388 + more, prefix + "listxattr", first + "bd", MISSING, (t, c) -> list(t, c, by)));
            calls.add(partly(391 + more, prefix + "removexattr", first + "s", MISSING, (t, c) -> remove(t, c, by)));
        }
        return calls;
    }

    private static Place place(UnixThread thread, UserContext context, By by) throws ErrnoException, IOException {
        long argument = context.argument(0);
        if (by == By.DESCRIPTOR) {
            var file = thread.file(argument);
            if ((file.flags() & OpenFlags.O_PATH) != 0) {
                throw Errno.EBADF.exception();
            }
            return new Place(file.path(), file.status());
        }
        FileStatus proc = Paths.procStatus(thread, OpenFlags.AT_FDCWD, argument, by == By.PATH);
        if (proc != null) {
            return new Place(null, proc);
        }
        Path path = Paths.path(thread, argument, by == By.PATH ? Purpose.LOOK : Purpose.NAME);
        return new Place(path, HostFiles.status(path, by == By.PATH));
    }

    private static String name(UnixThread thread, long address) throws ErrnoException {
        byte[] bytes;
        try {
            bytes = thread.memory().readString(address, NAME_MAX);
        } catch (ErrnoException e) {
            throw e.errno() == Errno.E2BIG ? Errno.ERANGE.exception() : e;
        }
        if (bytes.length == 0 || bytes.length > NAME_MAX) {
            throw Errno.ERANGE.exception();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The attributes of what may have some, or null. Links have none, and so have devices, pipes and sockets. */
    private static UserDefinedFileAttributeView view(Place place) {
        boolean may = place.path != null
                && (place.status.is(FileStatus.S_IFREG) || place.status.is(FileStatus.S_IFDIR));
        return may ? Files.getFileAttributeView(place.path, UserDefinedFileAttributeView.class) : null;
    }

    private static boolean mine(String name) throws ErrnoException {
        if (name.startsWith(USER)) {
            if (name.length() == USER.length()) {
                throw Errno.EINVAL.exception();
            }
            return true;
        }
        if (name.startsWith("security.") || name.startsWith("trusted.") || name.startsWith("system.posix_acl_")) {
            return false;
        }
        throw Errno.EOPNOTSUPP.exception();
    }

    private static long set(UnixThread thread, UserContext context, By by) throws ErrnoException, IOException {
        long flags = context.argument(4);
        if ((flags & ~(CREATE | REPLACE)) != 0) {
            throw Errno.EINVAL.exception();
        }
        String name = name(thread, context.argument(1));
        long size = context.argument(3);
        if (size < 0 || size > SIZE_MAX) {
            throw Errno.E2BIG.exception();
        }
        ByteBuffer value = thread.memory().read(context.argument(2), (int) size);
        Place place = place(thread, context, by);
        if (!mine(name)) {
            throw Errno.EOPNOTSUPP.exception();
        }
        UserDefinedFileAttributeView view = view(place);
        if (view == null) {
            throw (place.status.is(FileStatus.S_IFREG) ? Errno.EOPNOTSUPP : Errno.EPERM).exception();
        }
        String inside = name.substring(USER.length());
        if (flags != 0) {
            boolean there = view.list().contains(inside);
            if (there && (flags & CREATE) != 0) {
                throw Errno.EEXIST.exception();
            }
            if (!there && (flags & REPLACE) != 0) {
                throw Errno.ENODATA.exception();
            }
        }
        view.write(inside, value);
        thread.kernel().notices().changed(place.path, place.status, Notices.ATTRIB);
        return 0;
    }

    /** The attributes among which one is. @throws ErrnoException ENODATA: it is not there */
    private static UserDefinedFileAttributeView holding(Place place, String name) throws ErrnoException, IOException {
        UserDefinedFileAttributeView view = mine(name) ? view(place) : null;
        if (view == null || !view.list().contains(name.substring(USER.length()))) {
            throw Errno.ENODATA.exception();
        }
        return view;
    }

    private static long get(UnixThread thread, UserContext context, By by) throws ErrnoException, IOException {
        String name = name(thread, context.argument(1));
        Place place = place(thread, context, by);
        UserDefinedFileAttributeView view = holding(place, name);
        String inside = name.substring(USER.length());
        ByteBuffer value = UserMemory.struct(view.size(inside));
        view.read(inside, value);
        return give(thread, context.argument(2), context.argument(3), value.array());
    }

    private static long list(UnixThread thread, UserContext context, By by) throws ErrnoException, IOException {
        UserDefinedFileAttributeView view = view(place(thread, context, by));
        var names = new ByteArrayOutputStream();
        if (view != null) {
            for (String name : view.list()) {
                names.writeBytes((USER + name + "\0").getBytes(StandardCharsets.UTF_8));
            }
        }
        return give(thread, context.argument(1), context.argument(2), names.toByteArray());
    }

    private static long remove(UnixThread thread, UserContext context, By by) throws ErrnoException, IOException {
        String name = name(thread, context.argument(1));
        Place place = place(thread, context, by);
        boolean special = !place.status.is(FileStatus.S_IFREG) && !place.status.is(FileStatus.S_IFDIR);
        if (special && mine(name)) {
            throw Errno.EPERM.exception();
        }
        holding(place, name).delete(name.substring(USER.length()));
        thread.kernel().notices().changed(place.path, place.status, Notices.ATTRIB);
        return 0;
    }

    /** Writes what there is room for to be all of; with no room at all answers how much it is. */
    private static long give(UnixThread thread, long address, long room, byte[] value) throws ErrnoException {
        if (room != 0) {
            if (room < value.length) {
                throw Errno.ERANGE.exception();
            }
            thread.memory().write(address, value, 0, value.length);
        }
        return value.length;
    }
}
