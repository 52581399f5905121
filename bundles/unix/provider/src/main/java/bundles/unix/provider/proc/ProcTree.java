package bundles.unix.provider.proc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.Kernel;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Internet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Finds what there is at a path of {@code /proc}. Thread-safe: holds nothing; what it finds is a look at the moment. */
public final class ProcTree {

    private static final int FOLDER = FileStatus.S_IFDIR, FILE = FileStatus.S_IFREG, LINK = FileStatus.S_IFLNK;
    private static final List<String> TABLES = List.of("arp", "dev", "if_inet6", "ipv6_route", "route", "tcp",
            "tcp6", "udp", "udp6");

    private ProcTree() {}

    /**
     * What there is at a path.
     *
     * @param thread who looks
     * @param path absolute, without "." and ".."
     * @param follow whether a link at its end is followed, if it leads to within {@code /proc}
     * @throws ErrnoException ENOENT: nothing
     */
    public static ProcNode find(UnixThread thread, String path, boolean follow) throws ErrnoException {
        String[] parts = path.split("/"); // "", "proc", ...
        Kernel kernel = thread.kernel();
        if (parts.length <= 2) {
            return new ProcNode.Folder(root(kernel));
        }
        String name = parts[2];
        if (parts.length == 3 && !follow && (name.equals("self") || name.equals("mounts"))) {
            return new ProcNode.Link(name.equals("self") ? "" + thread.process().id() : "self/mounts", null);
        }
        String rest = parts.length > 3 ? path.substring(path.indexOf(name, 6) + name.length() + 1) : "";
        if (name.equals("self") || name.equals("thread-self")) {
            return process(thread.process(), rest);
        }
        if (name.matches("[0-9]{1,9}")) {
            UnixThread member = kernel.table().thread(Integer.parseInt(name));
            UnixProcess process = member != null ? member.process() : kernel.table().find(Integer.parseInt(name));
            return process(exists(process), rest);
        }
        if (name.equals("net")) {
            return net(kernel, rest);
        }
        if (name.equals("sys")) {
            return sys(rest);
        }
        return text(rest.isEmpty() ? SystemTexts.of(kernel, thread, name) : null);
    }

    private static <T> T exists(T found) throws ErrnoException {
        if (found == null) {
            throw Errno.ENOENT.exception();
        }
        return found;
    }

    private static ProcNode text(Supplier<String> content) throws ErrnoException {
        return new ProcNode.Text(exists(content));
    }

    private static Map<String, Integer> root(Kernel kernel) {
        Map<String, Integer> entries = new LinkedHashMap<>();
        for (UnixProcess process : kernel.table().all()) {
            entries.put(Integer.toString(process.id()), FOLDER);
        }
        SystemTexts.NAMES.forEach(name -> entries.put(name, FILE));
        entries.put("mounts", LINK);
        entries.put("net", FOLDER);
        entries.put("self", LINK);
        entries.put("sys", FOLDER);
        return entries;
    }

    private static ProcNode net(Kernel kernel, String name) throws ErrnoException {
        Internet internet = exists(kernel.internet());
        if (name.isEmpty()) {
            Map<String, Integer> entries = new LinkedHashMap<>();
            TABLES.forEach(table -> entries.put(table, FILE));
            return new ProcNode.Folder(entries);
        }
        exists(internet.table(name));
        return text(() -> internet.table(name));
    }

    private static ProcNode sys(String path) throws ErrnoException {
        String found = SystemTexts.SYS.get(path);
        if (found != null) {
            return text(() -> found + "\n");
        }
        Map<String, Integer> entries = new TreeMap<>();
        String prefix = path.isEmpty() ? "" : path + "/";
        for (String one : SystemTexts.SYS.keySet()) {
            if (one.startsWith(prefix)) {
                String left = one.substring(prefix.length());
                int slash = left.indexOf('/');
                entries.put(slash < 0 ? left : left.substring(0, slash), slash < 0 ? FILE : FOLDER);
            }
        }
        if (entries.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        return new ProcNode.Folder(entries);
    }

    private static ProcNode process(UnixProcess process, String path) throws ErrnoException {
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        String rest = slash < 0 ? "" : path.substring(slash + 1);
        switch (name) {
            case "" -> {
                Map<String, Integer> entries = new LinkedHashMap<>();
                ProcessTexts.NAMES.forEach(one -> entries.put(one, FILE));
                List.of("cwd", "exe", "root").forEach(one -> entries.put(one, LINK));
                List.of("fd", "net", "task").forEach(one -> entries.put(one, FOLDER));
                return new ProcNode.Folder(entries);
            }
            case "exe" -> {
                return new ProcNode.Link(process.executable().normalize().toString(), null);
            }
            case "cwd" -> {
                return new ProcNode.Link(process.directory().toString(), null);
            }
            case "root" -> {
                return new ProcNode.Link("/", null);
            }
            case "fd" -> {
                return descriptors(process, rest);
            }
            case "net" -> {
                return net(process.kernel(), rest);
            }
            case "task" -> {
                return tasks(process, rest);
            }
            default -> {
                return text(rest.isEmpty() ? ProcessTexts.of(process, name) : null);
            }
        }
    }

    private static ProcNode descriptors(UnixProcess process, String name) throws ErrnoException {
        List<OpenFile> files = process.files().files();
        if (name.isEmpty()) {
            Map<String, Integer> entries = new LinkedHashMap<>();
            for (int i = 0; i < files.size(); i++) {
                if (files.get(i) != null) {
                    entries.put(Integer.toString(i), LINK);
                }
            }
            return new ProcNode.Folder(entries);
        }
        int number = name.matches("[0-9]{1,6}") ? Integer.parseInt(name) : Integer.MAX_VALUE;
        OpenFile file = exists(number < files.size() ? files.get(number) : null);
        return new ProcNode.Link(ProcessTexts.nameOf(file), file);
    }

    private static ProcNode tasks(UnixProcess process, String path) throws ErrnoException {
        if (path.isEmpty()) {
            Map<String, Integer> entries = new LinkedHashMap<>();
            process.list().forEach(thread -> entries.put(Integer.toString(thread.id()), FOLDER));
            return new ProcNode.Folder(entries);
        }
        int slash = path.indexOf('/');
        String id = slash < 0 ? path : path.substring(0, slash);
        exists(process.list().stream().filter(thread -> Integer.toString(thread.id()).equals(id)).findAny()
                .orElse(null));
        return process(process, slash < 0 ? "" : path.substring(slash + 1));
    }
}
