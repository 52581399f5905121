package bundles.policies.vmload;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import org.osgi.service.component.annotations.Component;

/** Which addresses of which spaces belong to this extension. Thread-safe; a range itself is used by its program's strand. */
@Component(service = Ranges.class)
public final class Ranges {

    /** What is done with a fault. */
    enum Mode {
        /** The page is enabled. */
        ENABLE,
        /** The page is enabled, and the one after it is protected (Appel and Li's first workload). */
        ENABLE_AND_PROTECT
    }

    /** Addresses of one space. */
    static final class Range {
        final long start;
        final long end;
        final Mode mode;
        /** Whose they are. */
        final AddressSpace space;
        /** When the program said that it would fault, and when the fault arrived, nanoseconds. */
        long marked;
        long arrived;
        long faults;

        Range(long start, long end, Mode mode, AddressSpace space) {
            this.start = start;
            this.end = end;
            this.mode = mode;
            this.space = space;
        }
    }

    private final Map<TranslationContext, Range> owned = new ConcurrentHashMap<>();

    /** Owns a range from now on, in place of what it owned there. */
    void own(TranslationContext space, Range range) {
        owned.put(space, range);
    }

    /** Owns nothing there any more. */
    void forget(TranslationContext space) {
        owned.remove(space);
    }

    /** The range of a space, or null. */
    Range of(TranslationContext space) {
        return owned.get(space);
    }
}
