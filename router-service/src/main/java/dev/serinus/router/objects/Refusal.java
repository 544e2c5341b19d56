package dev.serinus.router.objects;

import dev.serinus.schemas.events.RouterOutcome;

import java.util.Locale;

/**
 * Why a command is not carried out: a value on its way to the answer. It is thrown, since what
 * finds it out (a template, a match, a read) is far from what answers; it carries no stack trace
 * and is caught in one place.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RouterOutcome outcome;

    private Refusal(RouterOutcome outcome, String because) {
        super(because, null, false, false);
        this.outcome = outcome;
    }

    /** The world is difficult; ask again. */
    public static Refusal retry(String because) {
        return new Refusal(RouterOutcome.RETRY, because);
    }

    /** An object that must be there is not; in the words of Flagger and the API server. */
    public static Refusal missing(Ref ref) {
        return missing(ref.kind().name().toLowerCase(Locale.ROOT), ref);
    }

    /** The same, where Flagger calls the kind by another name. */
    public static Refusal missing(String title, Ref ref) {
        var kind = ref.kind();
        return retry(
                "%s %s get query error: %s \"%s\" not found"
                        .formatted(
                                title,
                                ref.dotted(),
                                kind.group().isEmpty()
                                        ? kind.plural()
                                        : kind.plural() + "." + kind.group(),
                                ref.name()));
    }

    /** An object already carries a later step. */
    public static Refusal stale(String because) {
        return new Refusal(RouterOutcome.STALE, because);
    }

    /** The target shows another revision. */
    public static Refusal changed(String because) {
        return new Refusal(RouterOutcome.CHANGED, because);
    }

    /** The manifest cannot be carried out. */
    public static Refusal invalid(String because) {
        return new Refusal(RouterOutcome.INVALID, because);
    }

    public RouterOutcome outcome() {
        return outcome;
    }

    /** In a sentence, without secrets. */
    public String because() {
        return String.valueOf(getMessage());
    }
}
