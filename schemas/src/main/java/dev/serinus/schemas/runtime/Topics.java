package dev.serinus.schemas.runtime;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.AlertDeliveries;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.events.GateStates;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.CanaryKeySerde;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.schemas.wire.AvroSerializer;

import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hands out topics with the serdes that the installation's Kafka settings ask for. */
public final class Topics {

    /**
     * Partitions of every topic that analysis reads: fixed when the hub is set up, or Streams would
     * stop.
     */
    public static final int PARTITIONS = 12;

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    private final KafkaSettings settings;

    public Topics(KafkaSettings settings) {
        this.settings = settings;
    }

    public Topic<CanaryKey, Change> changes(String cluster) {
        return of(TopicKind.CHANGES, cluster);
    }

    public Topic<CanaryKey, MetricQuery> metricQueries(String cluster) {
        return of(TopicKind.METRIC_QUERIES, cluster);
    }

    public Topic<CanaryKey, MetricResult> metricResults(String cluster) {
        return of(TopicKind.METRIC_RESULTS, cluster);
    }

    public Topic<CanaryKey, WebhookCall> webhookCalls(String cluster) {
        return of(TopicKind.WEBHOOK_CALLS, cluster);
    }

    public Topic<CanaryKey, WebhookResult> webhookResults(String cluster) {
        return of(TopicKind.WEBHOOK_RESULTS, cluster);
    }

    public Topic<CanaryKey, RouterCommand> routerCommands(String cluster) {
        return of(TopicKind.ROUTER_COMMANDS, cluster);
    }

    public Topic<CanaryKey, RouterResult> routerResults(String cluster) {
        return of(TopicKind.ROUTER_RESULTS, cluster);
    }

    public Topic<CanaryKey, Alert> alerts(String cluster) {
        return of(TopicKind.ALERTS, cluster);
    }

    public Topic<CanaryKey, AlertDeliveries> alertDeliveries(String cluster) {
        return of(TopicKind.ALERT_DELIVERIES, cluster);
    }

    public Topic<CanaryKey, AlertResult> alertResults(String cluster) {
        return of(TopicKind.ALERT_RESULTS, cluster);
    }

    public Topic<CanaryKey, Announcement> announcements(String cluster) {
        return of(TopicKind.ANNOUNCEMENTS, cluster);
    }

    public Topic<CanaryKey, Action> actions(String cluster) {
        return of(TopicKind.ACTIONS, cluster);
    }

    /** What is answered; what is asked has a scope as its key. */
    public Topic<CanaryKey, Permit> permits(String cluster) {
        return of(TopicKind.PERMITS, cluster);
    }

    public Topic<CanaryKey, JournalEntry> journal(String cluster) {
        return of(TopicKind.JOURNAL, cluster);
    }

    public Topic<CanaryKey, DeadLetter> deadLetters(String cluster) {
        return of(TopicKind.DEAD_LETTERS, cluster);
    }

    public Topic<CanaryKey, GateStates> gates(String cluster) {
        return of(TopicKind.GATES, cluster);
    }

    public Topic<CanaryKey, RolloutState> rollouts() {
        return of(TopicKind.ROLLOUTS, "");
    }

    public Topic<CanaryKey, RolloutEvent> rolloutEvents() {
        return of(TopicKind.ROLLOUT_EVENTS, "");
    }

    /** What people did; its key is the same for all records, so that they have one order. */
    public Topic<CanaryKey, AuditEntry> audit() {
        return of(TopicKind.AUDIT, "");
    }

    /**
     * Has the schemas of all topics of a cluster, and of the public ones, learnt before they are
     * needed: the first alert may come weeks from now, just when the registry is away.
     */
    public void expect(String cluster) {
        Stream.of(TopicKind.values())
                .filter(kind -> kind.value().isPresent())
                .forEach(kind -> of(kind, cluster));
    }

    /**
     * Has the schemas told by which a service writes to this cluster, for readers of an older
     * version; for a service that does not write through an outbox, which does so by itself. False
     * when Kafka does not answer: then it is to be tried again before anything is written.
     */
    public boolean tell(String cluster, Service writer) {
        var schemas =
                Stream.of(TopicKind.values())
                        .filter(kind -> !kind.isOfHub() && kind.writers().contains(writer))
                        .flatMap(kind -> kind.value().stream())
                        .map(type -> SpecificData.get().getSchema(type))
                        .toList();
        try {
            if (settings.values().serializer() instanceof AvroSerializer<?> ours) {
                ours.tell(cluster, schemas);
            }
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RetriableException away) {
            log.atWarn()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("because", away.toString())
                    .log("its schemas are not told yet, trying again");
            return false;
        }
    }

    /**
     * Matches the topics of every cluster that analysis reads, those of clusters to come included.
     */
    public static Pattern inputs() {
        return Pattern.compile(
                Stream.of(TopicKind.values())
                        .filter(TopicKind::isInput)
                        .map(TopicKind::suffix)
                        .collect(Collectors.joining("|", "serinus\\.[^.]+\\.(", ")")));
    }

    private <V extends SpecificRecord> Topic<CanaryKey, V> of(TopicKind kind, String cluster) {
        Class<? extends SpecificRecord> type = kind.value().orElseThrow();
        Serde<V> values = settings.values(type);
        if (values.serializer() instanceof AvroSerializer<V> ours) {
            ours.expect(kind.name(cluster), SpecificData.get().getSchema(type));
        }
        return new Topic<>(kind.name(cluster), new CanaryKeySerde(), values);
    }
}
