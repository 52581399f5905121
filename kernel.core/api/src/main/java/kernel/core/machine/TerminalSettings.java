package kernel.core.machine;

/**
 * Settings of a terminal (termios(3)), with the flags and the order of characters that Linux has on most machines
 * (asm-generic/termbits.h). Immutable: the array is copied.
 *
 * @param input {@code c_iflag}
 * @param output {@code c_oflag}
 * @param control {@code c_cflag}
 * @param local {@code c_lflag}
 * @param discipline {@code c_line}
 * @param characters {@code c_cc}, {@value #CHARACTERS} bytes
 */
public record TerminalSettings(int input, int output, int control, int local, byte discipline, byte[] characters) {

    /** Bytes of {@code c_cc}. */
    public static final int CHARACTERS = 19;

    /**
     * Copies the array.
     *
     * @throws IllegalArgumentException it has another length
     */
    public TerminalSettings {
        if (characters.length != CHARACTERS) {
            throw new IllegalArgumentException(characters.length + " control characters, not " + CHARACTERS);
        }
        characters = characters.clone();
    }

    /** A copy. */
    @Override
    public byte[] characters() {
        return characters.clone();
    }
}
