package dev.serinus.watcher.metrics.provider;

/**
 * Asks New Relic in NRQL: by its older Insights API with a query key, as Flagger does, or by
 * NerdGraph where the Secret has the key of a user and no query key.
 */
final class NewRelic {

    static final ProviderType TYPE = ProviderType.of("newrelic", NewRelic::make).withRanges();

    static final String ACCOUNT = "newrelic_account_id";

    private NewRelic() {}

    private static MetricsProvider make(ProviderContext context) throws WrongSettings {
        return context.settings().credential(NerdGraph.KEY).isPresent()
                        && context.settings().credential(NewRelicInsights.KEY).isEmpty()
                ? new NerdGraph(context)
                : new NewRelicInsights(context);
    }
}
