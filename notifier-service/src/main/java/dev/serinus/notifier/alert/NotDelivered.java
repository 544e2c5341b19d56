package dev.serinus.notifier.alert;

/** An alert that reached not everybody it was for; its message is the dead letter's reason. */
public final class NotDelivered extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotDelivered(String because) {
        super(because);
    }
}
