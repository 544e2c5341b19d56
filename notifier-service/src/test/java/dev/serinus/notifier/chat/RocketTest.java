package dev.serinus.notifier.chat;

class RocketTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new Rocket();
    }
}
