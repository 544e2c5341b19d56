package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.Freeze;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Freezes that one run has met.
 *
 * @param run its number: they say nothing of another one
 * @param told those that people were told of
 * @param passed those that people let it pass
 */
public record KnownFreezes(long run, List<Met> told, List<Met> passed) {

    /**
     * One time that a freeze lasted.
     *
     * @param until when it was to be over when it was met: beyond, it is another one
     */
    public record Met(String name, Instant until) {

        static Met of(Freeze freeze) {
            return new Met(freeze.name(), freeze.until());
        }
    }

    public KnownFreezes {
        told = List.copyOf(told);
        passed = List.copyOf(passed);
    }

    static KnownFreezes none(long run) {
        return new KnownFreezes(run, List.of(), List.of());
    }

    boolean isTold(Freeze freeze) {
        return told.contains(Met.of(freeze));
    }

    boolean isPassed(Freeze freeze, Instant at) {
        return passed.stream()
                .anyMatch(met -> met.name().equals(freeze.name()) && at.isBefore(met.until()));
    }

    KnownFreezes telling(Freeze freeze, Instant at) {
        return new KnownFreezes(run, plus(told, freeze, at), passed);
    }

    KnownFreezes passing(Freeze freeze, Instant at) {
        return new KnownFreezes(run, told, plus(passed, freeze, at));
    }

    /** Those that are over by now are forgotten. */
    private static List<Met> plus(List<Met> known, Freeze freeze, Instant at) {
        return Stream.concat(
                        known.stream().filter(met -> at.isBefore(met.until())),
                        Stream.of(Met.of(freeze)))
                .distinct()
                .toList();
    }
}
