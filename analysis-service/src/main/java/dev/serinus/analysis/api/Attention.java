package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonValue;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.RolloutState;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How much a rollout asks for people, the most urgent first. */
enum Attention {
    /** Taken back, and people still meet the canary. */
    FAILED_WITH_TRAFFIC,
    FAILED,
    /** Nothing goes on until a person says so. */
    WAITS_FOR_PEOPLE,
    RUNNING,
    QUIET;

    static Attention of(RolloutState state) {
        Phase phase = Phase.of(state.getPhase());
        if (phase == Phase.FAILED) {
            return Weight.recorded(state.getCanaryWeight(), state.getCanaryBasisPoints())
                            .equals(Weight.NONE)
                    ? FAILED
                    : FAILED_WITH_TRAFFIC;
        }
        // Resume is possible where it changes something, approve where a gate waits.
        if (state.getHeld()
                || state.getPossibleActions().contains(word(ActionKind.RESUME))
                || state.getPossibleActions().contains(word(ActionKind.APPROVE))) {
            return WAITS_FOR_PEOPLE;
        }
        return phase == Phase.NONE || phase.rests() ? QUIET : RUNNING;
    }

    /** The one of this word; empty where there is none. */
    static Optional<Attention> named(String word) {
        return Stream.of(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /** All that there are, the most urgent first. */
    static List<String> words() {
        return Stream.of(values()).map(Attention::word).toList();
    }

    /** An action as it is told. */
    static String word(ActionKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** As it is told. */
    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
