package dev.serinus.demo.screen;

import dev.serinus.demo.screen.Screen.Line;
import dev.serinus.demo.screen.Screen.Tone;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;

import java.util.stream.Collectors;

/** A record of serinus.rollout-events as one line for people. */
public final class Narration {

    private Narration() {}

    /** The event's own message, with the values and bounds behind it. */
    public static Line of(RolloutEvent event) {
        String evidence =
                event.getEvidence().stream()
                        // What a test found is the message.
                        .filter(each -> !event.getType().equals("TestReported"))
                        .map(Narration::evidence)
                        .collect(Collectors.joining(", "));
        return new Line(
                tone(event.getType()),
                "%-16s %s%s"
                        .formatted(
                                event.getType(),
                                event.getMessage(),
                                evidence.isEmpty() ? "" : "  [" + evidence + "]"));
    }

    private static String evidence(Evidence evidence) {
        var text = new StringBuilder(evidence.getCheck()).append(' ');
        text.append(evidence.getValue() == null ? "no value" : number(evidence.getValue()));
        if (evidence.getMin() != null) {
            text.append(" (at least ").append(number(evidence.getMin())).append(')');
        }
        if (evidence.getMax() != null) {
            text.append(" (at most ").append(number(evidence.getMax())).append(')');
        }
        var compared = evidence.getComparison();
        if (compared != null) {
            text.append("; compared: ").append(compared.getBecause());
        }
        String verdict =
                switch (evidence.getVerdict()) {
                    case PASS -> " ok";
                    case FAIL -> " FAILED";
                    case INCONCLUSIVE -> compared == null ? " FAILED" : " not yet decided";
                };
        return text.append(verdict).toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : "%.1f".formatted(value);
    }

    private static Tone tone(String type) {
        return switch (type) {
            case "Initialized", "StepPassed", "Promoted" -> Tone.GOOD;
            case "CheckFailed", "RollingBack", "RolledBack", "PromotionFailed", "Rejected" ->
                    Tone.BAD;
            default -> Tone.NEUTRAL;
        };
    }
}
