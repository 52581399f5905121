package bundles.shell;

import kernel.core.machine.CodeTranslation;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code translations}: what the machine does to run programs faster, and what that costs. */
@Component(service = TranslationCommands.class, property = {"osgi.command.scope=spin",
        "osgi.command.function=translations"})
public final class TranslationCommands {

    private final CodeTranslation translation;

    /** Made by Declarative Services. */
    @Activate
    public TranslationCommands(@Reference CodeTranslation translation) {
        this.translation = translation;
    }

    /** Shows what was translated. */
    @Descriptor("shows what code of programs was translated, and what that cost")
    public void translations(CommandSession session) {
        CodeTranslation.Statistics done = translation.statistics();
        Table table = new Table("regions", Long.toString(done.regions()));
        table.row("bytes", done.bytes());
        table.row("translating", done.time() / 1_000_000 + " ms");
        table.row("host's compiler",
                done.compileTime() < 0 ? "unknown" : done.compileTime() / 1_000_000 + " ms, for everything");
        table.row("hits", done.entered());
        table.row("failures", done.failures());
        table.print(session.getConsole());
    }
}
