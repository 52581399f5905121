package kernel.ext.net.am;

import java.io.IOException;
import kernel.core.machine.Clock;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.IpAddress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The command {@code am}, and the handlers that answer it: the shell calls it and prints what it answers. */
@Component(service = MessageCommands.class, immediate = true, property = {"osgi.command.scope=spin",
        "osgi.command.function=am"})
public final class MessageCommands {

    private static final long SECOND = 1_000_000_000L;
    private static final int COUNT = 5;

    private final ActiveMessages messages;
    private final Echo echo;

    /** Made by Declarative Services. */
    @Activate
    public MessageCommands(@Reference ActiveMessages messages, @Reference Clock clock) throws IOException {
        this.messages = messages;
        echo = new Echo(messages, clock);
    }

    @Deactivate
    void stop() {
        echo.close();
    }

    /** Shows what was counted. */
    public String am() {
        ActiveMessages.Counts counts = messages.counts();
        return "%d came, %d for nobody, %d damaged, %d sent".formatted(counts.received(), counts.unwanted(),
                counts.damaged(), counts.sent());
    }

    /** Sends messages to another machine, which answers. */
    public String am(String address) throws IOException, InterruptedException {
        ActiveMessages.Peer peer = messages.find(IpAddress.parse(address), SECOND);
        StringBuilder text = new StringBuilder();
        int answered = 0;
        for (int i = 1; i <= COUNT; i++) {
            long time = echo.roundTrip(peer, 16, SECOND);
            answered += time >= 0 ? 1 : 0;
            text.append(i).append(time < 0 ? ": no answer\n" : ": answered after %.3f ms\n".formatted(time / 1e6));
        }
        if (answered == 0) {
            throw new IOException(address + " does not answer active messages: is kernel.ext.net.am started there?");
        }
        return text.append(COUNT).append(" sent, ").append(answered).append(" answered").toString();
    }
}
