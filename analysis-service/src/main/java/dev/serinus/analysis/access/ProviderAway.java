package dev.serinus.analysis.access;

/** Whose token it is cannot be said, since its issuer does not answer. */
public final class ProviderAway extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProviderAway(String issuer, Exception why) {
        super(issuer + " does not answer", why);
    }
}
