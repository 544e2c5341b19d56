package dev.serinus.schemas.topic;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every topic there is: what it carries, whom it belongs to and how long it is kept. The names are
 * the wire contract and the subject of the shipped ACLs.
 */
public enum TopicKind {
    CHANGES("changes", Change.class, Duration.ofDays(7)),
    METRIC_QUERIES("metric-queries", MetricQuery.class, Duration.ofDays(1)),
    METRIC_RESULTS("metric-results", MetricResult.class, Duration.ofDays(7)),
    WEBHOOK_CALLS("webhook-calls", WebhookCall.class, Duration.ofDays(1)),
    WEBHOOK_RESULTS("webhook-results", WebhookResult.class, Duration.ofDays(7)),
    ROUTER_COMMANDS("router-commands", RouterCommand.class, Duration.ofDays(7)),
    ROUTER_RESULTS("router-results", RouterResult.class, Duration.ofDays(7)),
    ALERTS("alerts", Alert.class, Duration.ofDays(7)),
    ANNOUNCEMENTS("announcements", Announcement.class, Duration.ofDays(7)),
    ACTIONS("actions", Action.class, Duration.ofDays(90)),
    JOURNAL("journal", JournalEntry.class, Duration.ofDays(90)),
    DEAD_LETTERS("dead-letters", DeadLetter.class, Duration.ofDays(30)),
    ROLLOUTS("rollouts", RolloutState.class, null),
    ROLLOUT_EVENTS("rollout-events", RolloutEvent.class, Duration.ofDays(90)),
    CDEVENTS("cdevents", null, Duration.ofDays(90));

    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final String suffix;
    private final @Nullable Class<? extends SpecificRecord> value;
    private final @Nullable Duration retention;

    TopicKind(
            String suffix,
            @Nullable Class<? extends SpecificRecord> value,
            @Nullable Duration retention) {
        this.suffix = suffix;
        this.value = value;
        this.retention = retention;
    }

    /** The last part of the name, such as {@code metric-queries}. */
    public String suffix() {
        return suffix;
    }

    /** What its records are; empty for CDEvents, which are JSON. */
    public Optional<Class<? extends SpecificRecord>> value() {
        return Optional.ofNullable(value);
    }

    /** Public topics belong to the whole fleet, the others to one cluster each. */
    public boolean isPublic() {
        return this == ROLLOUTS || this == ROLLOUT_EVENTS || this == CDEVENTS;
    }

    /** True for those the analysis service reads. */
    public boolean isInput() {
        return switch (this) {
            case CHANGES, METRIC_RESULTS, WEBHOOK_RESULTS, ROUTER_RESULTS, ACTIONS -> true;
            default -> false;
        };
    }

    /**
     * The name of this topic for one cluster; public topics have one name for all. A cluster's name
     * has no dot, since the dot ends it here: analysis could not tell whose topic it is.
     */
    public String name(String cluster) {
        if (isPublic()) {
            return "serinus." + suffix;
        }
        if (!CLUSTER.matcher(cluster).matches()) {
            throw new IllegalArgumentException(
                    "a cluster is named with letters, digits, - and _, at most 100, but found '%s'"
                            .formatted(cluster));
        }
        return "serinus." + cluster + "." + suffix;
    }

    /** Settings of the topic as Kafka names them. */
    public Map<String, String> settings() {
        return retention == null
                ? Map.of("cleanup.policy", "compact")
                : Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        Long.toString(retention.toMillis()));
    }

    /** The names of all topics that a hub with these clusters needs. */
    public static List<String> names(List<String> clusters) {
        return Stream.concat(
                        Stream.of(values()).filter(TopicKind::isPublic).map(kind -> kind.name("")),
                        clusters.stream()
                                .flatMap(
                                        cluster ->
                                                Stream.of(values())
                                                        .filter(kind -> !kind.isPublic())
                                                        .map(kind -> kind.name(cluster))))
                .toList();
    }
}
