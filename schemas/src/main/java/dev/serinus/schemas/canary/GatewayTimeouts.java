package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The time limits of a Canary's service that a rule of Gateway API can hold.
 *
 * @param request of all attempts together; null for none
 * @param backend of one attempt; null for none, and where it is above that of all
 */
public record GatewayTimeouts(@Nullable String request, @Nullable String backend) {

    /** By which the API server judges: fewer texts than Go's. */
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");

    /** Those that it can hold. */
    public static GatewayTimeouts of(CanaryService service) {
        String request = held(service.timeout());
        String backend = held(service.backendTimeout());
        return new GatewayTimeouts(request, isAbove(backend, request) ? null : backend);
    }

    private static @Nullable String held(@Nullable String written) {
        return isDuration(written) ? written : null;
    }

    /** True for what the API server takes for one. */
    public static boolean isDuration(@Nullable String written) {
        return written != null && DURATION.matcher(written).matches();
    }

    private static boolean isAbove(@Nullable String backend, @Nullable String request) {
        var all = length(request);
        return all.isPositive() && length(backend).compareTo(all) > 0;
    }

    private static Duration length(@Nullable String text) {
        return text == null ? Duration.ZERO : Durations.parse(text).orElse(Duration.ZERO);
    }

    /** True where one is written that it cannot hold. */
    public static boolean loses(@Nullable String written, @Nullable String held) {
        return written != null && !written.isEmpty() && held == null;
    }
}
