package bundles.policies.tracer;

import bundles.unix.api.Process;
import bundles.unix.api.SyscallTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Console;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Prints every system call with its arguments and result on the console's error channel. It is bound last, after the
 * intrinsic handler has served the call: arguments are still known then, and the result is.
 *
 * <p>Binding is being registered, so this component's life is the trace's: it begins when the bundle starts and ends when
 * it stops. Handlers run in the strand that made the call, several at once; this one keeps nothing between calls.
 */
@Component(service = Syscall.class)
@Handler(order = Binding.LAST, name = "tracer")
public final class Tracer implements Syscall {

    /** Longer strings and buffers are cut, as strace does. */
    private static final int SHOWN = 32;

    private final SyscallTable table;
    private final Console console;

    /** Gets the capabilities that it needs: the names of calls and errors, and the console. */
    @Activate
    public Tracer(@Reference SyscallTable table, @Reference Console console) {
        this.table = table;
        this.console = console;
    }

    @Override
    public void syscall(UserContext context, int number) {
        Process process = Process.of(context);
        StringBuilder line = new StringBuilder("[").append(process == null ? 0 : process.id()).append("] ");
        String name = table.name(number);
        line.append(name).append('(');
        String kinds = table.arguments(number);
        for (int i = 0; i < kinds.length(); i++) {
            line.append(i == 0 ? "" : ", ").append(argument(context, kinds, i));
        }
        print(line.append(") = ").append(result(context, name)).append('\n').toString());
    }

    private String argument(UserContext context, String kinds, int index) {
        long value = context.argument(index);
        return switch (kinds.charAt(index)) {
            case 's' -> string(context, value, Integer.MAX_VALUE, true);
            case 'b' -> index + 1 < 6 ? string(context, value, context.argument(index + 1), false) : hex(value);
            case 'd' -> Long.toString(value);
            case 'f' -> Integer.toString((int) value);
            case 'o' -> "0" + Long.toOctalString(value);
            default -> hex(value);
        };
    }

    private static String hex(long value) {
        return value == 0 ? "0" : "0x" + Long.toHexString(value);
    }

    /** What the call answers; those that end the program answer nothing. */
    private String result(UserContext context, String name) {
        if (name.equals("exit") || name.equals("exit_group")) {
            return "?";
        }
        long value = context.result();
        if (context.failed()) {
            return "-1 " + table.errorName((int) value);
        }
        // addresses are above 4 GB on this machine, counts are not
        return value > 1L << 32 ? hex(value) : Long.toString(value);
    }

    /** Text at an address in user memory, quoted, with what does not print escaped. */
    private static String string(UserContext context, long address, long length, boolean terminated) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(length, SHOWN + 1))];
        // byte by byte when it ends with a zero: what lies behind may not be mapped
        int got = 0;
        while (got < bytes.length && context.copyIn(address + got, bytes, got, 1) == 1
                && !(terminated && bytes[got] == 0)) {
            got++;
        }
        if (got == 0 && bytes.length > 0 && !(terminated && context.copyIn(address, bytes, 0, 1) == 1)) {
            return hex(address);
        }
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(got, SHOWN); i++) {
            byte b = bytes[i];
            switch (b) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '"', '\\' -> text.append('\\').append((char) b);
                default ->
                    text.append(b >= ' ' && b < 127 ? Character.toString(b) : "\\" + Integer.toOctalString(b & 255));
            }
        }
        return text.append(got > SHOWN ? "\"..." : "\"").toString();
    }

    private void print(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            console.send(Console.ERROR, bytes, 0, bytes.length);
        } catch (IOException e) {
            // the console is gone: there is nobody to tell
        }
    }
}
