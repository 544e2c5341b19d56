package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Who asks, as a MetricTemplate's {@code auth} says it and as it was read for this question.
 *
 * @param bearer a token to send as a bearer token; null to send none
 */
public record Authentication(@Nullable String bearer) {

    /** Nobody but whom the Secret says. */
    public static final Authentication NONE = new Authentication(null);

    /** True when it says what is in the header {@code Authorization}. */
    boolean authorizes() {
        return bearer != null;
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** Texts that only the same authentication has, in this order. */
    List<@Nullable String> parts() {
        return Arrays.asList(bearer);
    }

    /** What no text may tell. */
    List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        if (bearer != null) {
            secrets.add(bearer);
        }
        return secrets;
    }

    /** Which kinds it has, and nothing of them. */
    @Override
    public String toString() {
        return "Authentication[bearer=" + (bearer != null) + "]";
    }
}
