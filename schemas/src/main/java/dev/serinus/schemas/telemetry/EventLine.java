package dev.serinus.schemas.telemetry;

import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.Verdict;
import dev.serinus.schemas.template.GoFloats;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A record of {@code serinus.rollout-events} as one line: which canary, what happened, why. */
public final class EventLine {

    /** Flagger's words about a failed check begin with what follows from it. */
    private static final Pattern PREAMBLE = Pattern.compile("^Halt (\\S+ )?advancement ");

    private static final String TRIED = "Dry run: ";

    /** Above it a double has no fraction to show. */
    private static final double LONGEST_WHOLE = 1e15;

    private EventLine() {}

    /** Such as {@code shop/checkout run 3: rolling back: success rate 87.20% < 99%}. */
    public static String of(RolloutEvent event) {
        return PrintableText.of(
                canary(event) + run(event) + ": " + tried(event) + what(event) + actor(event));
    }

    /** True when somebody may want to look. */
    public static boolean isTrouble(RolloutEvent event) {
        return switch (event.getType()) {
            case "CheckFailed",
                    "RollingBack",
                    "RolledBack",
                    "PromotionFailed",
                    "InitializationFailed",
                    "Rejected",
                    "Stalled",
                    "PrimaryNotReady" ->
                    true;
            default -> false;
        };
    }

    private static String canary(RolloutEvent event) {
        String name = event.getCanary();
        return name.substring(name.indexOf('/') + 1);
    }

    private static String run(RolloutEvent event) {
        return event.getRun() == 0 ? "" : " run " + event.getRun();
    }

    private static String tried(RolloutEvent event) {
        return event.getDryRun() ? "dry run: " : "";
    }

    private static String what(RolloutEvent event) {
        String message = PREAMBLE.matcher(bare(event)).replaceFirst("");
        return switch (event.getType()) {
            case "StepPassed" -> "checks passed" + evidence(event);
            case "CheckFailed" ->
                    "check failed (%d so far): %s".formatted(event.getFailedChecks(), message);
            case "CheckInconclusive" -> "no verdict: " + message;
            case "RollingBack" -> "rolling back to the primary: " + message + failures(event);
            case "RolledBack" -> "rolled back: " + message;
            case "Promoted" -> "promoted: " + message;
            case "PromotionFailed" -> "promotion failed: " + message;
            case "Promoting" -> "promoting: " + message;
            case "WeightShifted", "RoutedToPrimary", "GateClosed", "GateOpened" -> message;
            case "Held" -> "held: " + message;
            case "Initialized" -> "initialised: " + message;
            default -> words(event.getType()) + ": " + message;
        };
    }

    /** What is only tried says so in front, which is in front of the line already. */
    private static String bare(RolloutEvent event) {
        String message = event.getMessage();
        return event.getDryRun() && message.startsWith(TRIED)
                ? message.substring(TRIED.length())
                : message;
    }

    private static String failures(RolloutEvent event) {
        int failed = event.getFailedChecks();
        return failed == 0 ? "" : " (%d failed check%s)".formatted(failed, failed == 1 ? "" : "s");
    }

    private static String evidence(RolloutEvent event) {
        return event.getEvidence().isEmpty()
                ? ""
                : event.getEvidence().stream()
                        .map(EventLine::one)
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    private static String one(Evidence evidence) {
        var text = new StringBuilder(evidence.getCheck());
        if (evidence.getValue() == null) {
            return text.append(": ").append(evidence.getBecause()).toString();
        }
        text.append(' ').append(number(evidence.getValue()));
        if (evidence.getMin() != null) {
            text.append(", at least ").append(number(evidence.getMin()));
        }
        if (evidence.getMax() != null) {
            text.append(", at most ").append(number(evidence.getMax()));
        }
        return text.append(evidence.getVerdict() == Verdict.PASS ? "" : " (not met)").toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < LONGEST_WHOLE
                ? Long.toString((long) value)
                : GoFloats.fixed(value, 2);
    }

    /** A type that came later: {@code GateReopened} is read as "gate reopened". */
    private static String words(String type) {
        return type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String actor(RolloutEvent event) {
        return event.getActor().equals("serinus") || event.getActor().isEmpty()
                ? ""
                : " (by " + event.getActor() + ")";
    }
}
