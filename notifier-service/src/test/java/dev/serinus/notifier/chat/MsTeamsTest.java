package dev.serinus.notifier.chat;

class MsTeamsTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new MsTeams();
    }
}
