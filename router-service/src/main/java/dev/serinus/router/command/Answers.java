package dev.serinus.router.command;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Affinity;
import dev.serinus.schemas.events.Cookies;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.jspecify.annotations.Nullable;

/** Puts what came of a command into its result. */
final class Answers {

    private static final int NOTHING_READ = -1;

    private Answers() {}

    static RouterResult done(RouterCommand command, long generation, ActionResult done) {
        var read = done.read();
        return answer(command, generation, RouterOutcome.DONE, done.but())
                .setCanaryWeight(read == null ? NOTHING_READ : read.canaryWeight().wholePercent())
                .setCanaryBasisPoints(read == null ? null : read.canaryWeight().basisPoints())
                .setBaselineBasisPoints(read == null ? null : read.baseline().basisPoints())
                .setMirrored(read != null && read.mirrored())
                .setMirrorBasisPoints(
                        read == null || read.copies() == null ? null : read.copies().basisPoints())
                .setWrites(done.written().size())
                .setRevision(done.revision())
                .setCookies(cookies(done.cookies()))
                .build();
    }

    private static @Nullable Cookies cookies(Affinity.@Nullable Shown shown) {
        return shown == null
                ? null
                : new Cookies(shown.session(), shown.previous(), shown.primary());
    }

    static RouterResult refused(RouterCommand command, long generation, Refusal refusal) {
        var found = refusal.found();
        var pause = refusal.pause();
        return answer(command, generation, refusal.outcome(), refusal.because())
                .setUnseen(refusal.isUnseen())
                .setRetryAfterMillis(pause == null ? null : pause.toMillis())
                .setFoundRun(found == null ? null : found.run())
                .setFoundStep(found == null ? null : found.step())
                .build();
    }

    private static RouterResult.Builder answer(
            RouterCommand command, long generation, RouterOutcome outcome, String because) {
        return RouterResult.newBuilder()
                .setCanary(command.getCanary())
                .setStep(command.getStep())
                .setGeneration(generation)
                .setAction(command.getAction())
                .setOutcome(outcome)
                .setBecause(because)
                .setCanaryWeight(NOTHING_READ)
                .setMirrored(false)
                .setWrites(0)
                .setRevision("");
    }
}
