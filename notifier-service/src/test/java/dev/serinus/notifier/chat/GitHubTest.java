package dev.serinus.notifier.chat;

class GitHubTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new GitHub();
    }

    @Override
    protected String hostOf(String address) {
        return "https://chat.example/api/";
    }
}
