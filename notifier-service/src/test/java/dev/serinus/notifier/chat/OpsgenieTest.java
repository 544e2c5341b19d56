package dev.serinus.notifier.chat;

class OpsgenieTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new Opsgenie();
    }
}
