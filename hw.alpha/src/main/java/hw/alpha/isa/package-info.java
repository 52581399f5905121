/** The Alpha instruction set: one table, its decoder and its disassembler. */
package hw.alpha.isa;
