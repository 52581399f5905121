package bundles.pagers.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import kernel.ext.vm.api.MemoryObject;
import org.junit.jupiter.api.Test;

/** The manager with members that are made up, messages under way as long as chance wants. */
class HomeTest {

    private static final int PAGE = 16;

    /** Contents of pages. */
    private static final class Store implements MemoryObject {
        private final Map<Long, byte[]> pages = new HashMap<>();
        private boolean closed;

        @Override
        public Set<Long> touched() {
            return new TreeSet<>(pages.keySet());
        }

        @Override
        public boolean read(long offset, byte[] to) {
            byte[] page = pages.get(offset);
            if (page != null) {
                System.arraycopy(page, 0, to, 0, PAGE);
            }
            return page != null;
        }

        @Override
        public void supply(long offset, byte[] contents, int rights) {
            assertEquals(PAGE, contents.length);
            pages.put(offset, contents.clone());
        }

        @Override
        public void setRights(long offset, int rights) {}

        @Override
        public void discard(long offset) {
            pages.remove(offset);
        }

        @Override
        public void close() {
            pages.clear();
            closed = true;
        }
    }

    /** What a member thinks of a page. */
    private static final class Copy {
        int rights;
        int asked;
        boolean lost;
        byte[] contents;
    }

    /** All together: members, and the only memory that there should seem to be. */
    private final class World {
        final Random random;
        final Store store = new Store();
        final Home home = new Home(store, PAGE, () -> empty = true);
        final List<Player> players = new ArrayList<>();
        final long[] truth;
        final boolean[] lost;
        int granted;

        World(long seed, int pages) {
            random = new Random(seed);
            truth = new long[pages];
            lost = new boolean[pages];
        }

        Player player() {
            Player player = new Player(this);
            assertTrue(home.join(player));
            players.add(player);
            return player;
        }
    }

    private boolean empty;

    /** A member: what it is told, and what it says, comes to the other side when chance wants, in order. */
    private static final class Player implements Member {
        final World world;
        final Deque<Runnable> in = new ArrayDeque<>();
        final Deque<Runnable> out = new ArrayDeque<>();
        final Map<Long, Copy> copies = new HashMap<>();
        boolean gone;

        Player(World world) {
            this.world = world;
        }

        Copy copy(long offset) {
            return copies.computeIfAbsent(offset, _ -> new Copy());
        }

        @Override
        public void grant(long offset, int rights, byte[] contents) {
            in.add(() -> {
                Copy copy = copy(offset);
                assertTrue(copy.asked != 0, "granted what was not asked for");
                if (contents == null) {
                    assertNotNull(copy.contents, "has it, says the home, but it has not");
                } else {
                    copy.contents = contents.clone();
                }
                copy.rights = rights;
                copy.asked = 0;
                world.granted++;
                use(offset, copy);
            });
        }

        /** All that may be done is done at once: what is read must be the truth. */
        private void use(long offset, Copy copy) {
            int page = (int) (offset / PAGE);
            assertEquals(world.truth[page], ByteBuffer.wrap(copy.contents).getLong(), "a store was lost");
            for (Player other : world.players) {
                int others = other == this || other.gone ? 0 : other.copy(offset).rights;
                assertFalse(others == Rights.WRITE || copy.rights == Rights.WRITE && others != Rights.NONE,
                        "a writer is not alone");
            }
            if (copy.rights == Rights.WRITE) {
                ByteBuffer.wrap(copy.contents).putLong(++world.truth[page]);
            }
        }

        @Override
        public void recall(long offset, int left) {
            in.add(() -> {
                Copy copy = copy(offset);
                int had = copy.rights;
                copy.rights = Math.min(had, left);
                byte[] contents = had == Rights.WRITE ? copy.contents.clone() : null;
                copy.contents = copy.rights == Rights.NONE ? null : copy.contents;
                out.add(() -> world.home.returned(this, offset, Math.min(had, left), contents));
            });
        }

        @Override
        public void refuse(long offset, String reason) {
            in.add(() -> {
                assertTrue(world.lost[(int) (offset / PAGE)], reason);
                copy(offset).lost = true;
                copy(offset).asked = 0;
            });
        }

        @Override
        public void end(String reason) {
            gone = true;
        }

