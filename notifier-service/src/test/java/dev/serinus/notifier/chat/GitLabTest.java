package dev.serinus.notifier.chat;

class GitLabTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new GitLab();
    }

    @Override
    protected String hostOf(String address) {
        return "https://chat.example/api/";
    }
}
