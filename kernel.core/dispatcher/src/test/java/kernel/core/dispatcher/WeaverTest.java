package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.dispatch.Checkpoint;
import kernel.core.dispatch.DomainStopped;
import kernel.core.dispatch.TimeLimitExceeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WeaverTest {

    /** Code of all kinds that must still work, and loops that do not end. */
    public static final class Subject {
        /** Ends. */
        public int compute(int n) {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                try {
                    sum += switch (i % 3) {
                        case 0 -> i;
                        case 1 -> helper(i);
                        default -> throw new IllegalStateException();
                    };
                } catch (IllegalStateException e) {
                    sum--;
                } finally {
                    sum++;
                }
            }
            return sum + List.of(1, 2, 3).stream().mapToInt(x -> x * 2).sum();
        }

        private static int helper(int i) {
            synchronized (Subject.class) {
                return i * 2;
            }
        }

        /** Does not end. */
        public void endless(Integer kind) {
            long x = 0;
            switch (kind) {
                case 0 -> {
                    while (true) {
                        x++;
                    }
                }
                case 1 -> {
                    do {
                        x++;
                    } while (x != Long.MIN_VALUE);
                }
                case 2 -> recurse(kind);
                default -> {
                    while (true) {
                        try {
                            x += 1 / (x & 1);
                        } catch (ArithmeticException e) {
                            x++;
                        } finally {
                            x--;
                        }
                    }
                }
            }
        }

        private void recurse(int depth) {
            try {
                recurse(depth + 1);
            } catch (StackOverflowError e) {
                recurse(depth);
            }
        }
    }

    /** Loads the subject as a bundle's loader would, with the looks in it. */
    private static final class Loader extends ClassLoader {
        private final int domain;

        Class<?> load() throws Exception {
            String name = Subject.class.getName();
            try (InputStream in = WeaverTest.class.getResourceAsStream("WeaverTest$Subject.class")) {
                byte[] bytes = Weaver.prepare(in.readAllBytes(), WeaverTest.class.getClassLoader(), domain);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        Loader(int domain) {
            super(WeaverTest.class.getClassLoader());
            this.domain = domain;
        }
    }

    @Test
    void preparedCodeDoesWhatItDid() throws Exception {
        Object subject = new Loader(-1).load().getConstructor().newInstance();
        assertEquals(new Subject().compute(100),
                subject.getClass().getMethod("compute", int.class).invoke(subject, 100));
    }

    @Test
    void everyEndlessLoopCanBeStopped() throws Exception {
        Object subject = new Loader(-1).load().getConstructor().newInstance();
        for (int kind : new int[]{0, 1, 2, 3}) {
            Thread[] running = {null};
            Throwable[] thrown = {null};
            running[0] = Thread.ofPlatform().daemon().start(() -> thrown[0] = assertThrows(Exception.class,
                    () -> subject.getClass().getMethod("endless", Integer.class).invoke(subject, kind)).getCause());
            Thread.sleep(50);
            assertTrue(running[0].isAlive());
            Checkpoint.stop(running[0], "enough");
            running[0].join(TimeUnit.SECONDS.toMillis(20));
            Checkpoint.go(running[0]);
            assertEquals(Map.of(kind, TimeLimitExceeded.class), Map.of(kind, thrown[0].getClass()));
        }
    }

    /** As when a bundle that is not trusted stops: in whatever thread, and for good, and not longer than until it is started again. */
    @Test
    void everyEndlessLoopOfAStoppedDomainEnds() throws Exception {
        AtomicBoolean again = new AtomicBoolean();
        int domain = Checkpoint.enrol("the test", again::get);
        Object subject = new Loader(domain).load().getConstructor().newInstance();
        for (int kind : new int[]{0, 1, 2, 3}) {
            Throwable[] thrown = {null};
            Thread running = Thread.ofPlatform().daemon().start(() -> thrown[0] = assertThrows(Exception.class,
                    () -> subject.getClass().getMethod("endless", Integer.class).invoke(subject, kind)).getCause());
            Thread.sleep(50);
            assertTrue(running.isAlive());
            Checkpoint.end(domain, true);
            running.join(TimeUnit.SECONDS.toMillis(20));
            assertEquals(Map.of(kind, "kernel.core.dispatch.DomainStopped: the test was stopped"),
                    Map.of(kind, String.valueOf(thrown[0])));
            assertEquals(DomainStopped.class, assertThrows(Exception.class,
                    () -> subject.getClass().getMethod("compute", int.class).invoke(subject, 1)).getCause().getClass());
            again.set(true);
            assertEquals(new Subject().compute(9),
                    subject.getClass().getMethod("compute", int.class).invoke(subject, 9));
            again.set(false);
        }
    }

    @Test
    void thereMayBeManyDomains() {
        int first = Checkpoint.enrol("the first of many", () -> false);
        Checkpoint.end(first, true);
        for (int i = 0; i < 1000; i++) {
            Checkpoint.poll(Checkpoint.enrol("one of many", () -> false));
        }
        assertThrows(DomainStopped.class, () -> Checkpoint.poll(first));
    }
}
