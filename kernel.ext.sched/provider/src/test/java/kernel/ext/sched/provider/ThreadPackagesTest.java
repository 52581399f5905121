package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulers;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandGroup;
import kernel.core.strand.StrandLock;
import kernel.core.strand.ThreadPackage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thread packages of extensions, good and hostile. */
@Timeout(60)
class ThreadPackagesTest {

    private static final long MILLISECOND = 1_000_000;
    private static final long LONG = TimeUnit.SECONDS.toNanos(50);
    /** Nobody is found wanting: for tests of what does not depend on the watch. */
    private static final Limits PATIENT = new Limits(MILLISECOND, 5 * MILLISECOND, LONG, LONG, LONG);

    private StrandService strands = new StrandService(new Scheduler(2, System::nanoTime, PATIENT));

    @AfterEach
    void close() {
        strands.close();
    }

    private void impatient() {
        strands.close();
        strands = new StrandService(new Scheduler(2, System::nanoTime, new Limits(MILLISECOND, 5 * MILLISECOND,
                100 * MILLISECOND, 100 * MILLISECOND, LONG)));
    }

    private StrandGroup install(ThreadPackage threads, int processors) {
        return strands.threadPackages().install("p", Parameters.USUAL, processors, threads);
    }

    /** The newest first; checks that it is told of what can happen and in an order that can be. */
    static class Stack implements ThreadPackage {
        final Deque<Strand> ready = new ArrayDeque<>();
        final Set<Strand> known = new HashSet<>();
        final Set<Strand> out = new HashSet<>();
        volatile String wrong = "";

        private void check(boolean fine, String what) {
            if (!fine) {
                wrong += what + "; ";
            }
        }

        @Override
        public void unblock(Strand strand) {
            check(!ready.contains(strand) && !out.contains(strand), "unblock of one that is not blocked: " + strand);
            known.add(strand);
            ready.push(strand);
        }

        @Override
        public void block(Strand strand) {
            check(known.contains(strand), "block of an unknown one: " + strand);
            check(out.remove(strand) || ready.remove(strand), "block of one that is blocked: " + strand);
        }

        @Override
        public void checkpoint(Strand strand) {
            check(out.remove(strand), "checkpoint of one that did not run: " + strand);
            ready.addLast(strand);
        }

        @Override
        public Strand resume() {
            Strand next = ready.poll();
            if (next != null) {
                out.add(next);
            }
            return next;
        }

        @Override
        public void end(Strand strand) {
            check(known.remove(strand), "end of an unknown one: " + strand);
            out.remove(strand);
        }
    }

    @Test
    void strandsRunInThePackagesOrder() throws InterruptedException {
        CountDownLatch forked = new CountDownLatch(1);
        // If the first loses its processor before it has forked all, as a slow host may have it, nobody else runs yet.
        Stack stack = new Stack() {
            @Override
            public Strand resume() {
                if (forked.getCount() > 0) {
                    Strand first = ready.stream().filter(one -> one.name().equals("first")).findFirst().orElse(null);
                    if (first == null) {
                        return null;
                    }
                    ready.remove(first);
                    ready.push(first);
                }
                return super.resume();
            }
        };
        StrandGroup group = install(stack, 1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Strand> all = new ArrayList<>();
        Strand first = group.fork("first", () -> {
            for (String name : List.of("a", "b", "c")) {
                all.add(group.fork(name, () -> order.add(name)));
            }
            assertEquals(4, group.strands().size());
            forked.countDown();
        });
        first.join(0);
        for (Strand strand : all) {
            strand.join(0);
        }
        assertEquals(List.of("c", "b", "a"), order);
        assertEquals("", stack.wrong);
        assertEquals(List.of(), group.strands());
        assertTrue(strands.packages().getFirst().turns() >= 4, "the first may have needed more than one");
        group.close();
        assertEquals(List.of(), strands.packages());
        assertThrows(IllegalStateException.class, () -> group.fork("late", () -> {}));
        for (Strand slot : strands.strands()) {
            assertTrue(slot.join(LONG));
        }
    }

    /** Strands of a package and others wake each other, yield, fork and end, while policies change; one runs at a time. */
    @Test
    void aPackageOnOneProcessorRunsOneAtATimeWhileSchedulersChange() throws InterruptedException {
        strands.addPolicy(new PoliciesTest.Fifo(), Map.of(SchedulingPolicy.NAME, "fifo"));
        Stack stack = new Stack();
        StrandGroup group = install(stack, 1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger turns = new AtomicInteger();
        Semaphore[] ring = new Semaphore[12];
        java.util.Arrays.setAll(ring, i -> new Semaphore(i % 4 == 0 ? 1 : 0));
        List<Strand> all = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < ring.length; i++) {
            int me = i;
            Runnable body = () -> {
                for (int turn = 0; turn < 500; turn++) {
                    ring[me].acquireUninterruptibly();
                    if (me % 2 == 0) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                    }
                    if (turn % 50 == me) {
                        Thread.yield();
                    }
                    if (turn % 100 == me) {
                        all.add(group.fork("child", turns::incrementAndGet));
                    }
                    turns.incrementAndGet();
                    ring[(me + 1) % ring.length].release();
                }
            };
            all.add(i % 2 == 0 ? group.fork("member " + i, body) : strands.fork("other " + i, body));
        }
        for (int swaps = 0; turns.get() < ring.length * 505; swaps++) {
            strands.choose(swaps % 2 == 0 ? "fifo" : Schedulers.DEFAULT);
            Thread.sleep(2);
        }
        for (Strand strand : List.copyOf(all)) {
            assertTrue(strand.join(LONG));
        }
        assertEquals(1, most.get());
        assertEquals("", stack.wrong);
        assertEquals("", group.failure());
        assertEquals("", strands.report());
        group.close();
    }

