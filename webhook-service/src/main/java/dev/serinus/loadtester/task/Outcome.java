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
    /** There is no such program. */
    NOT_STARTED
}
