package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the states of a rollout, one after the other, mean for whoever waits for something. */
final class Outcome {

    private static final Set<String> REST =
            Set.of("Succeeded", "Initialized", "Failed", "Terminated");

    /** What can be waited for. */
    enum Goal {
        PROMOTED,
        DONE,
        GATE,
        PAUSED
    }

    private final Goal goal;
    private final @Nullable String wanted;
    private @Nullable String revision;
    private boolean person;
    private boolean ran;

    /**
     * @param wanted revision, or an image of it, or the tag of one; null for the one that is being
     *     rolled out first
     */
    Outcome(Goal goal, @Nullable String wanted) {
        this.goal = goal;
        this.wanted = wanted;
    }

    /**
     * The code to end with; empty while it has to be waited for. In a dry run nothing is promoted,
     * and which revision is said to be was only tried.
     */
    Optional<Integer> of(JsonNode rollout) {
        String phase = rollout.path("phase").asText();
        String present = rollout.path("revision").asText();
        List<String> possible = Texts.of(rollout.path("possibleActions"));
        boolean held = rollout.path("held").asBoolean();
        person = held || possible.contains("approve");
        if (wanted != null && revision == null && !is(wanted, present, rollout.path("images"))) {
            return other(rollout);
        }
        if (revision != null && !present.equals(revision)) {
            return Optional.of(ExitCodes.SUPERSEDED);
        }
        revision = present;
        boolean rests = REST.contains(phase);
        ran |= !rests;
        return switch (goal) {
            case PROMOTED ->
                    rests
                            ? Optional.of(
                                    phase.equals("Failed")
                                                    || phase.equals("Terminated")
                                                    || isTried(rollout)
                                            ? ExitCodes.NO
                                            : ExitCodes.AS_WISHED)
                            : Optional.empty();
            case DONE -> rests ? Optional.of(ExitCodes.AS_WISHED) : Optional.empty();
            case GATE -> reached(possible.contains("approve"), rests && ran);
            case PAUSED -> reached(held, rests && ran);
        };
    }

    /** A run that has not begun may come to it yet. */
    private static Optional<Integer> reached(boolean is, boolean over) {
        return is
                ? Optional.of(ExitCodes.AS_WISHED)
                : over ? Optional.of(ExitCodes.NO) : Optional.empty();
    }

    /**
     * True where a revision is the one that was named by itself, or by an image. A tag alone names
     * it where it has but one image: a side-car's would let another release pass for it.
     */
    private static boolean is(String named, String revision, JsonNode images) {
        var all = Texts.of(images);
        return revision.equals(named)
                || all.stream()
                        .anyMatch(
                                it ->
                                        all.size() == 1
                                                ? ImageText.isNamed(it, named)
                                                : ImageText.isCalled(it, named));
    }

    /** Another revision than the wanted one: it is yet to come, or was there before. */
    private Optional<Integer> other(JsonNode rollout) {
        boolean promoted =
                is(
                        String.valueOf(wanted),
                        rollout.path("promotedRevision").asText(),
                        rollout.path("primaryImages"));
        if (!promoted || (goal != Goal.PROMOTED && goal != Goal.DONE)) {
            return Optional.empty();
        }
        return Optional.of(
                goal == Goal.PROMOTED && isTried(rollout) ? ExitCodes.NO : ExitCodes.AS_WISHED);
    }

    static boolean isTried(JsonNode rollout) {
        return rollout.path("dryRun").asBoolean();
    }

    /** The code to end with when there is no more time. */
    int late() {
        return person ? ExitCodes.WAITS_FOR_A_PERSON : ExitCodes.TIMED_OUT;
    }
}
