package hw.alpha.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Boot;
import kernel.core.machine.Session;
import kernel.core.machine.Sessions;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The service {@link Sessions} on a socket, if the machine was started to take requests: property {@code spin.mode=serve};
 * {@code spin.socket} is the socket's path. Host signals that would end the process are a request to stop.
 *
 * <p>Concurrency: one thread accepts connections; each connection has a thread that takes its request, puts it into the
 * queue and then listens for signals until the client hangs up. The queue is all that they share.
 */
@Component(service = {}, immediate = true)
public final class SessionServer implements Sessions {

    private static final System.Logger LOG = System.getLogger("hw.alpha");
    private static final int STREAMS = 3;

    private final LinkedBlockingQueue<Session> arrived = new LinkedBlockingQueue<>();
    private final AtomicBoolean published = new AtomicBoolean();
    private SessionSocket socket;
    private HostSignals signals;

    /**
     * @param context of this bundle
     * @throws IOException the socket cannot be made; the message says why
     */
    @Activate
    public SessionServer(BundleContext context) throws IOException {
        if (Firmware.boot(context::getProperty).mode() == Boot.Mode.SERVE) {
            String path = context.getProperty("spin.socket");
            if (path == null) {
                throw new IOException("spin.socket is not set: where is the socket to be?");
            }
            open(Path.of(path));
            context.registerService(Sessions.class, this, null);
        }
    }

    /** Outside a framework. */
    SessionServer(Path path) throws IOException {
        open(path);
    }

    private void open(Path path) throws IOException {
        socket = new SessionSocket(path);
        signals = new HostSignals(name -> stop());
        signals.listen("TERM", "INT", "HUP");
        Thread.ofPlatform().daemon().name("sessions").start(this::serve);
    }

    @Deactivate
    void close() throws IOException {
        if (socket != null) {
            signals.close();
            socket.close();
        }
    }

    @Override
    public Session accept() throws InterruptedException {
        if (!published.getAndSet(true)) {
            try {
                socket.publish();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("nobody can be served", e);
            }
        }
        return arrived.take();
    }

    private void stop() {
        try {
            HostChannel[] own = new HostChannel[STREAMS];
            for (int i = 0; i < STREAMS; i++) {
                own[i] = new HostChannel(i, 0);
            }
            arrived.add(HostSession.own(List.of("stop"), own));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a host signal was lost: " + e.getMessage(), e);
        }
    }

    private void serve() {
        try {
            for (var next = socket.accept(); next != null; next = socket.accept()) {
                SessionSocket.Connection connection = next;
                Thread.ofPlatform().daemon().name("session").start(() -> serve(connection));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "no more requests can be taken: " + e.getMessage(), e);
        }
    }

    private void serve(SessionSocket.Connection connection) {
        HostSession session = null;
        try {
            session = session(connection, connection.receive());
            arrived.add(session);
            for (String signal = connection.line(); signal != null; signal = connection.line()) {
                session.signal(signal);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a request was refused: " + e.getMessage());
        } finally {
            connection.close();
            if (session != null) {
                session.signal("KILL");
            }
        }
    }

    private static HostSession session(SessionSocket.Connection connection, SessionSocket.Request request)
            throws IOException {
        HostChannel[] channels = new HostChannel[STREAMS];
        try {
            for (int i = 0; i < STREAMS; i++) {
                channels[i] = new HostChannel(request.streams()[i], request.process());
            }
            return HostSession.of(request.process(), channels, connection::end);
        } catch (IOException e) {
            for (int descriptor : request.streams()) {
                SessionSocket.closeDescriptor(descriptor);
            }
            throw e;
        }
    }
}
