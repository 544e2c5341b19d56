package dev.serinus.notifier.chat;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.AlertField;
import dev.serinus.schemas.events.AlertSituation;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How things stand, in words for somebody who was just woken: what was released, who has the
 * traffic now, and whether there is anything to do. Traffic is said to be where it was read back.
 */
final class SituationText {

    private static final int MOST_IMAGES = 3;

    /** What does not lead out of it. */
    private static final String PAUSE = "pause";

    private SituationText() {}

    /** The fields of a message; none where the situation is not known. */
    static List<AlertField> fields(Subject subject) {
        List<AlertField> fields = new ArrayList<>();
        revision(subject).ifPresent(text -> fields.add(new AlertField("Revision", text)));
        now(subject).ifPresent(text -> fields.add(new AlertField("Now", text)));
        GateText.of(subject).ifPresent(text -> fields.add(new AlertField("Gate", text)));
        return fields;
    }

    /** What the run was about, how far it was and how long it took. */
    private static Optional<String> revision(Subject subject) {
        AlertSituation it = subject.situation();
        if (it == null || subject.run() == 0 || subject.revision().isEmpty()) {
            return Optional.empty();
        }
        var text = new StringBuilder(named(subject.revision(), it.getImages()));
        if (it.getMatched()) {
            text.append(", for requests that match");
        } else if (subject.weight() > 0) {
            text.append(", at ").append(percent(subject.weight()));
        }
        if (it.getStartedAt() != null && !it.getStartedAt().isAfter(subject.at())) {
            var took = Duration.between(it.getStartedAt(), subject.at());
            text.append(", ")
                    .append(Durations.print(took.truncatedTo(ChronoUnit.SECONDS)))
                    .append(" after it began");
        }
        return Optional.of(text.toString());
    }

