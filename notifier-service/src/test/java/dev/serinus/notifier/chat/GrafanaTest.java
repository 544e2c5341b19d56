package dev.serinus.notifier.chat;

class GrafanaTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new Grafana();
    }
}
