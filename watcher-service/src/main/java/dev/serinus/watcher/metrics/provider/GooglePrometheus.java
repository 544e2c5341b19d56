package dev.serinus.watcher.metrics.provider;

import java.time.Duration;

/** Asks Google Cloud Managed Service for Prometheus in PromQL, about one project. */
final class GooglePrometheus {

    static final ProviderType TYPE = type();

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private GooglePrometheus() {}

    /** A kind that knows no tokens yet. */
    static ProviderType type() {
        var accounts = new GoogleAccounts();
        return ProviderType.of("googleprometheus", context -> make(context, accounts))
                .onlyAs(GoogleIdentity.WHO)
                .withRanges();
    }

    private static MetricsProvider make(ProviderContext context, GoogleAccounts accounts)
            throws WrongSettings {
        var google = new GoogleApi(context, accounts);
        var api = google.api();
        String root = "/v1/projects/%s/location/global/prometheus".formatted(google.project());
        return new PrometheusQueries(
                (path, parameters, reading) ->
                        api.ask(
                                LIMIT,
                                (source, forgetting) ->
                                        source.get(
                                                root + path,
                                                parameters,
                                                forgetting.by(reading.by(source)))),
                PrometheusReply.Several.REFUSED);
    }
}
