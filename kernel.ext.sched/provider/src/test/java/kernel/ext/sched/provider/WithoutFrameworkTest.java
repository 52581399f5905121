package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Strands in a plain Java program, which has no class of a framework. */
class WithoutFrameworkTest {

    private static URL[] classPath() throws Exception {
        List<URL> all = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("osgi") && !entry.contains("felix")) {
                all.add(Path.of(entry).toUri().toURL());
            }
        }
        return all.toArray(URL[]::new);
    }

    @Test
    void strandsNeedNoClassOfIt() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.osgi.framework.Bundle"));
            Class<?> service = loader.loadClass(StrandService.class.getName());
            Object strands = service.getMethod("standalone", int.class).invoke(null, 1);
            assertEquals(service, strands.getClass());
            service.getMethod("close").invoke(strands);
        }
    }
}
