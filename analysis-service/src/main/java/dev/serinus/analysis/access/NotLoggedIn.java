package dev.serinus.analysis.access;

/** Somebody who came back from the provider is not let in; the message says why, to them. */
public final class NotLoggedIn extends Exception {

    private static final long serialVersionUID = 1L;

    NotLoggedIn(String because) {
        super(because);
    }
}
