package kernel.ext.vm.provider;

import java.io.IOException;
import kernel.core.memory.Access;
import kernel.ext.vm.api.Pager;

/**
 * Makes a page that was touched present: looks with the space's lock held, provides what is missing without, and looks again. For one
 * strand.
 */
final class Resolver {

    private final Space space;

    Resolver(Space space) {
        this.space = space;
    }

    /** @param at of the page */
    Outcome resolve(long at, Access access) {
        Fault fault = new Fault(at, access);
        try {
            while (true) {
                Outcome outcome = look(fault);
                if (outcome == null) {
                    outcome = provide(fault);
                }
                if (outcome != null) {
                    if (fault.fetched) {
                        space.ahead(at);
                    }
                    return outcome;
                }
            }
        } finally {
            if (fault.spare != null) {
                fault.spare.abandon();
            }
        }
    }

    /** Does what can be done with the pages that are in memory. @return null: {@link #provide} what is missing */
    private Outcome look(Fault fault) {
        space.lock.lock();
        try {
            Area area = space.areas.at(fault.at);
            if (area == null || (area.protection() & fault.access.protection()) == 0) {
                return area == null ? Outcome.NOT_ALLOCATED : Outcome.FORBIDDEN;
            }
            Mapping mapping = space.pages.get(fault.at);
            Shown shown = mapping == null
                    ? Shown.ABSENT
                    : mapping.page.show(mapping, area.protection(), fault.access);
            if (shown == Shown.DONE || shown == Shown.EARLY) {
                fault.fetched |= shown == Shown.EARLY;
                // Another strand was faster, the protection was loosened, or the others have let go of the page.
                if (fault.shown == null) {
                    space.paging.mapped.increment();
                }
                space.resolved();
                return Outcome.RESOLVED;
            }
            if (shown == Shown.SHARED && fault.spare != null
                    && space.copy(mapping, fault.spare, fault.at, area.protection())) {
                fault.spare = null;
                return Outcome.RESOLVED;
            }
            fault.area = area;
            fault.mapping = mapping;
            fault.shown = shown;
            return null;
        } finally {
            space.lock.unlock();
        }
    }

    /** @return null: look again */
    private Outcome provide(Fault fault) {
        if (fault.shown == Shown.WITHHELD) {
            return unlock(fault);
        }
        if (fault.shown == Shown.ABSENT) {
            fault.fetched = fault.mapping != null || fault.area.pager().ahead();
            return fault.mapping == null ? fill(fault.area, fault.at) : bringIn(fault.mapping.page);
        }
        if (fault.spare == null) {
            fault.spare = new Page(space.paging, false, Pager.ZERO, 0);
        } else if (fault.mapping != null) {
            // The copy was refused: one of the two had left memory, and it may be either.
            Outcome outcome = bringIn(fault.mapping.page);
            if (outcome != null) {
                return outcome;
            }
        }
        return bringIn(fault.spare);
    }

    /**
     * Asks the pager for a right. When it was asked already the access is tried again instead: so a program whose page others want as
     * well, or whose pager waits for somebody, is between two instructions now and then, where signals are delivered.
     *
     * @return null: look again
     */
    private static Outcome unlock(Fault fault) {
        if (fault.asked) {
            return Outcome.RESOLVED;
        }
        fault.asked = true;
        try {
            // Only pages of objects lack rights that their spaces have.
            ((SharedPages) fault.area.pager()).unlock(fault.at - fault.area.origin(), fault.access);
            return null;
        } catch (IOException e) {
            return Outcome.FORBIDDEN;
        }
    }

    /** @return null: look again */
    private static Outcome bringIn(Page page) {
        try {
            return page.bringIn() ? null : Outcome.EXHAUSTED;
        } catch (IOException e) {
            return Outcome.FORBIDDEN;
        }
    }

    /** Makes a page with the contents that an area gives it. @return null: look again */
    private Outcome fill(Area area, long at) {
        long offset = at - area.origin();
        Page page = null;
        try {
            if (area.pager() instanceof SharedPages shared) {
                page = shared.page(offset);
            } else {
                page = new Page(space.paging, false, area.pager(), offset);
                if (!page.bringIn()) {
                    return Outcome.EXHAUSTED;
                }
            }
            if (page == null) {
                return Outcome.EXHAUSTED;
            }
            return install(area, at, page, true) ? Outcome.RESOLVED : null;
        } catch (IOException e) {
            return Outcome.FORBIDDEN;
        } finally {
            if (page != null) {
                page.abandon();
            }
        }
    }

    /**
     * Fetches a page that nobody has touched yet, if it is there to be fetched. It is not mapped: that it is used is to be noticed.
     *
     * @return whether those that follow may be worth the same
     */
    boolean ahead(long at) {
        Area area;
        Mapping mapping;
        space.lock.lock();
        try {
            area = space.areas.at(at);
            mapping = space.pages.get(at);
        } finally {
            space.lock.unlock();
        }
        if (area == null || (area.protection() & Access.READ.protection()) == 0) {
            return false;
        }
        try {
            if (mapping != null) {
                return mapping.page.fetchAhead() || mapping.page.resident();
            }
            return area.pager().ahead() && fillAhead(area, at);
        } catch (IOException e) {
            return false; // who touches it will be told
        }
    }

    private boolean fillAhead(Area area, long at) throws IOException {
        long offset = at - area.origin();
        Page page = null;
        try {
            if (area.pager() instanceof SharedPages shared) {
                page = shared.page(offset, true);
            } else {
                page = new Page(space.paging, false, area.pager(), offset);
                page.fetchAhead();
            }
            return page != null && install(area, at, page, false);
        } finally {
            if (page != null) {
                page.abandon();
            }
        }
    }

    /** Maps a page, unless what is there has changed since its area was looked up. @param touched false: only puts it there */
    private boolean install(Area filledFor, long at, Page page, boolean touched) {
        space.lock.lock();
        try {
            Area area = space.areas.at(at);
            if (area == null || area.pager() != filledFor.pager() || area.origin() != filledFor.origin()
                    && area.pager() != Pager.ZERO || space.pages.containsKey(at)) {
                return false;
            }
            return space.install(page, area, at, touched);
        } finally {
            space.lock.unlock();
        }
    }
}
