package dev.serinus.notifier.chat;

class PagerDutyTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new PagerDuty();
    }

    /** The routing key belongs into the body of an event. */
    @Override
    protected boolean sendsItsTokenInTheBody() {
        return true;
    }
}
