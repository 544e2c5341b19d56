package dev.serinus.analysis.api;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Part of something that is sorted. Where a page ended is the last that was on it, so that what
 * comes and goes between two pages shifts nothing.
 */
record Paging<T>(List<T> page, @Nullable String more) {

    /** As many as kubectl asks for at once. */
    static final int MOST = 500;

    Paging {
        page = List.copyOf(page);
    }

    /** So many of those that follow; all where no limit is given. */
    static <T> Paging<T> of(List<T> following, @Nullable Integer limit, Function<T, String> key) {
        if (limit == null || following.size() <= limit) {
            return new Paging<>(following, null);
        }
        List<T> page = following.subList(0, limit);
        return new Paging<>(page, written(key.apply(page.getLast())));
    }

    /** What is wrong with a limit; empty where nothing is. */
    static Optional<String> mistake(@Nullable Integer limit) {
        return limit != null && (limit < 1 || limit > MOST)
                ? Optional.of("limit must be 1 to %d, was %d".formatted(MOST, limit))
                : Optional.empty();
    }

    /** The last of the page before; empty where this is none that was given. */
    static Optional<String> read(String more) {
        if (more.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new String(Base64.getUrlDecoder().decode(more), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** The same, where it was a number that is not negative. */
    static Optional<Long> readNumber(String more) {
        try {
            return read(more).map(Long::parseLong).filter(number -> number >= 0);
        } catch (NumberFormatException foreign) {
            return Optional.empty();
        }
    }

    /** As a page says how to ask for those that follow. */
    static String written(String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }
}
