package dev.serinus.analysis.rollout;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that is known of one canary. Data only: what it waits for is in {@link Await}, and the only
 * clock it has is the time of its last decision.
 */
public record Rollout(
        CanaryKey canary,
        String uid,
        long generation,
        @Nullable Spec spec,
        boolean deleting,
        List<RolloutEvent.Problem> problems,
        Phase phase,
        @Nullable Workload target,
        @Nullable Workload primary,
        Run run,
        Traffic traffic,
        Baseline baseline,
        Await await,
        Counters counters,
        boolean paused,
        String lastTold,
        Cookies cookies,
        @Nullable Instant at) {

    public Rollout {
        problems = List.copyOf(problems);
        // What an earlier release kept has none.
        cookies = Objects.requireNonNullElse(cookies, Cookies.NONE);
    }

    /** A canary nothing is known of. */
    public static Rollout of(CanaryKey canary) {
        return new Rollout(
                canary,
                "",
                0,
                null,
                false,
                List.of(),
                Phase.NONE,
                null,
                null,
                Run.NONE,
                Traffic.NONE,
                Baseline.NONE,
                Await.NOTHING,
                Counters.ZERO,
                false,
                "",
                Cookies.NONE,
                null);
    }

    /** When it next needs a timer; empty while it rests or waits for others without a deadline. */
    public Optional<Instant> due() {
        return held() ? Optional.empty() : Optional.ofNullable(await.due());
    }

    /** True while suspended or paused: nothing moves. */
    public boolean held() {
        return !deleting && (paused || (spec != null && spec.suspend()));
    }

    /**
     * The phase that everybody is told: Failed also for an initialisation that waits for a primary
     * which was not ready in time. Nothing was moved, so it is still the initialisation.
     */
    public Phase shown() {
        return phase == Phase.INITIALIZING && await.stage() == Stage.FIRST_PRIMARY_LATE
                ? Phase.FAILED
                : phase;
    }

    /** True once the object is gone and the state can be dropped. */
    public boolean gone() {
        return await.stage() == Stage.GONE;
    }

    /**
     * One rollout: its number, what it rolls out and by which plan. Run 0 is initialisation. A
     * withdrawn run ends without a promotion, since its author took the revision back.
     */
    public record Run(
            long number,
            String revision,
            @Nullable Map<String, String> configs,
            List<Stop> stops,
            int stop,
            int stepWeightPromotion,
            @Nullable Instant startedAt,
            boolean withdrawn) {

        static final Run NONE = new Run(0, "", null, List.of(), -1, 0, null, false);

        public Run {
            stops = List.copyOf(stops);
            configs = configs == null ? null : new TreeMap<>(configs);
        }

        /** A run at rest that is only known by its number and what it rolled out. */
        static Run past(long number, String revision) {
            return new Run(number, revision, null, List.of(), -1, 0, null, false);
        }

        /** The same, at another stop of its plan. */
        Run at(int other) {
            return with(revision, configs, stops, other, stepWeightPromotion, withdrawn);
        }

        /** The same, with the plan begun anew. */
        Run planned(List<Stop> plan, int stepBack) {
            return with(revision, configs, plan, -1, stepBack, withdrawn);
        }

        /** The same, about what a target shows. */
        Run about(Workload target) {
            return with(
                    target.revision(),
                    target.configs(),
                    stops,
                    stop,
                    stepWeightPromotion,
                    withdrawn);
        }

        /** The same, ended by the target showing what was promoted before. */
        Run withdrawnFor(Workload target) {
            return with(target.revision(), target.configs(), stops, stop, 0, true);
        }

        private Run with(
                String ofRevision,
                @Nullable Map<String, String> ofConfigs,
                List<Stop> plan,
                int at,
                int stepBack,
                boolean isWithdrawn) {
            return new Run(
                    number, ofRevision, ofConfigs, plan, at, stepBack, startedAt, isWithdrawn);
        }
    }

    /** The split as it was last read back, and what was counted. */
    public record Traffic(
            int canaryWeight,
            boolean mirrored,
            boolean targetRunning,
            int iterations,
            int failedChecks) {
        static final Traffic NONE = new Traffic(0, false, true, 0, 0);
    }

    /**
     * What the target is compared with: revisions as we compute them, and the texts that stand for
     * them in the status (Flagger's own as long as the target is unchanged).
     */
    public record Baseline(
            @Nullable String applied,
            @Nullable String promoted,
            @Nullable String appliedText,
            @Nullable String promotedText,
            @Nullable Map<String, String> configs,
            @Nullable Map<String, String> promotedConfigs) {
        static final Baseline NONE = new Baseline(null, null, null, null, null, null);

        public Baseline {
            configs = configs == null ? null : new TreeMap<>(configs);
            promotedConfigs = promotedConfigs == null ? null : new TreeMap<>(promotedConfigs);
        }

        /** A revision that was applied and promoted, with the configs it was promoted with. */
        static Baseline of(String revision, @Nullable Map<String, String> configs) {
            return new Baseline(revision, revision, revision, revision, configs, configs);
        }

        /**
         * This revision was promoted, with these configs. The text that stood for it while it was
         * under analysis goes on to do so: it may be Flagger's.
         */
        Baseline promoted(String revision, @Nullable Map<String, String> configs) {
            String text = revision.equals(applied) && appliedText != null ? appliedText : revision;
            return new Baseline(revision, revision, text, text, configs, configs);
        }

        /** The same with another revision under analysis. */
        Baseline applied(String revision, @Nullable Map<String, String> configs) {
            return new Baseline(
                    revision, promoted, revision, promotedText, configs, promotedConfigs);
        }
    }

    /** What it waits for: at which stage, the answer to which step, until when. */
    public record Await(
            Stage stage,
            long step,
            int attempt,
            int hook,
            @Nullable Instant due,
            String waitingFor) {
        static final Await NOTHING = new Await(Stage.UNKNOWN, 0, 0, -1, null, "");
    }

    /** Numbers that only grow: steps, announcements and events of the current run. */
    public record Counters(long step, long announced, long sequence) {
        static final Counters ZERO = new Counters(0, 0, 0);
    }
}
