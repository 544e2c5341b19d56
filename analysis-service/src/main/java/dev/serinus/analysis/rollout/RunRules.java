package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What a Canary says about its runs that Flagger has no word for.
 *
 * @param holdsFailed a failed analysis is not taken back: people decide
 * @param holdTimeout how long they have before it is taken back after all
 * @param returns to which revisions a return needs no analysis; null for none
 * @param shortens an edit may shorten the plan of the run that goes on
 */
public record RunRules(
        boolean holdsFailed,
        Duration holdTimeout,
        @Nullable ReturnWindow returns,
        boolean shortens) {

    /** One that says nothing of returns, and whose plans stay. */
    public RunRules(boolean holdsFailed, Duration holdTimeout) {
        this(holdsFailed, holdTimeout, null, false);
    }

    /** Of a Canary that says nothing. */
    public static final RunRules NONE = new RunRules(false, Duration.ofHours(24));
}
