package kernel.core.memory;

/** The memory-management unit: makes address spaces' translations (SOSP'95 figure 3). Thread-safe. */
public interface Translation {

    /** A new context in which nothing is mapped. */
    TranslationContext create();

    /** First address beyond what user code can address: contexts map pages from 0 up to here. */
    long limit();
}