    @Test
    void aPackageOnTwoProcessorsUsesBoth() throws InterruptedException {
        StrandGroup group = install(new Stack(), 2);
        CountDownLatch both = new CountDownLatch(2);
        Runnable body = () -> {
            both.countDown();
            while (both.getCount() > 0) {
                Thread.onSpinWait(); // the other is to run beside this one
            }
        };
        Strand one = group.fork("one", body);
        Strand two = group.fork("two", body);
        assertTrue(one.join(LONG) && two.join(LONG));
        assertEquals("", group.failure());
        group.close();
    }

    /** One that computes gives way to others of its package when its time is over, though nobody else wants the processor. */
    @Test
    void strandsOfAPackageGiveWayToEachOther() throws InterruptedException {
        Stack stack = new Stack();
        StrandGroup group = install(stack, 1);
        AtomicInteger turn = new AtomicInteger();
        List<Strand> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int me = i;
            all.add(group.fork("s" + i, () -> {
                while (turn.get() < 10) {
                    if (turn.get() % 2 == me) {
                        turn.incrementAndGet();
                    }
                    strands.checkpoint();
                }
            }));
        }
        for (Strand strand : all) {
            assertTrue(strand.join(LONG));
        }
        assertEquals("", stack.wrong);
        group.close();
    }

    /** They have had no part in it, so their turns may come late; but they come. */
    private static void awaitBlocked(Strand strand) throws InterruptedException {
        for (long end = System.nanoTime() + LONG; strand.state() != Strand.State.BLOCKED;) {
            assertTrue(System.nanoTime() < end, () -> strand + " is " + strand.state());
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws in unblock", "throws in block", "throws in checkpoint", "throws in resume",
            "throws in end", "another's", "another package's", "a fake", "again", "idles", "stalls"})
    void aPackageThatDoesWrongIsTakenOutAndNobodyIsLost(String how) throws InterruptedException {
        impatient();
        Semaphore stay = new Semaphore(0);
        Strand foreign = strands.fork("foreign", stay::acquireUninterruptibly);
        Stack others = new Stack();
        StrandGroup neighbour = install(others, 1);
        Strand strange = neighbour.fork("strange", stay::acquireUninterruptibly);
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch stalls = new CountDownLatch(1);
        StrandGroup group = install(new Stack() {
            private Strand last;

            private void bad(String what) {
                if (how.equals("throws in " + what) && calls.incrementAndGet() > 5) {
                    throw new StackOverflowError();
                }
            }

            @Override
            public void unblock(Strand strand) {
                bad("unblock");
                super.unblock(strand);
            }

            @Override
            public void block(Strand strand) {
                bad("block");
                super.block(strand);
            }

            @Override
            public void checkpoint(Strand strand) {
                bad("checkpoint");
                super.checkpoint(strand);
            }

            @Override
            public void end(Strand strand) {
                bad("end");
                super.end(strand);
            }

            @Override
            public Strand resume() {
                bad("resume");
                if (calls.incrementAndGet() > 40) {
                    switch (how) {
                        case "another's" -> {
                            return foreign;
                        }
                        case "another package's" -> {
                            return strange;
                        }
                        case "a fake" -> {
                            return (Strand) Proxy.newProxyInstance(Strand.class.getClassLoader(),
                                    new Class<?>[]{Strand.class}, (_, method, _) -> method.getName());
                        }
                        case "again" -> {
                            return last;
                        }
                        case "idles" -> {
                            return null;
                        }
                        case "stalls" -> {
                            while (stalls.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                        }
                        default -> {
                            // does nothing wrong here
                        }
                    }
                }
                last = super.resume();
                return last;
            }
        }, 1);
        List<Strand> all = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            all.add(group.fork("s" + i, () -> {
                for (int n = 0; n < 50; n++) {
                    Thread.yield();
                    LockSupport.parkNanos(1000);
                }
                done.incrementAndGet();
            }));
        }
        for (Strand strand : all) {
            assertTrue(strand.join(LONG), () -> strands.report() + strands.packages());
        }
        stalls.countDown();
        assertEquals(8, done.get());
        assertFalse(group.failure().isEmpty(), how);
        assertTrue(strands.report().contains("thread package \"p\""), strands.report());
        assertEquals(1, strands.packages().size());
        awaitBlocked(foreign);
        awaitBlocked(strange);
        assertTrue(group.fork("goes on", done::incrementAndGet).join(LONG), "forks are the global scheduler's now");
        assertEquals(9, done.get());
        assertEquals("", neighbour.failure());
        stay.release(2);
        assertTrue(foreign.join(LONG) && strange.join(LONG));
        assertEquals("", others.wrong);
        assertEquals(Schedulers.DEFAULT, strands.inForce());
        assertEquals(List.of(), strands.changes());
        group.close();
        neighbour.close();
    }

    /** What a package does in its own turns costs others nothing: not the one that wakes its strands either. */
    @Test
    void aPackageThatStallsStallsNobodyElse() throws InterruptedException {
        CountDownLatch stalls = new CountDownLatch(1);
        StrandGroup group = install(new Stack() {
            @Override
            public void unblock(Strand strand) {
                while (stalls.getCount() > 0) {
                    Thread.onSpinWait();
                }
                super.unblock(strand);
            }
        }, 2);
        Strand member = group.fork("member", () -> {});
        for (int i = 0; i < 100; i++) {
            assertTrue(strands.fork("other", () -> LockSupport.unpark(member.thread())).join(LONG));
        }
        stalls.countDown();
        assertTrue(member.join(LONG));
        group.close();
    }

    @Test
    void strandsOfAPackageThatIsClosedGoOn() throws InterruptedException {
        Stack stack = new Stack();
        StrandGroup group = install(stack, 2);
        Semaphore go = new Semaphore(0);
        AtomicInteger done = new AtomicInteger();
        List<Strand> all = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(6);
        for (int i = 0; i < 6; i++) {
            boolean computes = i % 2 == 0;
            all.add(group.fork("s" + i, () -> {
                begun.countDown();
                while (computes ? !go.tryAcquire() : !acquired(go)) {
                    strands.checkpoint();
                }
                done.incrementAndGet();
            }));
        }
        begun.await();
        group.close();
        group.close();
        go.release(6);
        for (Strand strand : all) {
            assertTrue(strand.join(LONG));
        }
        assertEquals(6, done.get());
        assertEquals("", stack.wrong);
        assertEquals("", strands.report());
    }

    private static boolean acquired(Semaphore semaphore) {
        semaphore.acquireUninterruptibly();
        return true;
    }

    /** A package that does not choose a strand which holds a lock does not keep others waiting for it. */
    @Test
    void whoeverWaitsForAStrandsLockHasItRunByTheGlobalScheduler() throws InterruptedException {
        StrandLock lock = strands.lock("lock");
        CountDownLatch has = new CountDownLatch(1);
        Stack stack = new Stack() {
            @Override
            public Strand resume() {
                // whoever has been unblocked once and gave way is not chosen again
                return ready.isEmpty() || ready.peek().name().equals("holder") && has.getCount() == 0
                        ? null
                        : super.resume();
            }
        };
        StrandGroup group = install(stack, 1);
        AtomicInteger priority = new AtomicInteger();
        Strand holder = group.fork("holder", () -> {
            lock.lock();
            has.countDown();
            Thread.yield();
            priority.set(strands.current().parameters().priority());
            lock.unlock();
        });
        has.await();
        Strand high = strands.fork("high", Parameters.USUAL.withPriority(5000), () -> {
            lock.lock();
            lock.unlock();
        });
        assertTrue(high.join(LONG));
        assertTrue(holder.join(LONG));
        assertEquals(5000, priority.get());
        assertEquals("", stack.wrong);
        assertSame("", group.failure());
        group.close();
    }

    @Test
    void wrongNumbersOfProcessorsAreRefused() {
        for (int wrong : new int[]{0, -1, 3}) {
            String message = assertThrows(IllegalArgumentException.class, () -> install(new Stack(), wrong))
                    .getMessage();
            assertTrue(message.contains("there are 2"), message);
        }
    }
}
