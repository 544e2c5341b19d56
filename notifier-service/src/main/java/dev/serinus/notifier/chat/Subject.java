package dev.serinus.notifier.chat;

import dev.serinus.schemas.events.AlertEvidence;
import dev.serinus.schemas.events.AlertFacts;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.AlertSituation;
import dev.serinus.schemas.template.GoFloats;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.wire.TestReports;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rollout that a message is about.
 *
 * @param run number of the run; 0 for initialisation
 * @param revision hash of the pod template; empty when there is none
 * @param weight the canary's, in hundredths of a percent
 * @param at when it was decided
 * @param dryRun it would be so, and nothing of it is
 * @param situation how things stand; null where that is not said
 * @param release what is released, as far as it is known
 * @param link to it in the dashboard; null where the installation has no address
 * @param incident the key by which a pager knows it
 */
public record Subject(
        CanaryKey canary,
        Status status,
        long run,
        String phase,
        String revision,
        int weight,
        int failedChecks,
        int iteration,
        String actor,
        Instant at,
        boolean dryRun,
        List<AlertEvidence> evidence,
        @Nullable AlertSituation situation,
        Release release,
        @Nullable String link,
        String incident) {

    private static final int LONGEST_WORDS = 300;

    /**
     * What is released.
     *
     * @param images of the target's containers, in order
     * @param commit of the source; null where nothing names it
     * @param primaryImages of the primary's containers, in order; empty where nobody looked
     */
    public record Release(
            List<String> images, @Nullable String commit, List<String> primaryImages) {

        /** Nothing is known of it. */
        public static final Release UNKNOWN = new Release(List.of(), null);

        public Release {
            images = List.copyOf(images);
            primaryImages = List.copyOf(primaryImages);
        }

        /** Of whose primary nothing is known. */
        public Release(List<String> images, @Nullable String commit) {
            this(images, commit, List.of());
        }

        /** The same beside a primary with these images. */
        public Release besides(List<String> ofPrimary) {
            return new Release(images, commit, ofPrimary);
        }
    }

    /** What the link is called. */
    String linkTitle() {
        return status == Status.DIGEST ? "Open the dashboard" : "Open the rollout";
    }

    public Subject {
        evidence = List.copyOf(evidence);
    }

    /** Nothing is known of what it is about. */
    static Subject unknown() {
        return of(new CanaryKey("unknown", "unknown", "unknown"), null, Release.UNKNOWN, null);
    }

    /**
     * Several rollouts together.
     *
     * @param provider who is told
     */
    static Subject ofDigest(CanaryKey provider, Instant at, @Nullable String link) {
        return new Subject(
                provider,
                Status.DIGEST,
                0,
                "",
                "",
                0,
                0,
                0,
                "serinus",
                at,
                false,
                List.of(),
                null,
                Release.UNKNOWN,
                link,
                "");
    }

    /**
     * As an alert tells it.
     *
     * @param facts null from a release that did not say
     * @param address of the dashboard; null for none
     */
    public static Subject of(
            CanaryKey canary,
            @Nullable AlertFacts facts,
            Release release,
            @Nullable String address) {
        AlertFacts known =
                facts != null
                        ? facts
                        : AlertFacts.newBuilder()
                                .setStatus(Status.PROGRESSING.word())
                                .setRun(0)
                                .setPhase("")
                                .setRevision("")
                                .setCanaryBasisPoints(0)
                                .setFailedChecks(0)
                                .setIteration(0)
                                .setAt(Instant.EPOCH)
                                .build();
        return new Subject(
                canary,
                Status.of(known.getStatus()),
                known.getRun(),
                known.getPhase(),
                known.getRevision(),
                known.getCanaryBasisPoints(),
                known.getFailedChecks(),
                known.getIteration(),
                known.getActor(),
                known.getAt(),
                known.getDryRun(),
                known.getEvidence(),
                known.getSituation(),
                release,
                address == null
                        ? null
                        : "%s/#/rollouts/%s/%s/%s"
                                .formatted(
                                        address,
                                        canary.cluster(),
                                        canary.namespace(),
                                        canary.name()),
                "serinus/%s/%d".formatted(canary, known.getRun()));
    }

    Subject ofIncident(String other) {
        return new Subject(
                canary,
                status,
                run,
                phase,
                revision,
                weight,
                failedChecks,
                iteration,
                actor,
                at,
                dryRun,
                evidence,
                situation,
                release,
                link,
                other);
    }

    /** Each check that failed, with its value against its bound. */
    public List<String> failed() {
        return evidence.stream()
                .filter(AlertEvidence::getFailed)
                .map(each -> each.getCheck() + " " + found(each))
                .toList();
    }

    /**
     * How things stand: what was released, and who has the traffic now; none where that is not
     * known.
     */
    public List<AlertField> standing() {
        return SituationText.fields(this);
    }

    /** The value against the bound that it breaks, such as {@code 95.00 % < 99.00 %}. */
    public static String found(AlertEvidence each) {
        Double value = each.getValue();
        if (value == null) {
            String because = because(each);
            return because.isEmpty() ? "has no value" : because;
        }
        Double min = each.getMin();
        Double max = each.getMax();
        if (min != null && value < min) {
            return number(value, each) + " < " + number(min, each);
        }
        if (max != null && value > max) {
            return number(value, each) + " > " + number(max, each);
        }
        return Stream.of(number(value, each), because(each))
                .filter(text -> !text.isEmpty())
                .reduce((one, other) -> one + ": " + other)
                .orElseThrow();
    }

    /**
     * Why, in 300 characters at most: of a test that a webhook ran its numbers, and of no webhook
     * its whole answer, in which there may be what a command printed.
     */
    static String because(AlertEvidence each) {
        var report = TestReports.read(each.getReport());
        return report == null ? Message.cut(each.getBecause(), LONGEST_WORDS) : report.words();
    }

    private static String number(double value, AlertEvidence of) {
        return of.getUnit().isEmpty() ? number(value) : number(value) + " " + of.getUnit();
    }

    /** Two digits as Flagger's events have them, and what is smaller in full. */
    public static String number(double value) {
        return value != 0 && Math.abs(value) < 0.01
                ? Double.toString(value)
                : GoFloats.fixed(value, 2);
    }
}
