package dev.serinus.notifier.chat;

class GitLabTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new GitLab();
    }

    @Override
    protected String hostOf(String address) {
        return "https://chat.example/api/";
    }
}
