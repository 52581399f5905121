package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Dispatcher;
import kernel.ext.net.api.ActiveMessage;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.AtmReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcClient;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import run.itest.exam.Kernel;
import run.itest.exam.PaxExam;

/** Protocols that are dropped into the kernel, and taken away again. */
@ExtendWith(PaxExam.class)
@Timeout(120)
class ExtensionsIT {

    private static final long SECOND = 1_000_000_000L;
    private static final int MEMO = 0x2053_5049;

    @Inject
    private BundleContext context;
    @Inject
    private Dispatcher dispatcher;

    private Bundle drop(String name) throws Exception {
        Bundle bundle = context.installBundle(Kernel.ASSEMBLY.resolve("policies/" + name + ".jar").toUri().toString());
        bundle.start();
        return bundle;
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        T found = tracker.waitForService(TimeUnit.SECONDS.toMillis(20));
        assertNotNull(found, type.getName());
        return found;
    }

    private static RpcClient memo(Rpc rpc, RpcTransport transport) throws Exception {
        for (int i = 0;; i++) {
            try {
                return rpc.client(transport, IpAddress.LOOPBACK, 0, MEMO, 1, SECOND);
            } catch (IOException e) {
                if (i == 100) {
                    throw e;
                }
                Thread.sleep(50); // it is being started
            }
        }
    }

    @Test
    void remoteProceduresAreServedUpdatedAndTakenAway() throws Exception {
        Bundle provider = drop("kernel.ext.net.rpc.provider");
        Bundle program = drop("bundles.policies.memo");
        byte[] note = {1, 2, 3, 4, 5};
        for (RpcTransport transport : RpcTransport.values()) {
            try (RpcClient client = memo(service(Rpc.class), transport)) {
                assertTrue(
                        client.call(1, new XdrWriter().putString("note").putOpaque(note, 0, 5), SECOND).getBoolean());
                XdrReader found = client.call(2, new XdrWriter().putString("note"), SECOND);
                assertTrue(found.getBoolean());
                assertArrayEquals(note, found.getOpaque(9));
            }
            provider.update();
        }
        try (RpcClient client = memo(service(Rpc.class), RpcTransport.TCP)) {
            program.update();
            assertEquals(0, memo(service(Rpc.class), RpcTransport.TCP).call(3, new XdrWriter(), SECOND).getInt());
            program.uninstall();
            assertThrows(IOException.class, () -> client.call(3, new XdrWriter(), SECOND));
        }
        assertFalse(service(Rpc.class).served().stream().anyMatch(one -> one.program() == MEMO));
        provider.uninstall();
    }

    @Test
    void handlersOfMessagesAreTheirOwners() throws Exception {
        Bundle bundle = drop("kernel.ext.net.am");
        ActiveMessages messages = service(ActiveMessages.class);
        int[] seen = new int[1];
        try (ActiveMessages.Endpoint own = messages.bind(7, "own", (_, _, _, _) -> seen[0]++ >= 0)) {
            assertThrows(IOException.class, () -> messages.bind(7, "thief", (_, _, _, _) -> true));
            assertThrows(BindingException.class, () -> dispatcher
                    .bind(Binding.handler(ActiveMessage.class, (_, _, _, _) -> seen[0]++ >= 0).name("spy")));
            assertFalse(dispatcher.stub(ActiveMessage.class)
                    .received(new PacketBuffer().wrap(new byte[64], 0, 64).packet(), 7, 3, 0));
            assertThrows(IOException.class,
                    () -> own.send(new ActiveMessages.Peer("eth9", 1), 7, new byte[1], 0, 1));
        }
        assertEquals(0, seen[0]);
        bundle.update();
        service(ActiveMessages.class).bind(7, "again", (_, _, _, _) -> true).close();
        bundle.uninstall();
    }

    @Test
    void nobodyListensToCircuits() {
        assertThrows(BindingException.class,
                () -> dispatcher.bind(Binding.handler(AtmReceive.class, (_, _, _) -> true).name("spy")));
    }
}
