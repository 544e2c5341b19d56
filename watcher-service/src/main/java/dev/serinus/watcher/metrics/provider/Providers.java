package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.topic.CanaryKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** All kinds of metrics providers, by the type a MetricTemplate names. */
public final class Providers {

    /** Every kind there is; a new one is its class and a line here. */
    public static final List<ProviderType> ALL = List.of(Prometheus.TYPE);

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

    private final Map<String, ProviderType> byName;
    private final BiFunction<CanaryKey, ProviderSettings, ProviderContext> context;

    /**
     * Knows these types.
     *
     * @param context gives a provider what it works with for this canary
     */
    public Providers(
            List<ProviderType> types,
            BiFunction<CanaryKey, ProviderSettings, ProviderContext> context) {
        this.byName =
                types.stream()
                        .collect(Collectors.toUnmodifiableMap(ProviderType::name, type -> type));
        this.context = context;
    }

    /**
     * Sets up the provider of this type; an unknown type is taken for Prometheus, as Flagger does.
     */
    public ProviderSetup provide(CanaryKey canary, ProviderSettings settings) {
        var type = byName.get(settings.type());
        if (type == null && KNOWN.contains(settings.type())) {
            return new ProviderSetup.Wrong("this release of Serinus cannot ask " + settings.type());
        }
        if (type == null) {
            LOG.atWarn()
                    .addKeyValue("provider", settings.type())
                    .log("unknown metrics provider, using prometheus");
            type = Prometheus.TYPE;
        }
        return type.setUp().apply(context.apply(canary, settings));
    }
}
