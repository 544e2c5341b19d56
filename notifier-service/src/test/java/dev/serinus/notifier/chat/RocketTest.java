package dev.serinus.notifier.chat;

class RocketTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new Rocket();
    }
}
