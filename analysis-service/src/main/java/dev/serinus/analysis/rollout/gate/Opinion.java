package dev.serinus.analysis.rollout.gate;

/** What a source says of a gate. */
public sealed interface Opinion {

    /** Nothing against it. */
    record Open() implements Opinion {}

    /**
     * Closed until it is asked again and says otherwise.
     *
     * @param by who closed it
     * @param because why, for people
     */
    record Closed(String by, String because) implements Opinion {}

    /**
     * Closed until a freeze of the installation is over.
     *
     * @param by the one that lasts longest
     */
    record Frozen(Freeze by) implements Opinion {}

    /**
     * Not known yet: a webhook has to be called first.
     *
     * @param hook its place in the manifest
     */
    record Unknown(int hook) implements Opinion {}

    /** Not open before the others of its group could be promoted as well. */
    record Ungrouped() implements Opinion {}

    /** Not open before the fleet grants a permit. */
    record Unpermitted() implements Opinion {}
}
