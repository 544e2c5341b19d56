package dev.serinus.notifier.chat;

class MsTeamsWorkflowTest extends NotifierContract {

    @Override
    protected Notifier notifier() {
        return new MsTeamsWorkflow();
    }
}
