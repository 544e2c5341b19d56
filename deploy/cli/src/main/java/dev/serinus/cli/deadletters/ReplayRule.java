package dev.serinus.cli.deadletters;

import dev.serinus.schemas.topic.TopicKind;

import java.util.Optional;

/**
 * Whether a record that was set aside may be put on its topic once more. Answers and wishes know
 * which question or run they belong to and are passed over where that is over. What tells the state
 * of a canary holds good until the next such record. Commands and questions are asked again by the
 * analysis as long as they matter; an old one that comes late could undo what was done since.
 */
enum ReplayRule {
    /** At any time. */
    YES,
    /** While it is certain that no later record of the topic is about the same canary. */
    WHILE_NEWEST,
    /** Never. */
    NO;

    static ReplayRule of(TopicKind kind) {
        return switch (kind) {
            case METRIC_RESULTS, WEBHOOK_RESULTS, ROUTER_RESULTS, ACTIONS, ALERTS -> YES;
            case CHANGES, ANNOUNCEMENTS -> WHILE_NEWEST;
            case METRIC_QUERIES,
                    WEBHOOK_CALLS,
                    ROUTER_COMMANDS,
                    ALERT_DELIVERIES,
                    PERMITS,
                    JOURNAL,
                    PERMIT_JOURNAL,
                    DEAD_LETTERS,
                    GATES,
                    SCHEMAS,
                    ROLLOUTS,
                    ROLLOUT_EVENTS,
                    CDEVENTS ->
                    NO;
        };
    }

    /**
     * Why not, and what to do instead; empty where it may be.
     *
     * @param newest whether it is certain that no later record of its topic is about its canary
     */
    static Optional<String> refusal(KeptLetter kept, boolean newest) {
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
                    "'%s' is no topic of Serinus"
                            .formatted(KeptLetter.printable(kept.letter().getTopic())));
        }
        return switch (of(kind)) {
            case YES -> Optional.empty();
            case WHILE_NEWEST ->
                    newest
                            ? Optional.empty()
                            : Optional.of(
                                    "later records told of the same canary, or may have done so,"
                                        + " and this one would undo them; change its spec, or"
                                        + " restart its Deployment, where something was missed");
            case NO ->
                    Optional.of(
                            "what is on %s is asked again by the analysis as long as it matters, and an old one could undo what was done since"
                                    .formatted(kind.suffix()));
        };
    }
}
