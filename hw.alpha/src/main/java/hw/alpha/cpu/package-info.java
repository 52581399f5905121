/** The processor: interpreter, floating point, and user contexts. */
package hw.alpha.cpu;
