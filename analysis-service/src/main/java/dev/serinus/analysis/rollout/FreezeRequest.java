package dev.serinus.analysis.rollout;

import dev.serinus.schemas.canary.PassFreeze;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * An annotation asks to let one run pass freezes.
 *
 * @param progress done is one that a run has passed by, that was refused, or whose run is over
 * @param names of the freezes
 * @param reason why, in the words of whoever wrote it
 * @param manager as which it was written; empty where that is not known
 */
public record FreezeRequest(
        Requests.Progress progress, List<String> names, String reason, String manager) {

    static final String ANNOTATION = PassFreeze.ANNOTATION;

    public FreezeRequest {
        names = List.copyOf(names);
    }

    /** One that was just seen. */
    public static FreezeRequest asked(List<String> names, String reason, String manager) {
        return new FreezeRequest(Requests.Progress.ASKED, names, reason, manager);
    }

    /** What was seen after what was known: one that is done asks no more until it is gone. */
    static @Nullable FreezeRequest seen(
            @Nullable FreezeRequest before, @Nullable FreezeRequest now) {
        return now != null && before != null && before.isDone() ? before : now;
    }

    FreezeRequest done() {
        return new FreezeRequest(Requests.Progress.DONE, names, reason, manager);
    }

    boolean isDone() {
        return progress == Requests.Progress.DONE;
    }

    /** It still asks for that. */
    boolean names(String freeze) {
        return !isDone() && names.contains(freeze);
    }

    /**
     * Who asked, as the history shows it: never only a name, since anybody may write as any
     * manager.
     */
    String actor() {
        return "annotation " + ANNOTATION + (manager.isEmpty() ? "" : " by " + manager);
    }
}
