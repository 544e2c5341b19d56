package dev.serinus.notifier.chat;

class OpsgenieTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new Opsgenie();
    }
}
