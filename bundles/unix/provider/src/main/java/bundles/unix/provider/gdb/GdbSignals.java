package bundles.unix.provider.gdb;

/** Signals as GDB numbers them (include/gdb/signals.def), which follows the same BSD as the Alpha does for most. Stateless. */
final class GdbSignals {

    static final int INT = 2, TRAP = 5;

    private static final int POWER = 29, GDB_POWER = 32, FIRST_REAL_TIME = 32, GDB_33 = 45, GDB_32 = 77, GDB_64 = 78;

    private GdbSignals() {}

    /** GDB's number of one of the Alpha's. */
    static int toGdb(int signal) {
        if (signal < FIRST_REAL_TIME) {
            return signal == POWER ? GDB_POWER : signal;
        }
        return signal == FIRST_REAL_TIME ? GDB_32 : signal == 64 ? GDB_64 : signal - 33 + GDB_33;
    }

    /** The Alpha's number of one of GDB's; 0: it has none. */
    static int fromGdb(int number) {
        for (int signal = 1; signal <= 64; signal++) {
            if (toGdb(signal) == number) {
                return signal;
            }
        }
        return 0;
    }
}
