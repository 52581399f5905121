package bundles.unix.provider.call;

import bundles.unix.api.SyscallTable;
import bundles.unix.provider.abi.Errno;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The service that tells what system calls and errors are called. Thread-safe: holds nothing. */
@Component
public final class CallNames implements SyscallTable {

    @Override
    public List<Integer> numbers() {
        return CallTable.TABLE.all().stream().map(Call::number).toList();
    }

    @Override
    public String support(int number) {
        Call call = CallTable.TABLE.find(number);
        if (call == null) {
            return "not";
        }
        return switch (call.support()) {
            case SUPPORTED -> "supported";
            case PARTLY -> "partly: " + call.missing();
            case NOT -> "not: " + call.missing();
        };
    }

    @Override
    public String name(int number) {
        Call call = CallTable.TABLE.find(number);
        return call == null ? "syscall_" + number : call.name();
    }

    @Override
    public String arguments(int number) {
        Call call = CallTable.TABLE.find(number);
        return call == null ? "" : call.arguments();
    }

    @Override
    public String errorName(int error) {
        return Errno.name(error);
    }
}
