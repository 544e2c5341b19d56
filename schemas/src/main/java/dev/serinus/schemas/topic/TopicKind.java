package dev.serinus.schemas.topic;

import static dev.serinus.schemas.topic.Service.ANALYSIS;
import static dev.serinus.schemas.topic.Service.LOADTESTER;
import static dev.serinus.schemas.topic.Service.NOTIFIER;
import static dev.serinus.schemas.topic.Service.ROUTER;
import static dev.serinus.schemas.topic.Service.WATCHER;
import static dev.serinus.schemas.topic.Service.WEBHOOK;

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
import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.events.WebhookResult;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every topic there is: what it carries, whom it belongs to, which services write and read it and
 * how long it is kept. The names are the wire contract; who writes and reads is what a broker's
 * rights are made from.
 */
public enum TopicKind {
    CHANGES("changes", Change.class, Duration.ofDays(7), Set.of(WATCHER), Set.of(ANALYSIS)),
    METRIC_QUERIES(
            "metric-queries",
            MetricQuery.class,
            Duration.ofDays(1),
            Set.of(ANALYSIS),
            Set.of(WATCHER)),
    METRIC_RESULTS(
            "metric-results",
            MetricResult.class,
            Duration.ofDays(7),
            Set.of(WATCHER),
            Set.of(ANALYSIS)),
    WEBHOOK_CALLS(
            "webhook-calls",
            WebhookCall.class,
            Duration.ofDays(1),
            Set.of(ANALYSIS),
            Set.of(WEBHOOK)),
    WEBHOOK_RESULTS(
            "webhook-results",
            WebhookResult.class,
            Duration.ofDays(7),
            Set.of(WEBHOOK),
            Set.of(ANALYSIS)),
    ROUTER_COMMANDS(
            "router-commands",
            RouterCommand.class,
            Duration.ofDays(7),
            Set.of(ANALYSIS),
            Set.of(ROUTER)),
    ROUTER_RESULTS(
            "router-results",
            RouterResult.class,
            Duration.ofDays(7),
            Set.of(ROUTER),
            Set.of(ANALYSIS)),
    ALERTS("alerts", Alert.class, Duration.ofDays(7), Set.of(ANALYSIS), Set.of(NOTIFIER)),
    /** What the notifier remembers of each canary; of one that is gone for no longer than this. */
    ALERT_DELIVERIES(
            "alert-deliveries",
            AlertDeliveries.class,
            Duration.ofDays(90),
            Set.of(NOTIFIER),
            Set.of(NOTIFIER)),
    /** What became of each alert at each receiver; read when somebody looks at a rollout. */
    ALERT_RESULTS(
            "alert-results", AlertResult.class, Duration.ofDays(90), Set.of(NOTIFIER), Set.of()),
    ANNOUNCEMENTS(
            "announcements",
            Announcement.class,
            Duration.ofDays(7),
            Set.of(ANALYSIS),
            Set.of(WATCHER)),
    ACTIONS("actions", Action.class, Duration.ofDays(90), Set.of(ANALYSIS), Set.of(ANALYSIS)),
    /** What rollouts that share a budget ask for, and what they are answered. */
    PERMITS("permits", Permit.class, Duration.ofDays(7), Set.of(ANALYSIS), Set.of(ANALYSIS)),
    JOURNAL("journal", JournalEntry.class, Duration.ofDays(90), Set.of(ANALYSIS), Set.of()),
    PERMIT_JOURNAL(
            "permit-journal", PermitEntry.class, Duration.ofDays(90), Set.of(ANALYSIS), Set.of()),
    DEAD_LETTERS(
            "dead-letters",
            DeadLetter.class,
            Duration.ofDays(30),
            EnumSet.complementOf(EnumSet.of(LOADTESTER)),
            Set.of()),
    /** Which gates of the load tester are open, where there is one. */
    GATES("gates", GateStates.class, null, Set.of(LOADTESTER), Set.of(LOADTESTER)),
    /** By which schemas the others are written where there is no registry; JSON. */
    SCHEMAS(
            "schemas",
            null,
            null,
            EnumSet.complementOf(EnumSet.of(LOADTESTER)),
            EnumSet.allOf(Service.class)),
    ROLLOUTS("rollouts", RolloutState.class, null, Set.of(ANALYSIS), Set.of(ANALYSIS)),
    ROLLOUT_EVENTS(
            "rollout-events",
            RolloutEvent.class,
            Duration.ofDays(90),
            Set.of(ANALYSIS),
            Set.of(ANALYSIS)),
    CDEVENTS("cdevents", null, Duration.ofDays(90), Set.of(ANALYSIS), Set.of()),
    /** What people did and were refused, of all clusters; read when somebody asks. */
    AUDIT("audit", AuditEntry.class, Duration.ofDays(365), Set.of(ANALYSIS), Set.of());

