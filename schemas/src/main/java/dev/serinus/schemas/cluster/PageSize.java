package dev.serinus.schemas.cluster;

/**
 * How many objects to ask for at once, so that an answer to a list is never large: an object may
 * have 1.5 MB, and whoever may create some could otherwise fill the memory of whoever lists them.
 * Grows while objects are small. Safe for use by many threads.
 */
final class PageSize {

    /** Objects that are asked for before it is known how large they are. */
    static final long FIRST = 20;

    private static final long MOST = 250;
    private static final long SMALL = 1024 * 1024;

    /** Objects of a page where some of them are so large that even the first would be too large. */
    private static final long FEW = 5;

    /**
     * Bytes of a page after which it is given up, and the list begun again. Read, it takes a
     * multiple of that.
     */
    private static final long LARGEST_PAGE = 8 * SMALL;

    /** Bytes of a page of one object: there is no smaller page, so it has to be read. */
    private static final long LARGEST_OBJECT = 32 * SMALL;

    private long limit = FIRST;
    private long ceiling = MOST;

    synchronized long limit() {
        return limit;
    }

    /** True for a page of the present size that has more bytes than it may. */
    synchronized boolean isTooLarge(long bytes) {
        return bytes > (limit == 1 ? LARGEST_OBJECT : LARGEST_PAGE);
    }

    /** Learns how large a page was; larger ones are asked for only while they are far from it. */
    synchronized void read(long bytes) {
        if (bytes == 0) {
            return; // nothing was read yet
        }
        if (bytes < SMALL) {
            limit = Math.min(ceiling, limit * 2);
        } else if (bytes > 4 * SMALL) {
            limit = Math.max(1, limit / 2);
        }
    }

    /**
     * A page became too large. What comes after small objects may be large again, so pages stay
     * smaller for good: the list is begun again, and must not end at the same place for ever.
     */
    synchronized void tooLarge() {
        ceiling = limit > FIRST ? FIRST : limit > FEW ? FEW : 1;
        limit = ceiling;
    }
}
