package run.itest.guest;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.Translation;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.AddressSpaces;
import kernel.ext.vm.api.Pager;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Takes memory, gives nothing back, and tries what it still can do when it is asked to, even after it was stopped. */
public final class Hoarder implements BundleActivator {

    private static final long AT = 0x2_0000_0000L;
    private static final int RW = TranslationContext.READ | TranslationContext.WRITE;

    private PhysAddr memory;
    private Translation translation;
    private AddressSpaces spaces;
    private Frame frame;
    private Frame lent;
    private TranslationContext own;
    private AddressSpace space;

    @Override
    public void start(BundleContext context) {
        memory = context.getService(context.getServiceReference(PhysAddr.class));
        translation = context.getService(context.getServiceReference(Translation.class));
        spaces = context.getService(context.getServiceReference(AddressSpaces.class));
        frame = memory.allocate();
        for (int i = 0; i < 99; i++) {
            memory.allocate();
        }
        own = translation.create();
        own.map(AT, frame, RW);
        space = spaces.create("hoard");
        Pager keeps = (offset, filled) -> lent = filled;
        space.map(AT, 4 * memory.pageSize(), RW, keeps, "hoard");
        Supplier<List<String>> attempts = this::attempts;
        context.registerService(Supplier.class, attempts, new Hashtable<>(Map.of("guest", "attempts")));
    }

    private List<String> attempts() {
        List<String> all = new ArrayList<>();
        byte[] bytes = new byte[8];
        all.add(attempt("allocate", () -> memory.allocate()));
        all.add(attempt("free", () -> memory.free(frame)));
        all.add(attempt("read", () -> frame.read(0, bytes, 0, 8)));
        all.add(attempt("write", () -> frame.write(0, bytes, 0, 8)));
        all.add(attempt("create a context", () -> translation.create()));
        all.add(attempt("map in a context", () -> own.map(AT, frame, RW)));
        all.add(attempt("create a space", () -> spaces.create("more")));
        all.add(attempt("map in a space", () -> space.map(AT, 8192, RW, Pager.ZERO, "more")));
        all.add(own.frame(AT) == null ? "unmapped" : "still mapped");
        return all;
    }

    private static String attempt(String what, Runnable how) {
        try {
            how.run();
            return what + ": done";
        } catch (IllegalStateException e) {
            return what + ": " + e.getMessage();
        }
    }

    @Override
    public void stop(BundleContext context) {
        // keeps everything
    }
}
