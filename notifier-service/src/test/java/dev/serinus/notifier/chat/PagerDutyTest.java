package dev.serinus.notifier.chat;

class PagerDutyTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new PagerDuty();
    }

    /** The routing key belongs into the body of an event. */
    @Override
    protected boolean sendsItsTokenInTheBody() {
        return true;
    }
}
