package dev.serinus.analysis.action;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.runtime.KafkaOutbox;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

/**
 * The topics {@code serinus.CLUSTER.actions}. Its producer is made with the first action, since
 * most instances never send one.
 */
public final class ActionTopic implements ActionSender, AutoCloseable {

    private final KafkaSettings kafka;
    private final Topics topics;
    private @Nullable KafkaOutbox outbox; // guarded by this
    private boolean closed; // guarded by this

    public ActionTopic(KafkaSettings kafka) {
        this.kafka = kafka;
        this.topics = new Topics(kafka);
    }

    @Override
    public void send(CanaryKey canary, Action action) throws InterruptedException {
        outbox().send(topics.actions(canary.cluster()), canary, action);
    }

    private synchronized KafkaOutbox outbox() {
        if (closed) {
            throw new IllegalStateException("no actions are taken any more");
        }
        if (outbox == null) {
            outbox = new KafkaOutbox(kafka, "serinus-analysis-actions");
        }
        return outbox;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (outbox != null) {
            outbox.close();
            outbox = null;
        }
    }
}
