package kernel.core.linker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.osgi.framework.Bundle;

/** What is in a bundle or a jar: the bytes of each entry that is no folder, by its path. Stateless. */
final class Content {

    private Content() {}

    /** Of a bundle, resolved or not; reading it does not resolve it. */
    static Map<String, byte[]> of(Bundle bundle) throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        collect(bundle, "/", all);
        return all;
    }

    private static void collect(Bundle bundle, String folder, Map<String, byte[]> all) throws IOException {
        Enumeration<String> paths = bundle.getEntryPaths(folder);
        while (paths != null && paths.hasMoreElements()) {
            String path = paths.nextElement();
            if (path.endsWith("/")) {
                collect(bundle, path, all);
            } else {
                try (InputStream in = bundle.getEntry(path).openStream()) {
                    all.put(path, in.readAllBytes());
                }
            }
        }
    }

    /** Of a jar. @param in closed by the caller */
    static Map<String, byte[]> of(InputStream in) throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (!entry.isDirectory()) {
                all.put(entry.getName(), zip.readAllBytes());
            }
        }
        return all;
    }

    /** A text that two have only if all their entries are the same, names and bytes: SHA-256 (FIPS 180-4) over them. */
    static String digest(Map<String, byte[]> entries) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(entries).forEach((path, bytes) -> {
                byte[] name = path.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(8).putInt(name.length).putInt(bytes.length).array());
                digest.update(name);
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java platform has SHA-256", e);
        }
    }
}
