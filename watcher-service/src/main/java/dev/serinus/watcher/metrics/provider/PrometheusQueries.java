package dev.serinus.watcher.metrics.provider;

import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Asks the query API of Prometheus, wherever it is and whatever authorises us there. A query is
 * sent with every run of white space collapsed to one space, as Flagger sends it.
 */
final class PrometheusQueries implements MetricsProvider {

    private final Way way;
    private final PrometheusReply.Several several;

    /** How a server is reached. */
    interface Way {

        /**
         * Asks it.
         *
         * @param path below the root of the server's API, such as /api/v1/query
         */
        Answer ask(String path, List<Parameter> parameters, Reading reading)
                throws InterruptedException;
    }

    /** Reads what came by way of this source. */
    interface Reading {
        HttpSource.ReplyReader<Answer> by(HttpSource source);
    }

    PrometheusQueries(Way way, PrometheusReply.Several several) {
        this.way = way;
        this.several = several;
    }

    @Override
    public boolean speaksPromQl() {
        return true;
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return way.ask(
                "/api/v1/query",
                List.of(new Parameter("query", WhiteSpace.collapsedPromQl(query))),
                source ->
                        source.json(
                                status -> status < 400,
                                (tree, body) -> PrometheusReply.read(tree, body, source, several)));
    }

    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        var wanted = new Span(from, to, step);
        return Optional.of(
                way.ask(
                        "/api/v1/query_range",
                        List.of(
                                new Parameter("query", WhiteSpace.collapsedPromQl(query)),
                                new Parameter("start", seconds(from.toEpochMilli())),
                                new Parameter("end", seconds(to.toEpochMilli())),
                                new Parameter("step", seconds(step.toMillis()))),
                        source ->
                                source.json(
                                        status -> status < 400,
                                        (tree, body) ->
                                                PrometheusReply.readRange(
                                                        tree, body, source, wanted))));
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).toPlainString();
    }

    @Override
    public Answer available() throws InterruptedException {
        return PrometheusReply.one(ask("vector(1)"));
    }
}
