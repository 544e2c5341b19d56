package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.compare.Comparison;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * How a metric of the canary is compared with another side's.
 *
 * @param with the other side
 * @param step the time that one value looks back: samples are at least so far apart
 * @param window the longest time that is looked back; null for all the time with traffic
 * @param critical it alone fails the score
 * @param mustHaveData a silent side fails, whatever no data means
 * @param group within the score
 * @param counts events are counted beside their requests
 */
public record ComparisonRule(
        String with,
        Comparison how,
        Duration step,
        @Nullable Duration window,
        boolean critical,
        boolean mustHaveData,
        String group,
        boolean counts) {

    /** The same with another side. */
    ComparisonRule with(String side) {
        return new ComparisonRule(side, how, step, window, critical, mustHaveData, group, counts);
    }

    /**
     * How far samples are apart of a provider that can only be asked for the present, at checks.
     *
     * @param interval of the checks
     */
    Duration apart(Duration interval) {
        long checks = Math.ceilDiv(step.toMillis(), Math.max(1, interval.toMillis()));
        return interval.multipliedBy(Math.max(1, checks));
    }

    /** The begin of the window of a judgement at this time. */
    Instant from(Instant since, Instant at) {
        return window == null || since.isAfter(at.minus(window)) ? since : at.minus(window);
    }
}
