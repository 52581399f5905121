package bundles.policies.memo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcCall;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;
import org.junit.jupiter.api.Test;

/** What the program answers; that it is reached is ExtensionsIT's. */
class MemoTest {

    private final MemoProgram memo = new MemoProgram((Rpc) Proxy.newProxyInstance(MemoTest.class.getClassLoader(),
            new Class<?>[]{Rpc.class}, (_, method, words) -> {
                assertEquals("serve 542330953 1 0 memo",
                        method.getName() + " " + words[0] + " " + words[1] + " " + words[2] + " " + words[3]);
                return null;
            }));

    MemoTest() throws IOException {}

    private XdrReader call(int procedure, XdrWriter in) throws XdrException, RpcException {
        XdrWriter out = new XdrWriter();
        memo.serve(new RpcCall(IpAddress.LOOPBACK, 1, RpcTransport.UDP, MemoProgram.NUMBER, 1, procedure, -1, -1),
                new XdrReader(in.bytes(), 0, in.length()), out);
        return new XdrReader(out.bytes(), 0, out.length());
    }

    @Test
    void notesAreKeptByName() throws IOException {
        byte[] note = {1, 2, 3};
        assertTrue(call(MemoProgram.PUT, new XdrWriter().putString("b").putOpaque(note, 0, 3)).getBoolean());
        assertTrue(call(MemoProgram.PUT, new XdrWriter().putString("a").putOpaque(note, 1, 1)).getBoolean());
        XdrReader found = call(MemoProgram.GET, new XdrWriter().putString("b"));
        assertTrue(found.getBoolean());
        assertArrayEquals(note, found.getOpaque(99));
        XdrReader list = call(MemoProgram.LIST, new XdrWriter());
        assertEquals("2 a b", list.count(9) + " " + list.getString(9) + " " + list.getString(9));
        assertTrue(call(MemoProgram.REMOVE, new XdrWriter().putString("b")).getBoolean());
        assertFalse(call(MemoProgram.REMOVE, new XdrWriter().putString("b")).getBoolean());
        assertFalse(call(MemoProgram.GET, new XdrWriter().putString("b")).getBoolean());
    }

    @Test
    void thereIsALimit() throws IOException {
        for (int i = 0; i < 1000; i++) {
            assertTrue(call(MemoProgram.PUT, new XdrWriter().putString("n" + i).putInt(0)).getBoolean());
        }
        assertFalse(call(MemoProgram.PUT, new XdrWriter().putString("one more").putInt(0)).getBoolean());
        assertTrue(call(MemoProgram.PUT, new XdrWriter().putString("n7").putInt(0)).getBoolean());
        assertThrows(XdrException.class, () -> call(MemoProgram.GET, new XdrWriter().putString("x".repeat(65))));
        assertThrows(RpcException.class, () -> call(5, new XdrWriter()));
    }
}
