package hw.alpha.isa;

import java.util.Locale;

/**
 * Models of the processor, which differ in the instructions that they have and in what they say about it (AARM appendix D.3
 * and D.4). A machine has processors of one model, which is chosen before it runs anything: {@link #choose}.
 */
public enum Model {
    /** 21064: the first. */
    EV4(0, 0),
    /** 21164A: bytes and words. */
    EV56(0x001, 1),
    /**
     * 21264A: bytes and words, square root and moves between register files, counting, multimedia, precise arithmetic
     * traps, prefetching with modify intent.
     */
    EV67(0x1307, 2);

    private static volatile Model current = EV67;

    private final long architecture;
    private final long implementation;

    Model(long architecture, long implementation) {
        this.architecture = architecture;
        this.implementation = implementation;
    }

    /** That of this machine. */
    public static Model current() {
        return current;
    }

    /** Sets that of this machine. Before programs run: what was decoded stays as it is. */
    public static void choose(Model model) {
        current = model;
    }

    /**
     * The one with a name, in letters of any case.
     *
     * @throws IllegalArgumentException there is none; the message tells all
     */
    public static Model named(String name) {
        for (Model model : values()) {
            if (model.name().equals(name.toUpperCase(Locale.ROOT))) {
                return model;
            }
        }
        throw new IllegalArgumentException("there is no processor \"" + name + "\": ev4, ev56 or ev67");
    }

    /** What {@code amask} clears. */
    public long architecture() {
        return architecture;
    }

    /** What {@code implver} answers. */
    public long implementation() {
        return implementation;
    }

    /** Whether it has an instruction; another is illegal. */
    boolean has(Instruction instruction) {
        return (instruction.extension() & ~architecture) == 0;
    }
}
