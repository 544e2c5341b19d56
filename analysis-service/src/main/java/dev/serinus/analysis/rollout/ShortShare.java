package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.Read;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.canary.Weight;

import java.util.Optional;

/**
 * A split that was set, and of which less is read back than was asked for: what is judged there
 * would be promoted though too few people met it, or nobody. An older router that does not know
 * what the Canary asks for answers like this.
 */
final class ShortShare {

    /** A mesh has the nearest share that it can serve. */
    private static final Weight NEAR = Weight.percent(1);

    private ShortShare() {}

    /** What is wrong, in words; empty where nothing is, and on a mesh that has no shares. */
    static Optional<String> of(
            TransitionBuilder t, Question.OfRouter question, RouterAnswered answer) {
        var read = answer.read();
        boolean gives = question instanceof Question.Shift || question instanceof Question.Rescue;
        if (!gives || read == null || !t.spec().routes()) {
            return Optional.empty();
        }
        var asked = Questions.split(t.now(), question);
        return isShort(asked, read)
                ? Optional.of(
                        "the router shows %s %% at the canary instead of %s %%: an older one does not know all that a Canary may ask for"
                                .formatted(read.canaryWeight(), asked.canaryWeight()))
                : Optional.empty();
    }

    private static boolean isShort(Split asked, Read read) {
        Weight wanted = asked.canaryWeight();
        Weight shown = read.canaryWeight();
        return wanted.isAny() && (!shown.isAny() || wanted.isAbove(shown.plus(NEAR)));
    }
}
