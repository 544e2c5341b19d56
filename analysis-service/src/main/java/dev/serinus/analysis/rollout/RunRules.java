package dev.serinus.analysis.rollout;

import java.time.Duration;

/**
 * What a Canary says about its runs that Flagger has no word for.
 *
 * @param holdsFailed a failed analysis is not taken back: people decide
 * @param holdTimeout how long they have before it is taken back after all
 */
public record RunRules(boolean holdsFailed, Duration holdTimeout) {

    /** Of a Canary that says nothing. */
    public static final RunRules NONE = new RunRules(false, Duration.ofHours(24));
}
