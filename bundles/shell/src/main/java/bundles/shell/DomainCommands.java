package bundles.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.domain.Domain;
import kernel.core.domain.Domains;
import kernel.core.domain.Violation;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code domains}: which bundles are trusted, and what the others have that they may not have. */
@Component(service = DomainCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=domains"})
public final class DomainCommands {

    private final Domains domains;

    /** Made by Declarative Services. */
    @Activate
    public DomainCommands(@Reference Domains domains) {
        this.domains = domains;
    }

    /** Lists those that are not trusted. */
    @Descriptor("lists the bundles that are not trusted: whether they were linked, and how long their handlers may take")
    public void domains(CommandSession session) {
        List<Domain> all = domains.all();
        Table table = new Table(">BUNDLE", "NAME", "LINKED", ">LIMIT", "WHY NOT");
        all.stream().filter(domain -> !domain.trusted())
                .forEach(d -> table.row(Long.toString(d.id()), d.name(), d.linked() ? "yes" : "no", limit(d),
                        d.linked() ? "" : d.violations().getFirst().toString()));
        long trusted = all.stream().filter(Domain::trusted).count();
        if (trusted < all.size()) {
            table.print(session.getConsole());
        }
        session.getConsole().println(trusted + " bundles are trusted, " + (all.size() - trusted) + " are not");
    }

    /** Shows one. */
    @Descriptor("shows one bundle: why it is trusted, or all that it may not do and does")
    public void domains(CommandSession session, @Descriptor("number or symbolic name of the bundle") String bundle)
            throws Failure {
        Domain domain = domains.all().stream()
                .filter(d -> Long.toString(d.id()).equals(bundle) || d.name().startsWith(bundle + " ")).findFirst()
                .orElseThrow(() -> new Failure("There is no bundle \"" + bundle + "\"; `lb` lists them"));
        PrintStream out = session.getConsole();
        out.println(domain.id() + " " + domain.name() + ": "
                + (domain.trusted() ? "trusted: " : "not trusted: ") + domain.why());
        if (!domain.trusted()) {
            out.println(domain.linked()
                    ? "all that it reaches it may reach; a handler of it may take " + limit(domain)
                    : "it is not linked:");
        }
        Map<String, Table> places = new TreeMap<>();
        for (Violation violation : domain.violations()) {
            places.computeIfAbsent(violation.place(), _ -> new Table("REACHES", "WHICH IT MAY NOT"))
                    .row(violation.reached(), violation.reason());
        }
        places.forEach((place, table) -> {
            out.println(place);
            table.print(out);
        });
    }

    private static String limit(Domain domain) {
        return domain.limit() == 0
                ? "any time"
                : domain.limit() % 1000 == 0
                        ? domain.limit() / 1000 + " ms"
                        : domain.limit() + " us";
    }
}
