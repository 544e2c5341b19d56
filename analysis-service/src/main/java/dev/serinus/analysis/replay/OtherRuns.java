package dev.serinus.analysis.replay;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the runs of a journal and says how each would have ended with another manifest. Entries of
 * one canary come in their order, canaries in any; only the present run of each is kept.
 */
public final class OtherRuns {

    /** One input as it was taken. */
    record Taken(Instant at, SpecificRecord input) {}

    /** A run while its record is read. */
    private static final class Recorded {
        private final Rollout before;
        private final RolloutSpec spec;
        private final long number;
        private final Instant began;
        private final boolean supersedes;
        private final List<Taken> taken = new ArrayList<>();

        /**
         * @param supersedes it began in the midst of another
         */
        Recorded(Rollout before, RolloutSpec spec, long number, Instant began, boolean supersedes) {
            this.before = before;
            this.spec = spec;
            this.number = number;
            this.began = began;
            this.supersedes = supersedes;
        }
    }

    /** The event with which a run begins. */
    private static final String BEGINS = "RevisionDetected";

    private final OtherManifest other;
    private final Consumer<OtherRun> told;
    private final Replay replay = new Replay(this::decided);
    private final Map<CanaryKey, RolloutSpec> specs = new HashMap<>();
    private final Map<CanaryKey, Recorded> runs = new HashMap<>();

    /**
     * @param other the manifest that would have been there, made from the one that was
     * @param told of each run whose end is found
     */
    public OtherRuns(OtherManifest other, Consumer<OtherRun> told) {
        this.other = other;
        this.told = told;
    }

    /** Takes one decision again. */
    public void take(JournalEntry entry) {
        replay.take(entry);
    }

    /** Tells of the runs whose record ends before they do. */
    public void end() {
        runs.forEach(
                (_, run) -> {
                    Taken last = run.taken.getLast();
                    tell(run, ending(run, OtherRun.How.GOES_ON, last.at(), "its record ends"));
                });
        runs.clear();
    }

    /** Whether all decisions came out as they were taken: else the record is another release's. */
    public Replay replayed() {
        return replay;
    }

    private void decided(Decision decision) {
        CanaryKey canary = decision.before().rollout().canary();
        var input = (SpecificRecord) decision.entry().getInput();
        if (input instanceof Change change && change.getBody() instanceof CanaryObserved seen) {
            specs.put(canary, seen.getSpec());
        }
        if (happened(decision.effects()).anyMatch(it -> it.type().equals(BEGINS))) {
            Recorded former = runs.remove(canary);
            if (former != null) {
                tell(
                        former,
                        ending(
                                former,
                                OtherRun.How.GIVEN_UP,
                                decision.after().at(),
                                "another revision took over"));
            }
            RolloutSpec spec = specs.get(canary);
            if (spec != null) {
                runs.put(
                        canary,
                        new Recorded(
                                decision.before().rollout(),
                                spec,
                                decision.after().rollout().run().number(),
                                decision.after().at(),
                                former != null));
            }
        }
        Recorded run = runs.get(canary);
        if (run == null) {
            return;
        }
        run.taken.add(new Taken(decision.after().at(), input));
        end(decision.effects(), run.began)
                .ifPresent(
                        was -> {
                            runs.remove(canary);
                            tell(run, was);
                        });
    }

    private void tell(Recorded run, OtherRun.Ending was) {
        var would = would(run);
        told.accept(
                new OtherRun(
                        run.before.canary(), run.number, revision(run), run.began, was, would));
    }

    private OtherRun.Ending would(Recorded run) {
        List<String> missing = other.missing(run.spec);
        if (!missing.isEmpty()) {
            return ending(
                    run,
                    OtherRun.How.NOT_KNOWN,
                    run.began,
                    "its Canary " + String.join(" and ", missing));
        }
        if (run.supersedes) {
            // Where the one before would have been by then is not known.
            return ending(
                    run, OtherRun.How.NOT_KNOWN, run.began, "it began in the midst of another");
        }
        return new RecordedWorld(run.before, other, other.apply(run.spec), run.taken).play();
    }

    private static String revision(Recorded run) {
        return run.taken.stream()
                .map(Taken::input)
                .filter(Change.class::isInstance)
                .map(change -> ((Change) change).getBody())
                .filter(WorkloadObserved.class::isInstance)
                .map(body -> (WorkloadObserved) body)
                .filter(seen -> seen.getRole() == Role.TARGET)
                .map(WorkloadObserved::getRevision)
                .findFirst()
                .orElse("");
    }

    private static OtherRun.Ending ending(
            Recorded run, OtherRun.How how, Instant at, String because) {
        return new OtherRun.Ending(how, Duration.between(run.began, at), Weight.NONE, 0, because);
    }

    /** The end of a run that began then, where these effects are it. */
    static Optional<OtherRun.Ending> end(List<Effect> effects, Instant began) {
        return happened(effects)
                .flatMap(
                        event ->
                                how(event.type()).stream()
                                        .map(
                                                how ->
                                                        new OtherRun.Ending(
                                                                how,
                                                                Duration.between(began, event.at()),
                                                                event.canaryWeight(),
                                                                event.failedChecks(),
                                                                event.message())))
                .findFirst();
    }

    private static Optional<OtherRun.How> how(String type) {
        return switch (type) {
            case "Promoting", "AnalysisSkipped" -> Optional.of(OtherRun.How.PROMOTED);
            case "RollingBack" -> Optional.of(OtherRun.How.ROLLED_BACK);
            case "Withdrawing", "Terminating" -> Optional.of(OtherRun.How.GIVEN_UP);
            default -> Optional.empty();
        };
    }

    private static Stream<Effect.Happened> happened(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Happened.class::isInstance)
                .map(Effect.Happened.class::cast);
    }
}
