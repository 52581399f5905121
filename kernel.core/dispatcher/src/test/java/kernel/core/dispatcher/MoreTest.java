package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans that are made by adding one handler to the last one are those that would have been made of all handlers. */
class MoreTest {

    private final List<String> ran = new ArrayList<>();

    private Member random(Random random, int number) {
        String name = "h" + number;
        Sample.Packet handler = (_, _, _) -> ran.add(name);
        Map<String, Object> wish = new HashMap<>();
        switch (random.nextInt(8)) {
            case 0 -> wish.put(Binding.ORDER, Binding.FIRST);
            case 1 -> wish.put(Binding.ORDER, Binding.LAST);
            case 2 -> {
                if (number > 0 && random.nextBoolean()) {
                    wish.put(Binding.ORDER, Binding.BEFORE + "h" + random.nextInt(number));
                }
            }
            default -> {
                // no wish
            }
        }
        switch (random.nextInt(6)) {
            case 0 -> wish.put(Binding.KEY, List.of(Map.entry("host", "a")));
            case 1, 2, 3 -> wish.put(Binding.KEY, List.of(Map.entry("port", random.nextInt(3))));
            case 4 -> wish.put(Binding.KEY, List.of(Map.entry("port", 0), Map.entry("port", 2)));
            default -> {
                // no key
            }
        }
        List<Object> properties = new ArrayList<>(List.of(Binding.NAME, name));
        wish.forEach((property, value) -> properties.addAll(List.of(property, value)));
        return Sample.member(handler, properties.toArray());
    }

    private List<String> raise(EventType event, int port, String host) {
        ran.clear();
        ((Sample.Packet) event.stub()).packet(port, host, new byte[0]);
        return List.copyOf(ran);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void oneMoreIsTheWhole(int seed) {
        Random random = new Random(seed);
        EventType event = Sample.event(Sample.Packet.class, TimeUnit.SECONDS.toNanos(1));
        List<Member> bound = new ArrayList<>();
        if (random.nextBoolean()) {
            event.add(Sample.intrinsic((Sample.Packet) (_, _, _) -> ran.add("own")));
        }
        for (int i = 0; i < 40; i++) {
            if (!bound.isEmpty() && random.nextInt(6) == 0) {
                event.replace(bound.remove(random.nextInt(bound.size())), null);
            } else {
                Member member = random(random, i);
                bound.add(member);
                event.add(member);
            }
            List<List<String>> stepwise = everything(event);
            event.lock.lock();
            try {
                event.republish(); // makes the plan of all that is bound
            } finally {
                event.lock.unlock();
            }
            assertEquals(everything(event), stepwise, "after step " + i + " of seed " + seed);
        }
    }

    private List<List<String>> everything(EventType event) {
        List<List<String>> all = new ArrayList<>();
        for (int port = 0; port < 4; port++) {
            all.add(raise(event, port, "a"));
            all.add(raise(event, port, "b"));
        }
        return all;
    }

    /** Without a pause between handlers: nothing but steps. */
    @Test
    void manyInARow() {
        EventType event = Sample.event(Sample.Packet.class, TimeUnit.SECONDS.toNanos(1));
        Random random = new Random(4711);
        for (int i = 0; i < 300; i++) {
            event.add(random(random, i));
        }
        List<List<String>> stepwise = everything(event);
        event.lock.lock();
        try {
            event.republish();
        } finally {
            event.lock.unlock();
        }
        assertEquals(everything(event), stepwise);
    }

    /** Nobody is forgotten while an entry is being trained, nor when it takes over. */
    @Test
    void trainedEntriesRaiseTheSame() throws InterruptedException {
        EventType event = Sample.event(Sample.Sum.class, TimeUnit.SECONDS.toNanos(1));
        long[] calls = new long[1];
        event.add(Sample.intrinsic((Sample.Sum) (a, b) -> a + b));
        Sample.Sum stub = (Sample.Sum) event.stub();
        for (int i = 0; i < 1000; i++) {
            assertEquals(i + 1, stub.sum(i, 1));
        }
        event.add(Sample.handler((Sample.Sum) (a, _) -> calls[0] += a, "counter", Binding.FIRST));
        long raises = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int trained = 0;
        while (System.nanoTime() < end && trained < 10) {
            for (int i = 0; i < 30_000; i++) {
                assertEquals(i + 2, stub.sum(1, i + 1));
                raises++;
            }
            Thread.sleep(20);
            event.lock.lock();
            try {
                trained += event.family().entryTrained() ? 1 : 0;
            } finally {
                event.lock.unlock();
            }
            assertEquals(raises, calls[0]);
        }
        assertEquals(10, trained, "the entry was not trained in 20 s");
    }
}
