package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Group;
import dev.serinus.analysis.rollout.gate.Predecessor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * What a Canary says about its runs that Flagger has no word for.
 *
 * @param holdsFailed a failed analysis is not taken back: people decide
 * @param holdTimeout how long they have before it is taken back after all
 * @param returns to which revisions a return needs no analysis; null for none
 * @param shortens an edit may shorten the plan of the run that goes on
 * @param after canaries that are to be promoted before a run begins; null for none
 * @param proportional the canary has as many pods as its share of the traffic needs; null for no
 * @param awaitedBy namespaces whose canaries may wait for it beside those of its own, or an
 *     asterisk for all; null for none
 * @param group those that it is promoted with; null for none
 * @param byReplicas the canary's share is that of its pods behind one Service; null for no
 */
public record RunRules(
        boolean holdsFailed,
        Duration holdTimeout,
        @Nullable ReturnWindow returns,
        boolean shortens,
        @Nullable List<Predecessor> after,
        @Nullable Boolean proportional,
        @Nullable List<String> awaitedBy,
        @Nullable Group group,
        @Nullable Boolean byReplicas) {

    public RunRules {
        byReplicas = Boolean.TRUE.equals(byReplicas) ? byReplicas : null;
        proportional = Boolean.TRUE.equals(proportional) ? proportional : null;
        after = after == null || after.isEmpty() ? null : List.copyOf(after);
        awaitedBy = awaitedBy == null || awaitedBy.isEmpty() ? null : List.copyOf(awaitedBy);
    }

    /** One whose share is set by a route. */
    public RunRules(
            boolean holdsFailed,
            Duration holdTimeout,
            @Nullable ReturnWindow returns,
            boolean shortens,
            @Nullable List<Predecessor> after,
            @Nullable Boolean proportional,
            @Nullable List<String> awaitedBy,
            @Nullable Group group) {
        this(
                holdsFailed,
                holdTimeout,
                returns,
                shortens,
                after,
                proportional,
                awaitedBy,
                group,
                null);
    }

    /** One whose canary has the primary's size, for which only its own namespace may wait. */
    public RunRules(
            boolean holdsFailed,
            Duration holdTimeout,
            @Nullable ReturnWindow returns,
            boolean shortens,
            @Nullable List<Predecessor> after) {
        this(holdsFailed, holdTimeout, returns, shortens, after, null, null, null);
    }

    /** One that waits for no other canary. */
    public RunRules(
            boolean holdsFailed,
            Duration holdTimeout,
            @Nullable ReturnWindow returns,
            boolean shortens) {
        this(holdsFailed, holdTimeout, returns, shortens, null);
    }

    /** One that says nothing of returns, and whose plans stay. */
    public RunRules(boolean holdsFailed, Duration holdTimeout) {
        this(holdsFailed, holdTimeout, null, false);
    }

    /** True where the canary has as many pods as its share of the traffic needs. */
    boolean sizesCanary() {
        return proportional != null;
    }

    /** True where the canary's share is that of its pods behind one Service. */
    public boolean splitsByReplicas() {
        return byReplicas != null;
    }

    /** Canaries that are to be promoted before a run begins. */
    List<Predecessor> predecessors() {
        return after == null ? List.of() : after;
    }

    /** Of a Canary that says nothing. */
    public static final RunRules NONE = new RunRules(false, Duration.ofHours(24));
}
