package hw.alpha.isa;

/**
 * How an instruction word is laid out, and what its register fields name (Alpha Architecture Reference Manual, "AARM",
 * section 3.3). For each format the decoder knows which fields are sources and which is the destination.
 */
enum Format {
    /** Memory format, loads an integer register: {@code ra, disp(rb)}. */
    LOAD,
    /** Memory format, stores an integer register: {@code ra, disp(rb)}. */
    STORE,
    /** Memory format, stores an integer register and writes a success flag back to it. */
    STORE_CONDITIONAL,
    /** Memory format, address computation only: {@code ra, disp(rb)}. */
    ADDRESS,
    /** Memory format, loads a floating register: {@code fa, disp(rb)}. */
    FLOAT_LOAD,
    /** Memory format, stores a floating register: {@code fa, disp(rb)}. */
    FLOAT_STORE,
    /** Memory format with a function code in place of the displacement, and no operands. */
    BARRIER,
    /** The same with an address: {@code (rb)}. */
    HINT,
    /** The same that writes an integer register: {@code ra}. */
    COUNTER,
    /** Memory format, jump: {@code ra, (rb), hint}; the function is in bits 15:14. */
    JUMP,
    /** Branch format that writes a return address: {@code ra, target}. */
    BRANCH,
    /** Branch format on an integer register: {@code ra, target}. */
    CONDITION,
    /** Branch format on a floating register: {@code fa, target}. */
    FLOAT_CONDITION,
    /** Operate format: {@code ra, rb or literal, rc}; 7-bit function. */
    OPERATE,
    /** Floating-point operate format: {@code fa, fb, fc}; 11-bit function, all of it significant. */
    FLOAT,
    /** The same that writes no register: {@code fa, fa, fa}. */
    FLOAT_SOURCE,
    /** Floating-point operate format whose five high function bits are rounding and trap qualifiers. */
    QUALIFIED,
    /** Floating-point operate format, integer source: {@code ra, fc}. */
    INTEGER_TO_FLOAT,
    /** Operate format, floating source: {@code fa, rc}. */
    FLOAT_TO_INTEGER,
    /** PALcode format: 26-bit function. */
    PAL,
    /** The same that takes an argument in {@code $16}. */
    PAL_ARGUMENT,
    /** The same that writes a result to {@code $0}. */
    PAL_RESULT
}
