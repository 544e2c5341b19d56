package dev.serinus.watcher.metrics.provider;

import java.time.Duration;

/** Asks Prometheus, or anything that speaks its query API. */
final class Prometheus {

    static final ProviderType TYPE =
            ProviderType.of("prometheus", Prometheus::make)
                    .authorizedBy("token", "username", "password")
                    .withRanges();

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Prometheus() {}

    private static MetricsProvider make(ProviderContext context) throws WrongSettings {
        var source =
                new HttpSource(context, null, HttpSource.authorization(context.settings()), LIMIT);
        return new PrometheusQueries(
                (path, parameters, reading) -> source.get(path, parameters, reading.by(source)),
                PrometheusReply.Several.LAST_COUNTS);
    }
}
