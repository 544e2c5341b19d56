package dev.serinus.schemas.manifest;

/**
 * How much of a text is read.
 *
 * @param characters of all of it
 * @param resources in all its documents and lists
 * @param values in all its documents, keys and what aliases stand for included
 * @param depth of maps and lists in each other
 */
public record ManifestBounds(int characters, int resources, int values, int depth) {

    private static final int DEEPEST = 200;

    /** Longest number; more digits say nothing, and take long to read. */
    static final int DIGITS = 400;

    /** Of files that somebody has himself. */
    public static final ManifestBounds FILE =
            new ManifestBounds(Integer.MAX_VALUE, Integer.MAX_VALUE, 20_000_000, DEEPEST);

    /** Of what a stranger sends: a whole release, and nothing that takes long to look at. */
    public static final ManifestBounds REQUEST =
            new ManifestBounds(1024 * 1024, 200, 20_000, DEEPEST);
}
