package bundles.shell;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code wait [PID...]}: waits until processes have ended, all of them if none is named, and says how. A Gogo
 * {@link Function}, because Gogo would find {@link Object#wait()} if it were a method of that name.
 */
@Component(service = WaitCommand.class, property = {"osgi.command.scope=spin", "osgi.command.function=wait"})
@Descriptor("waits until processes have ended, all of them if none is named, and says how")
public final class WaitCommand implements Function {

    private final Processes processes;

    /** Made by Declarative Services. */
    @Activate
    public WaitCommand(@Reference Processes processes) {
        this.processes = processes;
    }

    @Override
    public Object execute(CommandSession session, List<Object> ids) throws Exception {
        List<Process> wanted = new ArrayList<>();
        for (Object id : ids) {
            wanted.add(ProcessCommands.find(processes, String.valueOf(id)));
        }
        for (Process process : ids.isEmpty() ? processes.processes() : wanted) {
            process.join(0);
            process.reap();
            session.getConsole().println("[" + process.id() + "] " + ProcessCommands.outcome(process));
        }
        return null;
    }
}
