package bundles.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Semaphore;
import kernel.core.dispatch.Binding;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The web server, at port 80 of the kernel's network, when the machine was asked for it (framework property {@code spin.web}). A strand
 * accepts, a strand serves each connection, at most 64 at once. Thread-safe: its fields are constant.
 */
@Component(service = WebServer.class, immediate = true)
public final class WebServer {

    private static final int PORT = 80;
    private static final int AT_ONCE = 64;
    /** What is served from this bundle, and its type. */
    private static final Map<String, String> PAGES = Map.of("/index.html", "text/html; charset=utf-8", "/style.css",
            "text/css", "/page.js", "text/javascript");

    private final System.Logger log = System.getLogger(WebServer.class.getName());
    private final Strands strands;
    private final MachineReport report;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final TcpListener listener;
    private final Strand acceptor;

    /** Made by Declarative Services. */
    @Activate
    public WebServer(@Reference(target = Binding.STUB_ONLY) Network network, @Reference Strands strands,
            @Reference MachineReport report,
            BundleContext context) throws IOException {
        this.strands = strands;
        this.report = report;
        boolean wanted = context.getProperty("spin.web") != null;
        listener = wanted ? network.listen(IpAddress.ANY6, PORT, AT_ONCE) : null;
        acceptor = wanted ? strands.fork("web", this::accept) : null;
    }

    @Deactivate
    void stop() {
        if (listener != null) {
            listener.close();
            acceptor.interrupt();
        }
    }

    private void accept() {
        while (true) {
            try {
                room.acquire();
                TcpConnection connection = listener.accept();
                strands.fork("web " + connection.remoteAddress() + ":" + connection.remotePort(), () -> {
                    try {
                        new Exchange(connection, this::page).run();
                    } finally {
                        room.release();
                    }
                });
            } catch (IOException | InterruptedException e) {
                return; // closed
            }
        }
    }

    /** What there is at a path. */
    Exchange.Answer page(String path) {
        try {
            if (path.equals("/status")) {
                return new Exchange.Answer(200, "application/json", Request.bytes(report.json() + "\n"));
            }
            String name = path.equals("/") ? "/index.html" : path;
            String type = PAGES.get(name);
            if (type == null) {
                return Exchange.Answer.text(404, "There is nothing at " + path + "; / and /status are there");
            }
            try (InputStream in = WebServer.class.getResourceAsStream("pages" + name)) {
                return new Exchange.Answer(200, type, in.readAllBytes());
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            log.log(System.Logger.Level.ERROR, "web: " + path, e);
            return Exchange.Answer.text(500, "The kernel's log says what went wrong");
        }
    }
}
