package dev.serinus.analysis.access;

import java.time.Instant;
import java.util.Optional;

/** Knows whose token it is. */
interface Authenticator {

    /** Empty for one that it did not give, or that is over. */
    Optional<Caller> caller(String token);

    /** True for a token that says itself that it is over. */
    default boolean isOver(String token, Instant now) {
        return false;
    }
}
