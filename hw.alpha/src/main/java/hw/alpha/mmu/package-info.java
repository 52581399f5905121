/** Physical memory, page tables and translation buffers. */
package hw.alpha.mmu;
