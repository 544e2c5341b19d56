package dev.serinus.cli;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.ManifestLimits;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code SERINUS_LIMITS_*}: how much one Canary may ask for, named as the services name it. */
final class LimitSettings {

    private static final String PREFIX = "SERINUS_LIMITS_";

    private final Map<String, String> environment;
    private final List<String> wrong;

    private LimitSettings(Map<String, String> environment, List<String> wrong) {
        this.environment = environment;
        this.wrong = wrong;
    }

    /**
     * What the environment sets, and the defaults for all else.
     *
     * @param wrong gets a sentence for each that cannot be used
     */
    static ManifestLimits of(Map<String, String> environment, List<String> wrong) {
        var settings = new LimitSettings(environment, wrong);
        var defaults = ManifestLimits.DEFAULTS;
        return new ManifestLimits(
                settings.duration("WEBHOOK_TIMEOUT", defaults.webhookTimeout()),
                settings.number("WEBHOOK_RETRIES", 0, defaults.webhookRetries()),
                settings.number("WEBHOOKS", 1, defaults.webhooks()),
                settings.number("METRICS", 1, defaults.metrics()),
                settings.number("ALERTS", 1, defaults.alerts()),
                settings.number("METADATA_BYTES", 1, defaults.metadataBytes()));
    }

    private Duration duration(String name, Duration otherwise) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        return Durations.parse(text)
                .filter(Duration::isPositive)
                .orElseGet(
                        () -> {
                            refuse(name, "a duration above zero such as 30s or 1h", text);
                            return otherwise;
                        });
    }

    private int number(String name, int least, int otherwise) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int found = Integer.parseInt(text);
            if (found >= least) {
                return found;
            }
        } catch (NumberFormatException _) {
            // Told below, as what is too small is.
        }
        refuse(name, "a whole number, " + least + " or more", text);
        return otherwise;
    }

    private String text(String name) {
        return environment.getOrDefault(PREFIX + name, "").strip();
    }

    private void refuse(String name, String wanted, String found) {
        wrong.add("%s%s must be %s; found '%s'".formatted(PREFIX, name, wanted, found));
    }
}
