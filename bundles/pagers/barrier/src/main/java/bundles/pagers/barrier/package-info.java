/** A write barrier for garbage collectors of programs: which pages were written to since it was asked last. */
package bundles.pagers.barrier;
