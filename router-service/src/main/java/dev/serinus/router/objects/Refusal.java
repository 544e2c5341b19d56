package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterOutcome;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why a command is not carried out: a value on its way to the answer. It is thrown, since what
 * finds it out (a template, a match, a read) is far from what answers; it carries no stack trace
 * and is caught in one place.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RouterOutcome outcome;
    private final transient @Nullable Mark found;
    private final boolean unseen;
    private final transient @Nullable Duration pause;
    private final boolean forbidden;

    private Refusal(RouterOutcome outcome, String because) {
        this(outcome, because, null, false);
    }

    private Refusal(RouterOutcome outcome, String because, @Nullable Mark found, boolean unseen) {
        this(outcome, because, found, unseen, null, false);
    }

    private Refusal(
            RouterOutcome outcome,
            String because,
            @Nullable Mark found,
            boolean unseen,
            @Nullable Duration pause,
            boolean forbidden) {
        super(because, null, false, false);
        this.pause = pause;
        this.forbidden = forbidden;
        this.outcome = outcome;
        this.found = found;
        this.unseen = unseen;
    }

    /** The world is difficult; ask again. */
    public static Refusal retry(String because) {
        return new Refusal(RouterOutcome.RETRY, because);
    }

    /** Nothing is wrong, but it takes time until the rest can be done; ask again after that. */
    public static Refusal later(String because, Duration pause) {
        return new Refusal(RouterOutcome.RETRY, because, null, false, pause, false);
    }

    /** The account of the router has no right to do so. */
    public static Refusal forbidden(String because) {
        return new Refusal(RouterOutcome.RETRY, because, null, false, null, true);
    }

    /** The API server could not be asked; nothing is known of the objects. */
    public static Refusal unseen(String because) {
        return new Refusal(RouterOutcome.RETRY, because, null, true);
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

    /** The command is about a Canary that is another object now. */
    public static Refusal stale(String because) {
        return new Refusal(RouterOutcome.STALE, because);
    }

    /** An object already carries this later step. */
    public static Refusal stale(String because, Mark found) {
        return new Refusal(RouterOutcome.STALE, because, found, false);
    }

    /** The target shows another revision. */
    public static Refusal changed(String because) {
        return new Refusal(RouterOutcome.CHANGED, because);
    }

    /** The manifest cannot be carried out. */
    public static Refusal invalid(String because) {
        return new Refusal(RouterOutcome.INVALID, because);
    }

    /**
     * What there is to say when several objects are in trouble: of the first one's kind, and each
     * sentence once.
     *
     * @param refusals at least one
     */
    public static Refusal all(List<Refusal> refusals) {
        return new Refusal(
                refusals.getFirst().outcome(),
                refusals.stream()
                        .map(Refusal::because)
                        .distinct()
                        .collect(Collectors.joining("; ")),
                null,
                refusals.stream().allMatch(Refusal::isUnseen));
    }

    public RouterOutcome outcome() {
        return outcome;
    }

    /** True where the API server could not be asked. */
    public boolean isUnseen() {
        return unseen;
    }

    /** True where a right is missing. */
    public boolean isForbidden() {
        return forbidden;
    }

    /** The time after which to ask again where nothing is wrong; null where something is. */
    public @Nullable Duration pause() {
        return pause;
    }

    /** The mark of the object that is ahead; null when none is. */
    public @Nullable Mark found() {
        return found;
    }

    /** In a sentence, without secrets. */
    public String because() {
        return String.valueOf(getMessage());
    }
}
