package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.List;

/** Checks addresses that were given as flags. */
final class Addresses {

    private Addresses() {}

    // An address may hold a secret, so what was found is not repeated.
    static void check(String flag, @Nullable String url, List<String> wrong) {
        if (url == null || url.isEmpty()) {
            return;
        }
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return;
            }
        } catch (IllegalArgumentException notOne) {
            // told below
        }
        wrong.add(flag + " must be an address such as http://prometheus.monitoring:9090");
    }
}
