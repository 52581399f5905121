package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import kernel.core.memory.PhysAddr;
import kernel.ext.vm.api.AddressSpaces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import run.itest.exam.PaxExam;

/** What a bundle had of memory is of no use to it once it was stopped, and is there for others again. */
@ExtendWith(PaxExam.class)
@Timeout(60)
class RevocationIT {

    @Inject
    private BundleContext context;
    @Inject
    private PhysAddr memory;
    @Inject
    private AddressSpaces spaces;

    private Bundle hoarder() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "hoarder");
        manifest.getMainAttributes().putValue("Bundle-Activator", "run.itest.guest.Hoarder");
        manifest.getMainAttributes().putValue("Import-Package",
                "org.osgi.framework,kernel.core.memory,kernel.ext.vm.api");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            String entry = "run/itest/guest/Hoarder.class";
            jar.putNextEntry(new JarEntry(entry));
            try (InputStream in = RevocationIT.class.getClassLoader().getResourceAsStream(entry)) {
                in.transferTo(jar);
            }
        }
        Bundle bundle = context.installBundle("hoarder", new ByteArrayInputStream(bytes.toByteArray()));
        bundle.start();
        return bundle;
    }

    @Test
    @SuppressWarnings("unchecked")
    void whatAStoppedBundleHasKeptIsOfNoUse() throws Exception {
        int free = memory.free();
        Bundle hoarder = hoarder();
        try {
            ServiceReference<?> reference = context.getServiceReferences(Supplier.class, "(guest=attempts)").iterator()
                    .next();
            Supplier<List<String>> attempts = (Supplier<List<String>>) context.getService(reference);
            assertEquals(free - 100, memory.free());
            assertTrue(spaces.spaces().stream().anyMatch(space -> space.name().equals("hoard")));
            hoarder.stop();
            assertEquals(free, memory.free(), "its frames are free again");
            assertTrue(spaces.spaces().stream().noneMatch(space -> space.name().equals("hoard")));
            List<String> after = attempts.get();
            for (String attempt : after.subList(0, after.size() - 1)) {
                assertTrue(attempt.contains("revoked") || attempt.contains("taken back")
                        || attempt.contains("destroyed"), attempt);
                assertTrue(attempt.contains("hoard") || attempt.contains("destroyed"), attempt);
            }
            assertEquals("unmapped", after.getLast());
        } finally {
            hoarder.uninstall();
        }
    }
}
