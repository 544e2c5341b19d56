package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;

/** Checks addresses that were given as flags. */
final class Addresses {

    private Addresses() {}

    /** Takes one that is not given or empty, as an unset value of a chart is. */
    static void check(String flag, @Nullable String url, List<String> wrong) {
        if (url != null && !url.isEmpty()) {
            require(flag, url, wrong);
        }
    }

    // An address may hold a secret, so what was found is not repeated.
    static void require(String flag, String url, List<String> wrong) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return;
            }
        } catch (IllegalArgumentException notOne) {
            // told below
        }
        wrong.add(
                "%s must be an address such as http://prometheus.monitoring:9090%s"
                        .formatted(flag, url.isEmpty() ? "; it is empty" : ""));
    }
}
