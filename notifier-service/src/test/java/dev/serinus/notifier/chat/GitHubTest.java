package dev.serinus.notifier.chat;

class GitHubTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new GitHub();
    }

    @Override
    protected String hostOf(String address) {
        return "https://chat.example/api/";
    }
}