    /** Bytes of a partition, of which the audit has one: also who is refused fills no disk. */
    private static final long MOST_OF_THE_AUDIT = 1L << 30;

    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final String suffix;
    private final @Nullable Class<? extends SpecificRecord> value;
    private final @Nullable Duration retention;

    @SuppressWarnings("ImmutableEnumChecker") // copied when it is made
    private final Set<Service> writers;

    @SuppressWarnings("ImmutableEnumChecker") // copied when it is made
    private final Set<Service> readers;

    TopicKind(
            String suffix,
            @Nullable Class<? extends SpecificRecord> value,
            @Nullable Duration retention,
            Set<Service> writers,
            Set<Service> readers) {
        this.suffix = suffix;
        this.value = value;
        this.retention = retention;
        this.writers = Set.copyOf(writers);
        this.readers = Set.copyOf(readers);
    }

    /** The last part of the name, such as {@code metric-queries}. */
    public String suffix() {
        return suffix;
    }

    /** What its records are; empty for CDEvents and schemas, which are JSON. */
    public Optional<Class<? extends SpecificRecord>> value() {
        return Optional.ofNullable(value);
    }

    /** True for what others may subscribe to. */
    public boolean isPublic() {
        return this == ROLLOUTS || this == ROLLOUT_EVENTS || this == CDEVENTS;
    }

    /** Those of the hub belong to the whole fleet, the others to one cluster each. */
    public boolean isOfHub() {
        return isPublic() || this == AUDIT;
    }

    /** Whose topics of this kind there are: none by name for one of the hub. */
    public List<String> owners(List<String> clusters) {
        return isOfHub() ? List.of("") : clusters;
    }

    /** The services that write it; what people do comes by the API of the analysis. */
    public Set<Service> writers() {
        return writers;
    }

    /** The services that read it; others may read what is public. */
    public Set<Service> readers() {
        return readers;
    }

    /**
     * True for what the readers share out among them, in groups; each reads all schemas, and all
     * that was delivered, and all gates.
     */
    public boolean isShared() {
        return this != SCHEMAS && this != ALERT_DELIVERIES && this != GATES;
    }

    /** True for those from which the analysis service decides. */
    public boolean isInput() {
        return !isOfHub() && isShared() && readers.contains(Service.ANALYSIS);
    }

    /**
     * The name of this topic for one cluster; those of the hub have one name for all. A cluster's
     * name has no dot, since the dot ends it here: analysis could not tell whose topic it is.
     */
    public String name(String cluster) {
        if (isOfHub()) {
            return "serinus." + suffix;
        }
        if (!CLUSTER.matcher(cluster).matches()) {
            throw new IllegalArgumentException(
                    "a cluster is named with letters, digits, - and _, at most 100, but found '%s'"
                            .formatted(cluster));
        }
        return "serinus." + cluster + "." + suffix;
    }

    /** The cluster whose topic this is; empty for those of the hub and of others. */
    public static Optional<String> cluster(String topic) {
        String[] parts = topic.split("\\.", -1);
        return parts.length == 3
                        && parts[0].equals("serinus")
                        && CLUSTER.matcher(parts[1]).matches()
                ? Optional.of(parts[1])
                : Optional.empty();
    }

    /** Settings of the topic as Kafka names them. */
    public Map<String, String> settings() {
        if (retention == null) {
            return Map.of("cleanup.policy", "compact");
        }
        Map<String, String> settings = new TreeMap<>();
        settings.put("cleanup.policy", this == ALERT_DELIVERIES ? "compact,delete" : "delete");
        settings.put("retention.ms", Long.toString(retention.toMillis()));
        if (this == AUDIT) {
            settings.put("retention.bytes", Long.toString(MOST_OF_THE_AUDIT));
        }
        return Map.copyOf(settings);
    }

    /** The names of all topics that a hub with these clusters needs. */
    public static List<String> names(List<String> clusters) {
        return Stream.of(values())
                .flatMap(kind -> kind.owners(clusters).stream().map(kind::name))
                .toList();
    }
}
