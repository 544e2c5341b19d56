package dev.serinus.watcher.metrics.provider;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Asks the query API of Prometheus, or of anything that speaks it. A query is sent with every run
 * of white space collapsed to one space, as Flagger sends it.
 */
final class Prometheus implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("prometheus", Prometheus::new);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpSource source;

    private Prometheus(ProviderContext context) throws WrongSettings {
        this.source = new HttpSource(context, null, authorization(context.settings()), LIMIT);
    }

    private static Map<String, String> authorization(ProviderSettings settings)
            throws WrongSettings {
        if (!settings.hasSecret()) {
            return Map.of();
        }
        var token = settings.credential("token");
        if (token.isPresent()) {
            return Map.of("Authorization", "Bearer " + token.get());
        }
        var user = settings.credential("username");
        var password = settings.credential("password");
        if (user.isEmpty() || password.isEmpty()) {
            throw new WrongSettings(
                    settings.type()
                            + " credentials does not contain a token, or a username and a"
                            + " password");
        }
        return Map.of("Authorization", HttpSource.basic(user.get() + ":" + password.get()));
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return source.get(
                "/api/v1/query",
                List.of(new Parameter("query", WhiteSpace.collapsed(query))),
                source.json(
                        status -> status < 400,
                        (tree, body) -> PrometheusReply.read(tree, body, source)));
    }

    @Override
    public Answer available() throws InterruptedException {
        return switch (ask("vector(1)")) {
            case Answer.Samples one when one.value() == 1 -> one;
            case Answer.Samples _ -> new Answer.Unavailable("value is not 1 for query: vector(1)");
            case Answer.NoData(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Unavailable(var because) ->
                    new Answer.Unavailable("running query failed: " + because);
            case Answer.Misconfigured wrong -> wrong;
        };
    }
}
