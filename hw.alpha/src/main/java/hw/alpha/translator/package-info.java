/**
 * Translates Alpha code to JVM bytecode while it runs.
 *
 * <p><b>From loop to region.</b> The interpreter counts branches back and calls; where they are many it asks the {@link
 * hw.alpha.translator.Translator}. In the strand that runs the code, {@link hw.alpha.translator.RegionShape} follows it from
 * there along everything that was executed before. A host thread of low priority makes a class of it ({@link
 * hw.alpha.translator.RegionWriter}); the next time the interpreter comes by, it enters the {@link
 * hw.alpha.translator.Region}. A region that is often left where it could have gone on is translated again.
 *
 * <p><b>Nothing is thrown.</b> A region checks first and changes afterwards. What it cannot do (a miss of the translation
 * buffer, a fault, a rare operand) makes it write its registers back and return the address of that instruction, which the
 * interpreter then performs, with all consequences. So faults are as precise as the interpreter's.
 *
 * <p><b>What is shared and by which right.</b> Regions belong to all: they are found by their entry's address and the words
 * they were made from. Which of them a context may enter stands in its own table ({@link
 * hw.alpha.translator.GuestState#entries}), filled after comparing these words with the pages mapped there, and emptied when
 * {@link hw.alpha.mmu.PageTable#codeEpoch} has changed. A region polls the translation buffer where it calls and, now and then, where it branches
 * back, and is left when somebody wants something; what it was allowed by the window's rights it has done by then, so that shoot-down is
 * as for the interpreter. Regions call each other on the host's stack, to a limited depth; a region that is returned to with
 * another address than it expects returns it to its own caller, so stacks may be switched or cut as the program likes.
 *
 * <p><b>Locks.</b> Tables of the translator are concurrent maps; a region is immutable once published but for its
 * counts, which may lose some. No lock is held while guest code runs.
 */
package hw.alpha.translator;
