package dev.serinus.watcher.metrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** All kinds of metrics providers, by the type a MetricTemplate names. */
final class Providers {

    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

    /** Types that Flagger knows; those without a provider here are refused with a clear text. */
    private static final Set<String> KNOWN =
            Set.of(
                    "prometheus",
                    "influxdb",
                    "datadog",
                    "externalmetrics",
                    "stackdriver",
                    "cloudwatch",
                    "newrelic",
                    "graphite",
                    "dynatrace",
                    "keptn",
                    "splunk");

    private final Function<ProviderSettings, ProviderSetup> prometheus;
    private final Map<String, Function<ProviderSettings, ProviderSetup>> byType;

    Providers(Http http) {
        prometheus = settings -> Prometheus.of(settings, http);
        byType = Map.of("prometheus", prometheus);
    }

    /**
     * Sets up the provider of this type; an unknown type is taken for Prometheus, as Flagger does.
     */
    ProviderSetup provide(ProviderSettings settings) {
        var known = byType.get(settings.type());
        if (known != null) {
            return known.apply(settings);
        }
        if (KNOWN.contains(settings.type())) {
            return new ProviderSetup.Wrong("this release of Serinus cannot ask " + settings.type());
        }
        LOG.atWarn()
                .addKeyValue("provider", settings.type())
                .log("unknown metrics provider, using prometheus");
        return prometheus.apply(settings);
    }
}
