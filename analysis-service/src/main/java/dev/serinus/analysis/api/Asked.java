package dev.serinus.analysis.api;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.QueryValue;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which part of the fleet is asked for, and how much of it at once, as it stands in the query.
 *
 * @param since only what changed at this time or later
 * @param limit at most so many
 * @param more where the page before ended, as it was answered
 */
@Introspected
record Asked(
        @QueryValue @Nullable String cluster,
        @QueryValue @Nullable String namespace,
        @QueryValue @Nullable String name,
        @QueryValue @Nullable String phase,
        @QueryValue @Nullable String since,
        @QueryValue @Nullable Integer limit,
        @QueryValue("continue") @Nullable String more) {

    /** All that is wrong with it; empty where nothing is. */
    List<String> mistakes() {
        List<String> wrong = new ArrayList<>();
        if (phase != null && wanted().isEmpty()) {
            wrong.add("'%s' is no phase; they are %s".formatted(phase, phases()));
        }
        if (since != null && sinceTime().isEmpty()) {
            wrong.add(
                    "since must be a time such as 2026-11-30T08:00:00Z, was '%s'".formatted(since));
        }
        Paging.mistake(limit).ifPresent(wrong::add);
        if (more != null && Paging.read(more).isEmpty()) {
            wrong.add("continue must be what the page before answered, was '%s'".formatted(more));
        }
        return wrong;
    }

    /**
     * What is asked for at a versioned path and is not known there: whoever misspells a filter is
     * not to take all of the fleet for what was asked.
     */
    static Optional<String> unknown(HttpRequest<?> request, String... known) {
        List<String> strange =
                request.getPath().startsWith(Answers.V1)
                        ? request.getParameters().names().stream()
                                .filter(name -> !List.of(known).contains(name))
                                .sorted()
                                .toList()
                        : List.of();
        return strange.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "nothing can be asked by %s; what can is %s"
                                .formatted(String.join(", ", strange), String.join(", ", known)));
    }

    boolean covers(CanaryKey canary) {
        return (cluster == null || canary.cluster().equals(cluster))
                && (namespace == null || canary.namespace().equals(namespace))
                && (name == null || canary.name().equals(name));
    }

    boolean covers(CanaryKey canary, RolloutState state) {
        return covers(canary)
                && wanted().map(it -> it.text().equals(state.getPhase())).orElse(true)
                && isRecent(state.getUpdatedAt());
    }

    boolean isRecent(Instant at) {
        return sinceTime().map(it -> !at.isBefore(it)).orElse(true);
    }

    /** The last of the page before; empty for the first page. */
    Optional<String> after() {
        return Optional.ofNullable(more).flatMap(Paging::read);
    }

    private Optional<Phase> wanted() {
        return Stream.of(Phase.values())
                .filter(each -> each != Phase.NONE && each.text().equalsIgnoreCase(phase))
                .findFirst();
    }

    /** From when on; empty where nobody said, or said it wrong. */
    Optional<Instant> sinceTime() {
        try {
            return Optional.ofNullable(since)
                    .map(text -> Instant.parse(text.toUpperCase(Locale.ROOT)));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    private static List<String> phases() {
        return Stream.of(Phase.values()).map(Phase::text).filter(text -> !text.isEmpty()).toList();
    }
}
