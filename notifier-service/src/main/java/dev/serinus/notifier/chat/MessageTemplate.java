package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.template.RenderException;
import dev.serinus.schemas.template.TextTemplate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The text of a message by the provider's own template. What it may read is documented in the
 * README; what is not known is empty.
 */
public final class MessageTemplate {

    private MessageTemplate() {}

    /**
     * Renders the template.
     *
     * @param metadata labels and annotations of the Canary
     * @param escaped how the receiver has a text that is to be read as it is: what the facts say
     *     was written by others than the provider's author
     */
    public static String render(
            String template,
            Message message,
            Map<String, String> metadata,
            UnaryOperator<String> escaped)
            throws RenderException {
        return tidied(TextTemplate.renderAbout(template, facts(message, metadata), escaped));
    }

    /**
     * Without blanks at the ends of lines, and with one empty line where there were more. Each
     * character is looked at a few times whatever the text is, which no regular expression for
     * blanks before the end of a line promises: the renderer's budget ends before this.
     */
    private static String tidied(String rendered) {
        var tidy = new StringBuilder(rendered.length());
        int empty = 0;
        for (String line : rendered.split("\n", -1)) {
            int end = line.length();
            while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
                end--;
            }
            empty = end == 0 ? empty + 1 : 0;
            if (empty <= 1) {
                tidy.append(line, 0, end).append('\n');
            }
        }
        return tidy.toString().strip();
    }

    private static Map<String, Object> facts(Message message, Map<String, String> metadata) {
        Subject subject = message.subject();
        Map<String, Object> facts = new HashMap<>();
        facts.put("Status", subject.status().word());
        facts.put("Severity", message.severity().name().toLowerCase(Locale.ROOT));
        facts.put("Message", message.text());
        facts.put("Cluster", subject.canary().cluster());
        facts.put("Namespace", subject.canary().namespace());
        facts.put("Name", subject.canary().name());
        facts.put("Phase", subject.phase());
        facts.put("Run", subject.run());
        facts.put("Revision", subject.revision());
        facts.put("Commit", subject.release().commit() == null ? "" : subject.release().commit());
        facts.put("Images", numbered(subject.release().images()));
        facts.put("Weight", subject.weight() / 100.0);
        facts.put("Now", SituationText.now(subject).orElse(""));
        facts.put("Gate", GateText.of(subject).orElse(""));
        facts.put("Situation", situation(subject));
        facts.put("FailedChecks", (long) subject.failedChecks());
        facts.put("Actor", subject.actor());
        facts.put("At", subject.at().toString());
        facts.put("Link", subject.link() == null ? "" : subject.link());
        facts.put("Metadata", metadata(message, metadata));
        facts.put(
                "CanaryAnalysis",
                Map.of(
                        "Iterations",
                        numbered(
                                subject.evidence().stream().map(MessageTemplate::check).toList())));
        return facts;
    }

    private static Map<String, Object> situation(Subject subject) {
        AlertSituation it = subject.situation();
        if (it == null) {
            return Map.of();
        }
        Map<String, Object> facts = new HashMap<>();
        facts.put("Traffic", it.getTraffic());
        facts.put("Confirmed", it.getConfirmed());
        facts.put("GoesTo", it.getGoesTo());
        facts.put("Weight", it.getCanaryBasisPoints() / 100.0);
        facts.put("BaselineWeight", it.getBaselineBasisPoints() / 100.0);
        facts.put("Images", numbered(it.getImages()));
        facts.put("PrimaryRevision", it.getPrimaryRevision());
        facts.put("PrimaryImages", numbered(subject.release().primaryImages()));
        facts.put("PrimaryServes", Boolean.TRUE.equals(it.getPrimaryServes()));
        facts.put("PrimaryReady", Boolean.TRUE.equals(it.getPrimaryReady()));
        facts.put("StartedAt", text(it.getStartedAt()));
        facts.put("HeldUntil", text(it.getHeldUntil()));
        facts.put("ClosedGate", it.getClosedGate());
        facts.put("ClosedUntil", text(it.getClosedUntil()));
        facts.put("ClosedThen", it.getClosedThen());
        facts.put("Possible", numbered(it.getPossible()));
        return facts;
    }

    private static String text(@Nullable Instant at) {
        return at == null ? "" : at.toString();
    }

    /** Guides write {@code version} and {@code environment}, which few Canaries have as labels. */
    private static Map<String, Object> metadata(Message message, Map<String, String> metadata) {
        Map<String, Object> all = new HashMap<>();
        all.put("environment", message.subject().canary().cluster());
        message.subject().release().images().stream()
                .findFirst()
                .map(MessageTemplate::version)
                .ifPresent(version -> all.put("version", version));
        all.putAll(metadata);
        return all;
    }

    /** The tag, or else the digest, of an image. */
    private static String version(String image) {
        int digest = image.indexOf('@');
        String named = digest < 0 ? image : image.substring(0, digest);
        int tag = named.indexOf(':', named.lastIndexOf('/') + 1);
        return tag >= 0 ? named.substring(tag + 1) : digest < 0 ? "" : image.substring(digest + 1);
    }

    private static Map<String, Object> check(AlertEvidence evidence) {
        Double bound =
                Stream.of(broken(evidence), either(evidence))
                        .flatMap(List::stream)
                        .findFirst()
                        .orElse(null);
        return Map.of(
                "Metric",
                evidence.getCheck(),
                "Failed",
                evidence.getFailed(),
                "Value",
                evidence.getValue() == null ? "" : Subject.number(evidence.getValue()),
                "Threshold",
                bound == null ? "" : Subject.number(bound),
                "Unit",
                evidence.getUnit(),
                "Because",
                Subject.because(evidence));
    }

    private static List<Double> broken(AlertEvidence evidence) {
        Double value = evidence.getValue();
        if (value == null) {
            return List.of();
        }
        if (evidence.getMin() != null && value < evidence.getMin()) {
            return List.of(evidence.getMin());
        }
        return evidence.getMax() != null && value > evidence.getMax()
                ? List.of(evidence.getMax())
                : List.of();
    }

    private static List<Double> either(AlertEvidence evidence) {
        return Stream.of(evidence.getMin(), evidence.getMax()).flatMap(Stream::ofNullable).toList();
    }

    /** What {@code range} goes through, in order. */
    private static Map<Long, Object> numbered(List<?> all) {
        Map<Long, Object> numbered = new TreeMap<>();
        all.forEach(each -> numbered.put((long) numbered.size(), each));
        return numbered;
    }
}