        void act() {
            long offset = (long) world.random.nextInt(world.truth.length) * PAGE;
            Copy copy = copy(offset);
            if (copy.rights == Rights.WRITE && world.random.nextBoolean()) {
                use(offset, copy);
            } else if (copy.asked == 0 && !copy.lost && copy.rights != Rights.WRITE) {
                int wanted = copy.rights == Rights.READ || world.random.nextInt(3) == 0 ? Rights.WRITE : Rights.READ;
                copy.asked = wanted;
                out.add(() -> world.home.request(this, offset, wanted));
            }
        }

        /** Ends without a word: what it has written to and nobody has got is lost. */
        void die() {
            gone = true;
            copies.forEach((offset, copy) -> {
                world.lost[(int) (offset / PAGE)] |= copy.rights == Rights.WRITE || copy.asked != 0;
            });
            in.clear();
            // What has been said arrives still.
            while (!out.isEmpty()) {
                out.poll().run();
            }
            world.home.left(this);
        }
    }

    private static boolean step(World world) {
        List<Deque<Runnable>> queues = new ArrayList<>();
        for (Player player : world.players) {
            if (!player.gone) {
                queues.add(player.in);
                queues.add(player.out);
            }
        }
        queues.removeIf(Deque::isEmpty);
        if (queues.isEmpty()) {
            return false;
        }
        queues.get(world.random.nextInt(queues.size())).poll().run();
        return true;
    }

    private static void settle(World world) {
        while (step(world)) {
            // until nothing is under way
        }
        for (Player player : world.players) {
            player.copies.forEach((offset, copy) -> assertTrue(player.gone || copy.asked == 0,
                    "a request was never answered"));
        }
    }

    @Test
    void whateverTheOrderNobodySeesAnOldPage() {
        int granted = 0;
        for (long seed = 0; seed < 400; seed++) {
            World world = new World(seed, 3);
            for (int i = 0; i < 2 + seed % 3; i++) {
                world.player();
            }
            for (int i = 0; i < 2000; i++) {
                if (world.random.nextInt(3) == 0) {
                    world.players.get(world.random.nextInt(world.players.size())).act();
                } else {
                    step(world);
                }
            }
            settle(world);
            granted += world.granted;
        }
        assertTrue(granted > 50_000, granted + " grants");
    }

    @Test
    void whoDiesTakesNothingWithHimButWhatHeWrote() {
        for (long seed = 0; seed < 400; seed++) {
            World world = new World(seed, 4);
            for (int i = 0; i < 4; i++) {
                world.player();
            }
            for (int i = 0; i < 1200; i++) {
                Player player = world.players.get(world.random.nextInt(4));
                if (i == 600 || i == 900) {
                    if (!player.gone) {
                        player.die();
                    }
                } else if (world.random.nextInt(3) != 0) {
                    step(world);
                } else if (!player.gone) {
                    player.act();
                }
            }
            settle(world);
        }
    }

    @Test
    void whatWasReturnedIsThereForWhoComesLater() {
        World world = new World(1, 1);
        Player one = world.player();
        Player two = world.player();
        one.act();
        while (one.copy(0).rights != Rights.WRITE) {
            one.act();
            settle(world);
        }
        one.recall(0, Rights.NONE);
        settle(world);
        world.home.left(one);
        one.gone = true;
        two.copy(0).asked = Rights.READ;
        world.home.request(two, 0, Rights.READ);
        settle(world);
        assertEquals(Rights.READ, two.copy(0).rights);
        assertFalse(empty);
        world.home.left(two);
        assertTrue(empty && world.store.closed);
        assertFalse(world.home.join(one));
    }

    /** What no member of ours does. */
    @Test
    void nonsenseChangesNothing() {
        World world = new World(1, 2);
        Player one = world.player();
        Player two = world.player();
        world.home.returned(one, 0, Rights.READ, new byte[PAGE]);
        one.copy(0).asked = Rights.WRITE;
        world.home.request(one, 0, Rights.WRITE);
        settle(world);
        byte[] wrong = new byte[PAGE];
        wrong[0] = 77;
        world.home.returned(two, 0, Rights.NONE, wrong);
        two.copy(0).asked = Rights.READ;
        world.home.request(two, 0, Rights.READ);
        settle(world);
        assertArrayEquals(one.copy(0).contents, two.copy(0).contents);
        Player stranger = new Player(world);
        world.home.request(stranger, 0, Rights.WRITE);
        world.home.left(stranger);
        assertTrue(stranger.in.isEmpty());
        world.home.end("on purpose");
        assertTrue(one.gone && two.gone && empty);
    }
}
