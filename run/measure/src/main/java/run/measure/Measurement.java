package run.measure;

/**
 * What a benchmark is given to work with.
 *
 * @param tree where everything is
 * @param rounds lets ours and the peers take turns
 * @param peers compiles the peers that are written in C
 * @param progress tells the person at the terminal what is being done
 * @param quick settle for a short and rough measurement
 */
public record Measurement(Tree tree, Rounds rounds, Peers peers, Progress progress, boolean quick) {}
