package dev.serinus.analysis.records;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Spec;

import java.util.Locale;
import java.util.Optional;

/**
 * The ends of rollouts in the words of CDEvents 0.4, for delivery tools that know nothing of
 * canaries: the first primary is a service deployed, a promotion an upgrade, a failed run a
 * rollback. Steps in between have no word there.
 */
public final class CdEvents {

    private static final String VERSION = "0.4.1";
    private static final String EVENT_VERSION = "0.2.0";

    private CdEvents() {}

    /** One CDEvent: its type and its JSON. */
    public record CdEvent(String type, ObjectNode json) {}

    /**
     * The CDEvent that a happening is, if it is one and has really happened; {@code rollout} is the
     * state after it.
     */
    public static Optional<CdEvent> of(Rollout rollout, Effect.Happened happened) {
        if (happened.tried()) {
            return Optional.empty();
        }
        return switch (happened.type()) {
            case "Initialized" -> event(rollout, happened, "deployed", happened.revision());
            case "Promoted" -> event(rollout, happened, "upgraded", happened.revision());
            case "RolledBack", "Withdrawn" ->
                    event(
                            rollout,
                            happened,
                            "rolledback",
                            requireNonNullElse(rollout.revisions().promoted(), ""));
            default -> Optional.empty();
        };
    }

    /** The same for the same happening, and another one than that of the rollout event itself. */
    public static String id(Rollout rollout, Effect.Happened happened) {
        return "%s-%d-%d".formatted(rollout.uid(), happened.run(), happened.sequence());
    }

    private static Optional<CdEvent> event(
            Rollout rollout, Effect.Happened happened, String predicate, String revision) {
        Spec spec = rollout.spec();
        if (spec == null) {
            return Optional.empty();
        }
        String type = "dev.cdevents.service." + predicate + "." + EVENT_VERSION;
        String source = CloudEvent.source(rollout.canary());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("context")
                .put("version", VERSION)
                .put("id", id(rollout, happened))
                .put("source", source)
                .put("type", type)
                .put("timestamp", happened.at().toString());
        ObjectNode subject =
                json.putObject("subject")
                        .put("id", subject(rollout, spec.target()))
                        .put("source", source)
                        .put("type", "service");
        ObjectNode content = subject.putObject("content");
        content.putObject("environment")
                .put("id", rollout.canary().cluster() + "/" + rollout.canary().namespace())
                .put("source", source);
        content.put("artifactId", artifact(rollout, spec.target(), revision));
        return Optional.of(new CdEvent(type, json));
    }

    private static String subject(Rollout rollout, Spec.Target target) {
        return rollout.canary().namespace()
                + "/"
                + target.kind().toLowerCase(Locale.ROOT)
                + "/"
                + target.name();
    }

    /** A package URL: what runs is named by the revision of its template, not by one image. */
    private static String artifact(Rollout rollout, Spec.Target target, String revision) {
        return "pkg:generic/"
                + rollout.canary().namespace()
                + "/"
                + target.name()
                + (revision.isEmpty() ? "" : "@" + revision);
    }
}
