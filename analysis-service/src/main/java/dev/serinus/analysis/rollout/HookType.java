package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Point;

import java.util.Locale;

/**
 * What a webhook is for, by the names of the Canary resource. A new type is one constant: where it
 * stands and what its answer means is its {@link Meaning}, and everything else is read from that.
 */
@SuppressWarnings("ImmutableEnumChecker") // a Meaning is a record of constants
public enum HookType {
    ROLLOUT(new Meaning.Check(), true),
    PRE_ROLLOUT(new Meaning.BeforeTraffic(), true),
    POST_ROLLOUT(new Meaning.AfterTheEnd(), false),
    CONFIRM_ROLLOUT(new Meaning.Confirms(Point.START), false),
    CONFIRM_PROMOTION(new Meaning.Confirms(Point.PROMOTE), true),
    CONFIRM_TRAFFIC_INCREASE(new Meaning.Confirms(Point.ADVANCE), true),
    ROLLBACK(new Meaning.DemandsRollback(), false),
    EVENT(new Meaning.IsTold(), false);

    /** Where in a rollout a webhook stands and what its answer decides. */
    public sealed interface Meaning {

        /** It must pass before anything is judged at a stop; failing counts as a failed check. */
        record Check() implements Meaning {}

        /** It must pass before the canary meets anybody; failing counts as a failed check. */
        record BeforeTraffic() implements Meaning {}

        /** It opens a gate by passing, and keeps it closed by failing. */
        record Confirms(Point point) implements Meaning {}

        /** By passing it demands a rollback. */
        record DemandsRollback() implements Meaning {}

        /** It is called once the run has ended; its answer decides nothing. */
        record AfterTheEnd() implements Meaning {}

        /** It is told every event and gives no answer. */
        record IsTold() implements Meaning {}
    }

    private final Meaning meaning;
    private final boolean saysProgressing;

    HookType(Meaning meaning, boolean saysProgressing) {
        this.meaning = meaning;
        this.saysProgressing = saysProgressing;
    }

    public Meaning meaning() {
        return meaning;
    }

    /**
     * The phase that its payload shows: Flagger sends Progressing for some, whatever the status
     * says.
     */
    Phase payload(Phase now) {
        return saysProgressing ? Phase.PROGRESSING : now;
    }

    /** The name that sentences give it: Confirm-rollout. */
    String label() {
        String lower = name().toLowerCase(Locale.ROOT).replace('_', '-');
        return Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
    }
}
