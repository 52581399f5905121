/**
 * The machine's time where it is not the host's: moved on by instructions, so that runs can be repeated (design of deterministic
 * simulation as in FoundationDB: Zhou et al., SIGMOD 2021, section 4).
 */
package hw.alpha.time;
