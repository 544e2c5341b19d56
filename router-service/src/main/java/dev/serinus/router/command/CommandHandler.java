package dev.serinus.router.command;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.canary.Known;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.DryRun;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;
import dev.serinus.schemas.runtime.Outbox;
import dev.serinus.schemas.runtime.RepeatedQuestions;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Carries out each command as far as it is not so already, and answers it with exactly one result;
 * of attempts of the same step that stand in line together only one is carried out and answered.
 * What the world makes difficult is an answer, never an exception.
 */
public final class CommandHandler implements RepeatedQuestions<RouterCommand> {

    private static final Logger log = LoggerFactory.getLogger(CommandHandler.class);
    private static final int ROUNDS = 4;

    /**
     * The longest that data planes are waited for before an answer: who asks does so after 20 s.
     */
    private static final Duration HELD_BACK = Duration.ofSeconds(10);

    private final Canaries canaries;
    private final ActionContext context;
    private final CanaryLocks locks;
    private final Outbox outbox;
    private final Topic<CanaryKey, RouterResult> results;
    private final ActionListener memory;
    private final Evidence evidence;

    /**
     * @param locks shared with whoever else writes for a canary
     * @param memory is told what was done
     */
    public CommandHandler(
            Canaries canaries,
            ActionContext context,
            CanaryLocks locks,
            ActionListener memory,
            Outbox outbox,
            Topic<CanaryKey, RouterResult> results) {
        this.canaries = canaries;
        this.context = context;
        this.locks = locks;
        this.memory = memory;
        this.evidence = new Evidence(context);
        this.outbox = outbox;
        this.results = results;
    }

    @Override
    public void handle(CanaryKey canary, RouterCommand command) throws InterruptedException {
        var result = answer(canary, command);
        log.atInfo()
                .addKeyValue("canary", canary)
                .addKeyValue("step", mark(command).number())
                .addKeyValue("action", result.getAction())
                .addKeyValue("outcome", result.getOutcome())
                .addKeyValue("weight", result.getCanaryWeight())
                .addKeyValue("writes", result.getWrites())
                .addKeyValue("because", result.getBecause())
                .log("command answered");
        outbox.send(results, canary, result);
    }

    /** Analysis takes the answer to any attempt of the step that it waits for. */
    @Override
    public boolean isRepeat(RouterCommand later, RouterCommand earlier) {
        return mark(later).equals(mark(earlier))
                && later.getAction() == earlier.getAction()
                && later.getGeneration() >= earlier.getGeneration();
    }

    /** Carries the command out and says what came of it. */
    public RouterResult answer(CanaryKey key, RouterCommand command) throws InterruptedException {
        long generation = command.getGeneration();
        try {
            if (canaries.writesNothing()) {
                throw Refusal.retry(
                        "this installation is a dry run (SERINUS_DRY_RUN): the router writes"
                                + " nothing until it is none");
            }
            var found = canary(key, command);
            if (found.isEmpty()) {
                return Answers.done(command, generation, ActionResult.writing(List.of()));
            }
            requireReal(key, found.get(), command);
            var canary = usable(found.get(), command);
            generation = Optional.ofNullable(canary.getMetadata().getGeneration()).orElse(0L);
            new DoneRequests(context).takeOff(canary, command.getTakeOff());
            return Answers.done(command, generation, carriedOut(key, command, canary, found.get()));
        } catch (Refusal refusal) {
            return Answers.refused(command, generation, refusal);
        }
    }

    /**
     * @param known of the Canary, as it was last seen
     */
    private ActionResult carriedOut(
            CanaryKey key, RouterCommand command, Canary canary, Known known)
            throws InterruptedException {
        var order =
                new Order(
                        canary,
                        mark(command),
                        new Split(
                                Weight.recorded(
                                        command.getCanaryWeight(), command.getCanaryBasisPoints()),
                                command.getMirrored(),
                                command.getMatched(),
                                Weight.recorded(
                                        0,
                                        Objects.requireNonNullElse(
                                                command.getBaselineBasisPoints(), 0)),
                                command.getMirrorBasisPoints() == null
                                        ? null
                                        : new Weight(command.getMirrorBasisPoints())),
                        command.getTargetRunning(),
                        command.getBaselineBasisPoints() != null,
                        new Order.Pods(
                                command.getPodShareBasisPoints() == null
                                        ? null
                                        : new Weight(command.getPodShareBasisPoints()),
                                command.getPodsFirst()),
                        command.getRevision(),
                        new AnalysedConfigs(command.getConfigs()),
                        new Hold(context).isOn(known.latest().getMetadata(), canary),
                        known.orphans(),
                        known.inForce() == null ? known.sentence() : "");
        var before = ActionResult.writing(List.of());
        var waited = Duration.ZERO;
        boolean looked = false;
        boolean anew = false;
        while (true) {
            NotYet open;
            try {
                return inTurn(key, command.getAction(), order, before, anew);
            } catch (NotYet stopped) {
                open = stopped;
            }
            // Not in the canary's turn: what is changed meanwhile is repaired at once.
            before = open.done();
            anew = false;
            switch (open.waitsFor()) {
                case NotYet.Wait.OnTheWay(var left) -> throw Refusal.later(open.because(), left);
                case NotYet.Wait.BeforePodsGo(var left) -> {
                    waited = waited.plus(left);
                    if (waited.compareTo(HELD_BACK) > 0) {
                        throw Refusal.later(open.because(), left);
                    }
                    context.awaitFollowed(canary);
                    anew = true;
                }
                case NotYet.Wait.UntilShown(var look, var otherwise) -> {
                    if (looked || !look.isShown()) {
                        throw otherwise;
                    }
                    looked = true;
                }
            }
        }
    }

