package dev.serinus.analysis.replay;

import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.Instant;

/**
 * How a past run ended, and how it would have with another manifest.
 *
 * @param began when its revision was seen
 */
public record OtherRun(
        CanaryKey canary, long run, String revision, Instant began, Ending was, Ending would) {

    /** How a run comes to its end: with the decision, not with what is cleared away after it. */
    public enum How {
        PROMOTED("promoted"),
        ROLLED_BACK("rolled back"),
        /** Another revision took over, or its author took it back. */
        GIVEN_UP("given up"),
        /** It had not ended when its record did. */
        GOES_ON("goes on"),
        /** It depends on what was not measured or asked then. */
        NOT_KNOWN("not known");

        private final String words;

        How(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /**
     * One end.
     *
     * @param after the revision was seen
     * @param canaryWeight the canary's share just before
     */
    public record Ending(
            How how, Duration after, Weight canaryWeight, int failedChecks, String because) {

        boolean isKnown() {
            return how != How.NOT_KNOWN && how != How.GOES_ON;
        }
    }

    /** True where both ends are known and are not the same. */
    public boolean endsOtherwise() {
        return was.isKnown() && would.isKnown() && was.how() != would.how();
    }
}
