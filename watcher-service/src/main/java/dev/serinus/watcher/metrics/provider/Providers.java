package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.topic.CanaryKey;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** All kinds of metrics providers, by the type a MetricTemplate names. */
public final class Providers {

    /** Every kind there is; a new one is its class and a line here. */
    public static final List<ProviderType> ALL =
            List.of(
                    Prometheus.TYPE,
                    Datadog.TYPE,
                    NewRelic.TYPE,
                    Graphite.TYPE,
                    InfluxDb.TYPE,
                    Dynatrace.TYPE,
                    Keptn.TYPE,
                    ExternalMetrics.TYPE,
                    Stackdriver.TYPE,
                    GooglePrometheus.TYPE,
                    AmazonPrometheus.TYPE,
                    AzureMonitor.TYPE,
                    CloudWatch.TYPE,
                    Splunk.TYPE,
                    SigNoz.TYPE,
                    Webhook.TYPE);

    private final Map<String, ProviderType> byName;
    private final BiFunction<CanaryKey, ProviderSettings, ProviderContext> context;
    private final Sharing sharing;
    private final AccessTokens tokens;

    /** Stands before a provider, so that who asks the same need not all be answered by it. */
    public interface Sharing {

        /**
         * The provider to ask in place of this one.
         *
         * @param settings from which it was made
         */
        MetricsProvider of(CanaryKey canary, ProviderSettings settings, MetricsProvider provider);
    }

    /**
     * Knows these types.
     *
     * @param context gives a provider what it works with for this canary
     */
    public Providers(
            List<ProviderType> types,
            BiFunction<CanaryKey, ProviderSettings, ProviderContext> context) {
        this(
                types.stream()
                        .collect(Collectors.toUnmodifiableMap(ProviderType::name, type -> type)),
                context,
                (_, _, provider) -> provider,
                new AccessTokens());
    }

    private Providers(
            Map<String, ProviderType> byName,
            BiFunction<CanaryKey, ProviderSettings, ProviderContext> context,
            Sharing sharing,
            AccessTokens tokens) {
        this.byName = byName;
        this.context = context;
        this.sharing = sharing;
        this.tokens = tokens;
    }

    /** The same, asked by way of this. */
    public Providers by(Sharing other) {
        return new Providers(byName, context, other, tokens);
    }

    /** The same, each of which sends what it sends by way of this. */
    public Providers sendingBy(UnaryOperator<ProviderHttp> way) {
        return new Providers(
                byName,
                (canary, settings) -> {
                    var given = context.apply(canary, settings);
                    return given.by(way.apply(given.http()));
                },
                sharing,
                tokens);
    }

    /**
     * Sets up the provider of this type. An unknown type is refused; Flagger asks Prometheus in its
     * place.
     */
    public ProviderSetup provide(CanaryKey canary, ProviderSettings settings) {
        var type = byName.get(settings.type());
        if (type != null) {
            return switch (type.provide(context.apply(canary, settings), tokens)) {
                case ProviderSetup.Ready(var provider) when !type.abilities().tellsCanary() ->
                        new ProviderSetup.Ready(sharing.of(canary, settings, provider));
                case ProviderSetup other -> other;
            };
        }
        return new ProviderSetup.Wrong(
                "there is no such type of provider, known are "
                        + String.join(", ", new TreeSet<>(byName.keySet())));
    }
}
