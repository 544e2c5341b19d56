package dev.serinus.testbed;

/** The control plane cannot run, for a reason that a person can do something about. */
public final class Unavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unavailable(String because) {
        super(because);
    }
}
