package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatcher.Sample.Kinds;
import kernel.core.dispatcher.Sample.Packet;
import kernel.core.dispatcher.Sample.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeysTest {

    private static final byte[] DATA = new byte[3];

    private final List<String> ran = new ArrayList<>();
    private final EventType type = Sample.event(Packet.class, 0);
    private final Packet stub = (Packet) type.stub();

    private Binding<Packet> on(String name) {
        return Binding.handler(Packet.class, (port, host, data) -> ran.add(name)).name(name);
    }

    private String raise(int port, String host) {
        ran.clear();
        stub.packet(port, host, DATA);
        return String.join(" ", ran);
    }

    @Test
    void aHandlerRunsForItsValuesInItsPlaceAmongTheOthers() {
        type.add(Sample.member(on("all")));
        type.add(Sample.member(on("80").key("port", 80)));
        type.add(Sample.member(on("either").key("port", "0x50").key("port", 443)));
        type.add(Sample.member(on("last").order(Binding.LAST)));
        type.add(Sample.member(on("80first").key("port", 80).order(Binding.FIRST)));
        assertEquals("80first all 80 either last", raise(80, "a"));
        assertEquals("all either last", raise(443, "a"));
        assertEquals("all last", raise(-1, "a"));
    }

    @Test
    void severalKeysMustAllMatch() {
        type.add(Sample.member(on("both").key("port", 80).key("host", "a")));
        type.add(Sample.member(on("host").key("host", "a").key("host", "b")));
        type.add(Sample.member(on("size").key("size", 3)));
        type.add(Sample.member(on("guarded").key("port", 80).guard((OnPacket) (port, host, data) -> host == null)));
        assertEquals("both host size", raise(80, "a"));
        assertEquals("host size", raise(81, "b"));
        assertEquals("size guarded", raise(80, null));
        assertEquals("size", raise(0, "c"));
    }

    /** A guard's interface. */
    @FunctionalInterface
    public interface OnPacket {
        boolean test(int port, String host, byte[] data);
    }

    @Test
    void whatGoesLeavesTheOthers() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            members.add(Sample.member(on("h" + i).key("port", i % 100)));
            type.add(members.getLast());
        }
        assertEquals("h7 h107", raise(7, ""));
        type.remove(members.get(7));
        assertEquals("h107", raise(7, ""));
        type.remove(members.get(107));
        assertEquals("", raise(7, ""));
        assertEquals("h8 h108", raise(8, ""));
        Member all = Sample.member(on("all").order(Binding.FIRST));
        type.add(all);
        assertEquals("all h8 h108", raise(8, ""));
        assertEquals("all", raise(7, ""));
        type.add(Sample.member(on("new").key("port", 7)));
        assertEquals("all new", raise(7, ""));
    }

    /** A raise runs what a plain list of conditions would, whatever is bound and unbound before. */
    @Test
    void randomBindingsRunAsAListWould() {
        Random random = new Random(42);
        List<Member> bound = new ArrayList<>();
        for (int round = 0; round < 300; round++) {
            if (bound.isEmpty() || random.nextInt(3) > 0) {
                Binding<Packet> binding = on("h" + round);
                if (random.nextInt(4) > 0) {
                    binding = binding.key("port", random.nextInt(8));
                }
                if (random.nextInt(4) == 0) {
                    binding = binding.key("host", random.nextBoolean() ? "a" : "b");
                }
                Member member = Sample.member(binding);
                bound.add(member);
                type.add(member);
            } else {
                type.replace(bound.remove(random.nextInt(bound.size())), null);
            }
            int port = random.nextInt(9);
            String host = random.nextBoolean() ? "a" : "b";
            List<String> expected = bound.stream()
                    .filter(m -> m.options.keys().stream()
                            .allMatch(k -> k.value().equals(k.key().equals("port") ? (Object) port : host)))
                    .map(Member::name).toList();
            assertEquals(String.join(" ", expected), raise(port, host), "round " + round);
        }
    }

    @Test
    void allTypesOfKeys() {
        EventType kinds = Sample.event(Kinds.class, TimeUnit.SECONDS.toNanos(1));
        kinds.add(Sample.intrinsic((Kinds) (z, b, s, c, i, l, e) -> 0));
        Object[][] wishes = {{"z", "true"}, {"b", -1}, {"s", "300"}, {"c", "x"}, {"i", "-0x80000000"},
                {"l", Long.MAX_VALUE}, {"e", "DAYS"}};
        List<Object> hits = new ArrayList<>();
        for (Object[] wish : wishes) {
            kinds.add(Sample.member(Binding.handler(Kinds.class, (z, b, s, c, i, l, e) -> {
                hits.add(wish[0]);
                return 1;
            }).key((String) wish[0], wish[1])));
        }
        Kinds raise = (Kinds) kinds.stub();
        raise.kinds(true, (byte) -1, (short) 300, 'x', Integer.MIN_VALUE, Long.MAX_VALUE, TimeUnit.DAYS);
        assertEquals(List.of("z", "b", "s", "c", "i", "l", "e"), hits);
        hits.clear();
        raise.kinds(false, (byte) 1, (short) 301, 'y', 0, 0, null);
        assertEquals(List.of(), hits);
    }

    @Test
    void wrongKeysAreRefusedWithWhatToDo() {
        String[][] wrong = {{"post", "80", "has the keys [port, host, size]"}, {"port", "http", "no int"},
                {"port", "99999999999", "out of range"}};
        for (String[] one : wrong) {
            String message = assertThrows(BindingException.class,
                    () -> type.add(Sample.member(on("x").key(one[0], one[1])))).getMessage();
            assertTrue(message.contains(one[2]), message);
        }
        assertTrue(assertThrows(BindingException.class, () -> Sample.event(Sum.class, 0)
                .add(Sample.member(Binding.handler(Sum.class, (a, b) -> 0).key("a", 1)))).getMessage()
                .contains("has no keys"));
    }
}
