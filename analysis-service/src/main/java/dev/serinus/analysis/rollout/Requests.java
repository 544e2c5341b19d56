package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What people ask for by annotations of the Canary, once each. One that was done is taken off by
 * the router; until it is gone it asks for nothing more.
 *
 * @param skipAnalysis the run that goes on, or else the next one, is promoted without analysis;
 *     null where the annotation is not there
 * @param reset a failed or stuck run starts over; null where the annotation is not there
 * @param passFreeze the run that goes on, or else the next one, passes freezes; null where the
 *     annotation is not there
 */
public record Requests(
        @Nullable Progress skipAnalysis,
        @Nullable Progress reset,
        @Nullable FreezeRequest passFreeze) {

    static final Requests NONE = new Requests(null, null, null);

    static final String SKIP_ANALYSIS = "flagger.app/skip-analysis";
    static final String RESET = "flagger.app/reset";

    /** How far a request is. */
    public enum Progress {
        ASKED,
        DONE
    }

    /** What was seen after what was known; null where nobody asks for anything. */
    static @Nullable Requests seen(
            @Nullable Requests before,
            boolean skipAnalysis,
            boolean reset,
            @Nullable FreezeRequest passFreeze) {
        var known = before == null ? NONE : before;
        return orNull(
                new Requests(
                        seen(known.skipAnalysis, skipAnalysis),
                        seen(known.reset, reset),
                        FreezeRequest.seen(known.passFreeze, passFreeze)));
    }

    private static @Nullable Progress seen(@Nullable Progress before, boolean there) {
        return there ? before == null ? Progress.ASKED : before : null;
    }

    private static @Nullable Requests orNull(Requests all) {
        return all.equals(NONE) ? null : all;
    }

    /** True where a run is to be promoted without analysis, and none was yet. */
    boolean asksToSkip() {
        return skipAnalysis == Progress.ASKED;
    }

    /** True where somebody asks to start over, and nothing did yet. */
    boolean asksToReset() {
        return reset == Progress.ASKED;
    }

    /** What was asked of this run alone asks nothing of the next one. */
    Requests ofRunDone() {
        return new Requests(skipAnalysis == null ? null : Progress.DONE, reset, null)
                .with(passFreeze == null ? null : passFreeze.done());
    }

    Requests resetDone() {
        return new Requests(skipAnalysis, reset == null ? null : Progress.DONE, passFreeze);
    }

    Requests passFreezeDone() {
        return with(passFreeze == null ? null : passFreeze.done());
    }

    private Requests with(@Nullable FreezeRequest other) {
        return new Requests(skipAnalysis, reset, other);
    }

    /** The annotations to take off. */
    List<String> done() {
        List<String> done = new ArrayList<>();
        if (skipAnalysis == Progress.DONE) {
            done.add(SKIP_ANALYSIS);
        }
        if (reset == Progress.DONE) {
            done.add(RESET);
        }
        if (passFreeze != null && passFreeze.isDone()) {
            done.add(FreezeRequest.ANNOTATION);
        }
        return done;
    }
}
