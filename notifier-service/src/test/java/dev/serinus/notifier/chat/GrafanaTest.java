package dev.serinus.notifier.chat;

class GrafanaTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new Grafana();
    }
}
