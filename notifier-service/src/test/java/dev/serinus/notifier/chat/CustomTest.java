package dev.serinus.notifier.chat;

class CustomTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new Custom();
    }
}
