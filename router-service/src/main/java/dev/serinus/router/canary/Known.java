package dev.serinus.router.canary;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.events.Problem;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is known of a Canary.
 *
 * @param latest as it was last seen, however wrong; its spec is null when it could not be read
 * @param inForce the last that obeyed every rule; null when none was seen since this process began
 * @param problems what is wrong with the latest; empty when it is in force
 * @param orphans whether it was ever seen to be deleted such that what it owns stays
 */
public record Known(
        Canary latest, @Nullable Canary inForce, List<Problem> problems, boolean orphans) {

    public Known {
        problems = List.copyOf(problems);
    }

    /** Every problem with its path. */
    public String sentence() {
        return problems.stream()
                .map(problem -> problem.getPath() + ": " + problem.getMessage())
                .collect(Collectors.joining("; "));
    }
}
