package dev.serinus.analysis.access;

import java.util.Optional;

/** Knows whose token it is. */
interface Authenticator {

    /** Empty for one that it did not give, or that is over. */
    Optional<Caller> caller(String token);
}
