package dev.serinus.notifier.chat;

class MsTeamsTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new MsTeams();
    }
}