    /**
     * @param before what of the order is done already
     * @param anew true when what leads requests may have been written by others since then
     */
    private ActionResult inTurn(
            CanaryKey key, RouterAction kind, Order order, ActionResult before, boolean anew)
            throws InterruptedException {
        var action = action(kind);
        try (var _ = locks.take(key)) {
            memory.begins(key, kind, order);
            evidence.require(kind, order, memory.present(key));
            if (anew) {
                evidence.lookAgain(order);
            }
            boolean asked = false;
            for (int round = 1; ; round++) {
                try {
                    var done = action.carryOut(order).after(before);
                    memory.did(key, kind, order, done);
                    return done;
                } catch (NotYet open) {
                    var sofar = open.after(before);
                    tell(key, kind, order, sofar);
                    throw sofar;
                } catch (Conflict conflict) {
                    if (round == ROUNDS) {
                        throw Refusal.retry(String.valueOf(conflict.getMessage()));
                    }
                } catch (Refusal refusal) {
                    // The watch may be behind whoever said that it can be done.
                    boolean begun = refusal.pause() != null; // what is waited for was just written
                    if (asked || begun || refusal.outcome() == RouterOutcome.STALE) {
                        throw refusal;
                    }
                    asked = true;
                    evidence.renew(order);
                }
            }
        }
    }

    /** Where pods alone are waited for, requests go where they are to go. */
    private void tell(CanaryKey key, RouterAction kind, Order order, NotYet open) {
        boolean any = !open.done().written().isEmpty();
        switch (open.waitsFor()) {
            case NotYet.Wait.BeforePodsGo _ when any -> memory.did(key, kind, order, open.done());
            case NotYet.Wait.BeforePodsGo _, NotYet.Wait.OnTheWay _, NotYet.Wait.UntilShown _ ->
                    memory.wrote(open.done());
        }
    }

    private Action action(RouterAction action) {
        return switch (action) {
            case INITIALIZE -> new Initialize(context);
            case TAKE_OVER -> new TakeOver(context);
            case SCALE -> new Scale(context);
            case SHIFT -> new Shift(context);
            case PROMOTE -> new Promote(context);
            case RESTORE -> new Restore(context);
        };
    }

    /** The Canary that is meant; empty when one to be let go is gone already. */
    private Optional<Known> canary(CanaryKey key, RouterCommand command)
            throws InterruptedException {
        var found =
                canaries.await(
                        key.namespace(),
                        key.name(),
                        command.getStep().getUid(),
                        command.getGeneration(),
                        context.patience());
        if (found.isPresent()) {
            return found;
        }
        var present = canaries.get(key.namespace(), key.name()).map(Known::latest);
        boolean isOther =
                present.filter(it -> !command.getStep().getUid().equals(it.getMetadata().getUid()))
                        .isPresent();
        if (command.getAction() == RouterAction.RESTORE
                && canaries.hasSynced()
                && (present.isEmpty() || isOther)) {
            return Optional.empty();
        }
        if (isOther) {
            throw Refusal.stale("canary %s is another object now".formatted(key.dotted()));
        }
        throw Refusal.retry(
                "canary %s generation %d has not been seen yet"
                        .formatted(key.dotted(), command.getGeneration()));
    }

    /**
     * Who has not seen that a dry run is asked for, or knows none, begins nothing. What takes back
     * passes.
     */
    private void requireReal(CanaryKey key, Known known, RouterCommand command) {
        if (!canaries.isTried(known.latest()) || command.getDespiteDryRun() || leaves(command)) {
            return;
        }
        throw Refusal.retry(
                "canary %s asks for a dry run (spec.dryRun, or the annotation %s), and %s was sent by a release or at a time that did not know of it: nothing is done until analysis has seen it, or nobody asks for it any more"
                        .formatted(key.dotted(), DryRun.ANNOTATION, command.getAction()));
    }

    /** True where it takes from the canary, or lets all go. */
    private static boolean leaves(RouterCommand command) {
        return switch (command.getAction()) {
            case RESTORE -> true;
            case SCALE -> !command.getTargetRunning();
            case SHIFT ->
                    command.getCanaryWeight() == 0
                            && Objects.requireNonNullElse(command.getCanaryBasisPoints(), 0) == 0
                            && Objects.requireNonNullElse(command.getBaselineBasisPoints(), 0) == 0
                            && !command.getMirrored()
                            && !command.getMatched();
            case INITIALIZE, TAKE_OVER, PROMOTE -> false;
        };
    }

    /**
     * The manifest in force, by which everything was made. What breaks a rule is not made, but it
     * may go, and traffic may be taken from its canary.
     */
    private static Canary usable(Known known, RouterCommand command) {
        var inForce = known.inForce();
        if (inForce != null) {
            return inForce;
        }
        boolean takesBack =
                command.getAction() == RouterAction.SHIFT
                        && command.getCanaryWeight() == 0
                        && !command.getMirrored()
                        && known.latest().getSpec() != null;
        if (takesBack || command.getAction() == RouterAction.RESTORE) {
            return known.latest();
        }
        throw Refusal.invalid(known.sentence());
    }

    private static Mark mark(RouterCommand command) {
        var step = command.getStep();
        return new Mark(step.getUid(), step.getRun(), step.getStep());
    }
}
