package kernel.ext.vm.provider;

/** What became of an access to a {@link Page}. */
enum Shown {
    /** It can be tried again. */
    DONE,
    /** The same, and the page had been fetched ahead. */
    EARLY,
    /** The page is not in memory. */
    ABSENT,
    /** The page must be copied first. */
    SHARED,
    /** The page's pager has not given the right. */
    WITHHELD
}
