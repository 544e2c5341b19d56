package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of what a topic keeps of one rollout, which the caller may read.
 *
 * @param run only what is of this run; null for all of them
 * @param before where the page before ended; null for the latest
 * @param most so many of it, above 0
 */
record RolloutPart(
        CanaryKey canary, RolloutState state, @Nullable Long run, @Nullable Long before, int most) {

    private static final int PAGE = 200;

    /**
     * What somebody asks for, as it was written.
     *
     * @param more what the page before answered as {@code continue}
     */
    record Asked(
            String cluster,
            String namespace,
            String name,
            @Nullable Long run,
            @Nullable Integer limit,
            @Nullable String more) {}

    /** Answers a question in which nothing is wrong. */
    @FunctionalInterface
    interface Answering {
        HttpResponse<String> of(RolloutPart part) throws InterruptedException;
    }

    /**
     * Tells all that is wrong with a question at once, or answers it.
     *
     * @param firstRun the number of the first run of which there may be something
     */
    static HttpResponse<String> answer(
            HttpRequest<?> request,
            Asked asked,
            long firstRun,
            FleetView fleet,
            Access access,
            Answering answering)
            throws InterruptedException {
        CanaryKey canary;
        try {
            canary = new CanaryKey(asked.cluster(), asked.namespace(), asked.name());
        } catch (IllegalArgumentException noName) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, ErrorCauses.shortest(noName));
        }
        Optional<Long> before = Optional.ofNullable(asked.more()).flatMap(Paging::readNumber);
        List<String> wrong = new ArrayList<>();
        Paging.mistake(asked.limit()).ifPresent(wrong::add);
        if (asked.run() != null && asked.run() < firstRun) {
            wrong.add("run must be %d or more, was %d".formatted(firstRun, asked.run()));
        }
        if (asked.more() != null && before.isEmpty()) {
            wrong.add(
                    "continue must be what the page before answered, was '%s'"
                            .formatted(asked.more()));
        }
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        var state =
                fleet.find(canary)
                        .filter(_ -> access.allows(Login.caller(request), Rules.READ, canary));
        if (state.isEmpty()) {
            return Answers.problem(
                    request, HttpStatus.NOT_FOUND, "no rollout of " + canary + " is known");
        }
        return answering.of(
                new RolloutPart(
                        canary,
                        state.get(),
                        asked.run(),
                        before.orElse(null),
                        asked.limit() == null ? PAGE : asked.limit()));
    }
}
