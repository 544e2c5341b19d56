package dev.serinus.watcher.metrics;

import dev.serinus.schemas.shell.SettingProblems;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How much one server may be asked, by all canaries together. A server is a scheme, a host and a
 * port; a namespace has a half of what may be under way there.
 *
 * @param atOnce queries under way together
 * @param perSecond queries that begin in a second; as many may begin at once after a pause
 */
public record BackendLimits(int atOnce, int perSecond) {

    /** 100 at once, 500 per second. */
    public static final BackendLimits DEFAULTS = new BackendLimits(100, 500);

    /** What these variables of a process say, as a watcher that runs alone reads them. */
    public static BackendLimits of(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        int atOnce = number(environment, "AT_ONCE", wrong).orElse(DEFAULTS.atOnce);
        int perSecond = number(environment, "PER_SECOND", wrong).orElse(DEFAULTS.perSecond);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
        return new BackendLimits(atOnce, perSecond);
    }

    private static OptionalInt number(
            Map<String, String> environment, String limit, List<String> wrong) {
        String name = "SERINUS_WATCHER_BACKEND_QUERIES_" + limit;
        String written = environment.getOrDefault(name, "").strip();
        if (written.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!written.matches("0*[1-9]\\d{0,8}")) {
            wrong.add("%s must be a whole number, 1 or more; found '%s'".formatted(name, written));
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(written));
    }

    public BackendLimits {
        new SettingProblems()
                .unless(
                        atOnce >= 1,
                        "serinus.watcher.backend-queries-at-once must be 1 or more, was " + atOnce)
                .unless(
                        perSecond >= 1,
                        "serinus.watcher.backend-queries-per-second must be 1 or more, was "
                                + perSecond)
                .refuse();
    }
}
