package dev.serinus.notifier.chat;

class CustomTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new Custom();
    }
}