    /** Who has the traffic, and what is to be done; empty where the situation is not known. */
    static Optional<String> now(Subject subject) {
        AlertSituation it = subject.situation();
        return it == null
                ? Optional.empty()
                : Optional.of(
                        Stream.of(traffic(subject, it), primary(it), toDo(subject, it))
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.joining(" ")));
    }

    private static String traffic(Subject subject, AlertSituation it) {
        return switch (it.getTraffic()) {
            case "target" ->
                    "The target goes on serving as before: no traffic was moved, and nothing is"
                            + " released.";
            case "primary", "divided", "canary" ->
                    switch (it.getGoesTo()) {
                        case "" -> stays(subject, it);
                        case "primary" -> goesBack(subject, it);
                        case "canary", "target" ->
                                "All traffic goes to the %s now: %s."
                                        .formatted(it.getGoesTo(), canary(it));
                        default ->
                                "Another share was asked for, and is not read back yet: %s."
                                        .formatted(canary(it));
                    };
            default ->
                    it.getGoesTo().isEmpty()
                            ? "Where the traffic is was not read back."
                            : "All traffic goes to the %s now; where it is was not read back."
                                    .formatted(it.getGoesTo());
        };
    }

    private static String stays(Subject subject, AlertSituation it) {
        if (it.getTraffic().equals("primary")) {
            return it.getConfirmed()
                    ? "All traffic is at the primary%s.%s"
                            .formatted(of(subject, it), until(subject, it))
                    : "All traffic was at the primary%s when it was last read back."
                            .formatted(of(subject, it));
        }
        String rest =
                it.getMirrored()
                        ? ", and the primary%s answers".formatted(of(subject, it))
                        : it.getTraffic().equals("canary")
                                ? ""
                                : "%s, and the primary%s the rest"
                                        .formatted(baseline(it), of(subject, it));
        String has = canary(it);
        return "%s%s%s.%s"
                .formatted(
                        has.substring(0, 1).toUpperCase(Locale.ROOT),
                        has.substring(1),
                        rest,
                        until(subject, it));
    }

    private static String baseline(AlertSituation it) {
        return it.getBaselineBasisPoints() == 0
                ? ""
                : ", the baseline " + percent(it.getBaselineBasisPoints());
    }

    private static String goesBack(Subject subject, AlertSituation it) {
        if (Boolean.FALSE.equals(it.getPrimaryServes())) {
            return "All traffic goes back to the primary%s as soon as that serves: %s."
                    .formatted(of(subject, it), canary(it));
        }
        return "All traffic goes back to the primary%s now: %s. %s"
                .formatted(
                        of(subject, it),
                        canary(it),
                        isOver(subject, it)
                                ? "Nothing to do, unless another message says that it cannot be"
                                        + " done."
                                : "If that cannot be done, another message says so.");
    }

    /** What the canary has, as part of a sentence. */
    private static String canary(AlertSituation it) {
        return "the canary %s %s%s"
                .formatted(
                        it.getConfirmed() ? "has" : "had",
                        share(it),
                        it.getConfirmed() ? "" : " when it was last read back");
    }

    private static String share(AlertSituation it) {
        if (it.getMirrored()) {
            return "copies of requests";
        }
        if (it.getMatched()) {
            return "the requests that match";
        }
        return switch (it.getCanaryBasisPoints()) {
            case 0 -> "no traffic";
            case 10_000 -> "all traffic";
            default -> percent(it.getCanaryBasisPoints()) + " of the traffic";
        };
    }

    /**
     * How long from when it was told. A time would stand beside that of the message, which some
     * services show in the zone of whoever reads and fields do not.
     */
    private static String until(Subject subject, AlertSituation it) {
        return it.getHeldUntil() == null
                ? ""
                : " It stays so until somebody decides, or is taken back after %s."
                        .formatted(from(subject, it.getHeldUntil()));
    }

    /** How long after it was told that is. */
    static String from(Subject subject, Instant end) {
        var left = Duration.between(subject.at(), end).truncatedTo(ChronoUnit.SECONDS);
        return Durations.print(left.isNegative() ? Duration.ZERO : left);
    }

    private static String primary(AlertSituation it) {
        if (it.getTraffic().equals("target")) {
            return "";
        }
        if (Boolean.FALSE.equals(it.getPrimaryServes())) {
            return "The primary does not serve: look at its pods.";
        }
        return Boolean.FALSE.equals(it.getPrimaryReady())
                ? "The primary serves, but not with all of its pods: look at them."
                : "";
    }

    private static String toDo(Subject subject, AlertSituation it) {
        if (it.getHeldUntil() != null) {
            return "People can " + ways(it) + ".";
        }
        return it.getGoesTo().isEmpty() && isOver(subject, it)
                ? "Nothing to do for the traffic."
                : "";
    }

    /** It failed, and a primary has the traffic, or gets it, that is as it should be. */
    private static boolean isOver(Subject subject, AlertSituation it) {
        boolean primary = it.getTraffic().equals("primary") || it.getGoesTo().equals("primary");
        return subject.status() == Status.FAILED
                && primary
                && Boolean.TRUE.equals(it.getPrimaryReady());
    }

    private static String ways(AlertSituation it) {
        List<String> all = it.getPossible().stream().filter(each -> !each.equals(PAUSE)).toList();
        int last = all.size() - 1;
        return last < 1
                ? String.join("", all)
                : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
    }

    /** What the primary runs, in brackets; nothing where that is not known. */
    private static String of(Subject subject, AlertSituation it) {
        return it.getPrimaryRevision().isEmpty()
                ? ""
                : " (%s)".formatted(primaryNamed(subject, it));
    }

    private static String primaryNamed(Subject subject, AlertSituation it) {
        return named(it.getPrimaryRevision(), subject.release().primaryImages());
    }

    private static String named(String revision, List<String> images) {
        String more = images.size() > MOST_IMAGES ? ", …" : "";
        return images.isEmpty()
                ? revision
                : "%s: %s%s"
                        .formatted(
                                revision,
                                images.stream()
                                        .limit(MOST_IMAGES)
                                        .collect(Collectors.joining(", ")),
                                more);
    }

    /** Of hundredths of a percent, without zeros at the end. */
    private static String percent(int basisPoints) {
        return basisPoints % 100 == 0
                ? basisPoints / 100 + " %"
                : String.valueOf(basisPoints / 100.0) + " %";
    }
}
