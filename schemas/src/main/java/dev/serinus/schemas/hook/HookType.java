package dev.serinus.schemas.hook;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a webhook is for, by the names of the Canary resource. A new type is one constant here and
 * one symbol in {@code spec.avdl}: where it stands and what its answer means is its {@link
 * Meaning}, and everything else is read from that, by admission, the CRD, the analysis and the
 * webhook service. None of them names a constant.
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

    /** What a manifest that names no type means. */
    public static final HookType BY_DEFAULT = ROLLOUT;

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

    /** The type a manifest's word stands for: none is the default; nothing for an unknown word. */
    public static Optional<HookType> of(@Nullable String word) {
        return word == null || word.isEmpty()
                ? Optional.of(BY_DEFAULT)
                : Stream.of(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    public Meaning meaning() {
        return meaning;
    }

    /** What a manifest says: {@code confirm-rollout}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What sentences say: Confirm-rollout. */
    public String label() {
        return Character.toUpperCase(word().charAt(0)) + word().substring(1);
    }

    /** False where it is only told something: no answer is sent and none is waited for. */
    public boolean answers() {
        return switch (meaning) {
            case Meaning.IsTold _ -> false;
            case Meaning.Check _,
                    Meaning.BeforeTraffic _,
                    Meaning.Confirms _,
                    Meaning.DemandsRollback _,
                    Meaning.AfterTheEnd _ ->
                    true;
        };
    }

    /** True where its answer decides how a release goes on. */
    public boolean decides() {
        return switch (meaning) {
            case Meaning.IsTold _, Meaning.AfterTheEnd _ -> false;
            case Meaning.Check _,
                    Meaning.BeforeTraffic _,
                    Meaning.Confirms _,
                    Meaning.DemandsRollback _ ->
                    true;
        };
    }

    /**
     * True where its payload shows the phase Progressing whatever the status says, as Flagger's
     * does.
     */
    public boolean saysProgressing() {
        return saysProgressing;
    }
}
