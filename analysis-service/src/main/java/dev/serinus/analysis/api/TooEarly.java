package dev.serinus.analysis.api;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.events.RolloutState;

import java.util.Optional;

/** Whether a canary that is to be let begin waits for that in a moment, and not yet. */
final class TooEarly {

    private TooEarly() {}

    /**
     * In words what is not there yet; empty where nothing is known that will be.
     *
     * @param state of the one that is to begin, which does not wait for that now
     * @param brought what the canary that calls has brought
     */
    static Optional<String> to(RolloutState state, WaitingRelease brought) {
        String canary = state.getCanary();
        if (Phase.WAITING.text().equals(state.getPhase())) {
            return Optional.of(
                    "%s cannot begin now%s"
                            .formatted(
                                    canary,
                                    state.getWaitingFor().isEmpty()
                                            ? ""
                                            : ", and waits for " + state.getWaitingFor()));
        }
        String release = state.getRelease();
        if (brought.isAny() || brought.release().isEmpty() || release.isEmpty()) {
            return Optional.empty();
        }
        if (!release.equals(brought.release())) {
            return Optional.of(
                    "%s does not show the release of %s yet".formatted(canary, brought.whose()));
        }
        boolean rests =
                Phase.SUCCEEDED.text().equals(state.getPhase())
                        || Phase.INITIALIZED.text().equals(state.getPhase());
        boolean has =
                state.getPromotedRelease().isEmpty() || state.getPromotedRelease().equals(release);
        return rests && !has
                ? Optional.of(
                        "%s has not begun with the release of %s yet"
                                .formatted(canary, brought.whose()))
                : Optional.empty();
    }
}
