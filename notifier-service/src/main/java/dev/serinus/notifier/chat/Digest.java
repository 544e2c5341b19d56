package dev.serinus.notifier.chat;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.AlertDigest;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.ChatAlert;
import dev.serinus.schemas.events.DigestLine;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What several canaries had to tell, as one message like any other. */
public final class Digest {

    /** Canaries that a message names; the others are counted. */
    public static final int MOST_LINES = 20;

    /** Some services take six thousand characters in all. */
    private static final int LONGEST_NAME = 100;

    private static final int LONGEST_TEXT = 150;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    private Digest() {}

    /** For how long messages are gathered; empty where it is no such time. */
    public static Optional<Duration> every(String written) {
        return Durations.parse(written)
                .filter(it -> it.compareTo(SHORTEST) >= 0 && it.compareTo(LONGEST) <= 0);
    }

    /** The beginning of a message that is worth a line. */
    public static String line(String text) {
        return Message.cut(text.replaceAll("\\s+", " ").strip(), LONGEST_TEXT);
    }

    /** The same of an alert, with the gate that is closed: that is whom it needs. */
    public static String line(ChatAlert alert) {
        var facts = alert.getFacts();
        var situation = facts == null ? null : facts.getSituation();
        return situation == null || situation.getClosedGate().isEmpty()
                ? line(alert.getMessage())
                : line("%s (gate %s)".formatted(alert.getMessage(), situation.getClosedGate()));
    }

    /**
     * The message.
     *
     * @param provider cluster, namespace and name of who is told
     * @param clusterShown value of the field Cluster; no such field when null
     * @param dashboard its address, for a link; none when null
     */
    public static Message message(
            AlertDigest digest,
            CanaryKey provider,
            @Nullable String clusterShown,
            @Nullable String dashboard) {
        long named = digest.getLines().stream().map(DigestLine::getCanary).distinct().count();
        long canaries = named + digest.getMore();
        String title = canaries == 1 ? "1 canary" : canaries + " canaries";
        List<AlertField> fields = new ArrayList<>();
        if (clusterShown != null) {
            fields.add(new AlertField("Cluster", clusterShown));
        }
        for (DigestLine line : digest.getLines()) {
            fields.add(
                    new AlertField(
                            Message.cut(line.getCanary(), LONGEST_NAME),
                            line.getMessages() == 1
                                    ? line.getText()
                                    : "%s (the last of %d messages)"
                                            .formatted(line.getText(), line.getMessages())));
        }
        if (digest.getMore() > 0) {
            fields.add(new AlertField("…", "and %d more".formatted(digest.getMore())));
        }
        boolean warns =
                digest.getLines().stream().anyMatch(line -> line.getSeverity() != Severity.INFO);
        return new Message(
                digest.getKey(),
                title,
                warns ? Severity.WARN : Severity.INFO,
                "What became of %s since %s"
                        .formatted(title, digest.getSince().truncatedTo(ChronoUnit.SECONDS)),
                false,
                fields,
                List.of(),
                Subject.ofDigest(
                        provider, digest.getAt(), dashboard == null ? null : dashboard + "/"));
    }
}
