package kernel.ext.net.rpc.provider;

import java.io.IOException;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.rpc.api.Rpc;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code rpcinfo}: the shell calls it and prints what it answers. */
@Component(service = RpcCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=rpcinfo"})
public final class RpcCommands {

    private static final long PATIENCE = 5_000_000_000L;

    private final Rpc rpc;

    /** Made by Declarative Services. */
    @Activate
    public RpcCommands(@Reference Rpc rpc) {
        this.rpc = rpc;
    }

    /** Shows what is served here. */
    public String rpcinfo() {
        return table(rpc.served());
    }

    /** Shows what the port mapper of another machine knows. */
    public String rpcinfo(String address) throws IOException {
        return table(rpc.mappings(IpAddress.parse(address), PATIENCE));
    }

    private static String table(List<Rpc.Mapping> all) {
        StringBuilder text = new StringBuilder("   PROGRAM  VERSION  PROTOCOL   PORT      CALLS  NAME");
        for (Rpc.Mapping one : all) {
            text.append("\n%10d  %7d  %8s  %5d  %9s  %s".formatted(one.program() & 0xFFFF_FFFFL, one.version(),
                    one.protocol() == 17 ? "udp" : one.protocol() == 6 ? "tcp" : one.protocol(), one.port(),
                    one.name().isEmpty() ? "" : one.calls(), one.name()).stripTrailing());
        }
        return text.toString();
    }
}
