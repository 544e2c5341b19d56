package dev.serinus.loadtester.task;

/** How a task came to its end. */
public enum Outcome {
    /** By itself, with exit status 0. */
    PASSED,
    /** By itself, with another exit status. */
    FAILED,
    /** Its time was over, and it was ended. */
    TIMED_OUT,
    /** Somebody ended it, or a later release took its place. */
    STOPPED,
    /** Too many others ran. */
    NO_TURN,
    /**
     * It could not be begun: no such program, a manifest that is refused, a service that refuses.
     */
    NOT_STARTED,
    /** Nobody knows how it ends, or it could not be begun now: it is to be asked for again. */
    UNKNOWN
}
