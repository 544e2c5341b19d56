package dev.serinus.analysis.letter;

import dev.serinus.schemas.topic.TopicKind;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Whether a record that was set aside may be put on its topic once more. Answers know which
 * question they belong to and are passed over where that is over. What tells the state of a canary
 * holds good until the next such record. Commands and questions are asked again by the analysis as
 * long as they matter; an old one that comes late could undo what was done since.
 */
public enum ReplayRule {
    /** At any time. */
    YES,
    /** While no later record of its partition is about the same canary, as far as can be seen. */
    WHILE_NEWEST,
    /** As long as is kept who was told: later some would be told twice, of what is long over. */
    WHILE_REMEMBERED,
    /** Never: what was wished for then may be nobody's wish now. */
    BY_PEOPLE,
    /** Never. */
    NO;

    /** How long alerts lie on their topic, and less than the notifier remembers whom it told. */
    private static final Duration REMEMBERED = Duration.ofDays(7);

    /** What holds for records of such a topic. */
    public static ReplayRule of(TopicKind kind) {
        return switch (kind) {
            case METRIC_RESULTS, WEBHOOK_RESULTS, ROUTER_RESULTS -> YES;
            case ALERTS -> WHILE_REMEMBERED;
            case CHANGES, ANNOUNCEMENTS -> WHILE_NEWEST;
            case ACTIONS -> BY_PEOPLE;
            case METRIC_QUERIES,
                    WEBHOOK_CALLS,
                    ROUTER_COMMANDS,
                    ALERT_DELIVERIES,
                    ALERT_RESULTS,
                    PERMITS,
                    JOURNAL,
                    PERMIT_JOURNAL,
                    DEAD_LETTERS,
                    GATES,
                    SCHEMAS,
                    ROLLOUTS,
                    ROLLOUT_EVENTS,
                    CDEVENTS,
                    AUDIT ->
                    NO;
        };
    }

    /** True where some of its records may be put on their topic once more. */
    public boolean isEverMet() {
        return this != BY_PEOPLE && this != NO;
    }

    /**
     * Why not, and what to do instead; empty where it may be.
     *
     * @param newest whether no later record of its partition is about its canary; asked only where
     *     it matters
     */
    public static Optional<String> refusal(KeptLetter kept, BooleanSupplier newest, Instant now) {
        if (kept.isCut()) {
            return Optional.of(
                    "the letter has only the beginning of its record; the whole lies on %s, partition %d, offset %d, as long as that keeps it"
                            .formatted(
                                    kept.letter().getTopic(),
                                    kept.letter().getPartition(),
                                    kept.letter().getOffset()));
        }
        TopicKind kind = kept.kind().orElse(null);
        if (kind == null) {
            return Optional.of(
                    "'%s' is no topic of Serinus in %s, the cluster of the letter"
                            .formatted(
                                    KeptLetter.printable(kept.letter().getTopic()),
                                    kept.id().cluster()));
        }
        if (kept.isOfAnotherCluster()) {
            return Optional.of(
                    "its key names '%s', which is not of %s, the cluster of the letter"
                            .formatted(kept.keyText(), kept.id().cluster()));
        }
        return switch (of(kind)) {
            case YES -> Optional.empty();
            case WHILE_NEWEST ->
                    newest.getAsBoolean()
                            ? Optional.empty()
                            : Optional.of(
                                    "later records told of the same canary, or may have done so,"
                                        + " and this one would undo them; change its spec, or"
                                        + " restart its Deployment, where something was missed");
            case WHILE_REMEMBERED ->
                    kept.letter().getAt().isAfter(now.minus(REMEMBERED))
                            ? Optional.empty()
                            : Optional.of(
                                    "it is older than 7 days, and who was told of it may be known"
                                            + " no more: some would be told twice, of what is long"
                                            + " over");
            case BY_PEOPLE ->
                    Optional.of(
                            "what somebody wished for then may be nobody's wish now; wish for it"
                                    + " again: deploy/serinus pause, resume, promote, abort, retry,"
                                    + " skip or approve");
            case NO ->
                    Optional.of(
                            "what is on %s is asked again by the analysis as long as it matters, and an old one could undo what was done since"
                                    .formatted(kind.suffix()));
        };
    }
}
