package dev.serinus.router.route;

/**
 * Whether a data plane has taken a route.
 *
 * @param state what it made of it
 * @param because what it said; empty when it took it
 */
public record Acceptance(State state, String because) {

    /** What a data plane made of a route. */
    public enum State {
        /** It serves the route as it is. */
        TAKEN,
        /** It has not seen the last change, and may still serve what was before. */
        UNSEEN,
        /** It has seen the route and does not serve it. */
        REFUSED
    }

    public static final Acceptance TAKEN = new Acceptance(State.TAKEN, "");

    public static Acceptance unseen(String because) {
        return new Acceptance(State.UNSEEN, because);
    }

    public static Acceptance refused(String because) {
        return new Acceptance(State.REFUSED, because);
    }
}
