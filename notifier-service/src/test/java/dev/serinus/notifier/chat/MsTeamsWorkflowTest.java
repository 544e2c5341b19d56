package dev.serinus.notifier.chat;

class MsTeamsWorkflowTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new MsTeamsWorkflow();
    }
}
