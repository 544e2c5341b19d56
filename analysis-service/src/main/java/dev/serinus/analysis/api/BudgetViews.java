package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What the API answers about what the installation asks of canaries together. */
final class BudgetViews {

    private BudgetViews() {}

    /**
     * All of it, as far as it is about canaries that the caller may see.
     *
     * @param waves who waits for the promotion of another
     * @param more how to ask for those that follow; null where these are the last
     */
    record RulesView(
            List<BudgetView> budgets,
            List<FreezeView> freezes,
            List<Who> waves,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {
        RulesView {
            budgets = List.copyOf(budgets);
            freezes = List.copyOf(freezes);
            waves = List.copyOf(waves);
        }
    }

    /**
     * One budget, or one count of it.
     *
     * @param scope its name, with the cluster and the namespace that have a count of their own
     * @param max rollouts that may run at a time
     * @param running how many do, also of those that the caller may not see
     * @param waiting how many wait for a place, also of those
     * @param holders that the caller may see, the longest first; 100 at most
     * @param line that the caller may see, the longest first; 100 at most
     */
    record BudgetView(
            String scope, int max, int running, int waiting, List<Who> holders, List<Who> line) {
        BudgetView {
            holders = List.copyOf(holders);
            line = List.copyOf(line);
        }
    }

    /** A time in which nothing goes on: the one that lasts, or the next. */
    record FreezeView(
            String name,
            String reason,
            Instant from,
            Instant until,
            boolean now,
            List<String> what) {
        FreezeView {
            what = List.copyOf(what);
        }

        static FreezeView of(Freeze freeze, Instant at) {
            return new FreezeView(
                    freeze.name(),
                    freeze.reason(),
                    freeze.from(),
                    freeze.until(),
                    freeze.covers(at),
                    freeze.holds().stream().map(FreezeView::word).toList());
        }

        /** As the fleet file has it. */
        private static String word(Point point) {
            return switch (point) {
                case START -> "starts";
                case ADVANCE -> "advances";
                case PROMOTE -> "promotions";
            };
        }
    }

    /** A canary, and what it waits for. */
    record Who(
            String cluster,
            String namespace,
            String name,
            String phase,
            String waitingFor,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Instant startedAt) {

        static Who of(CanaryKey canary, RolloutState state) {
            return new Who(
                    canary.cluster(),
                    canary.namespace(),
                    canary.name(),
                    state.getPhase(),
                    state.getWaitingFor(),
                    state.getStartedAt());
        }
    }
}
