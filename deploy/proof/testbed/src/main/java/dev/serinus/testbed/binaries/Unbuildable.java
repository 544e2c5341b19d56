package dev.serinus.testbed.binaries;

/** The programs cannot be built here, for a reason that a person can do something about. */
public final class Unbuildable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unbuildable(String because) {
        super(because);
    }
}
