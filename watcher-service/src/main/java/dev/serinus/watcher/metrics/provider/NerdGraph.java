package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Asks New Relic's NerdGraph. A query that names no time of its own is asked about the last
 * interval. Its one number counts, whatever it is called; with {@code TIMESERIES} the newest of
 * them.
 */
final class NerdGraph implements MetricsProvider {

    /** The credential that asks for this: the key of a user, which begins with NRAK. */
    static final String KEY = "newrelic_api_key";

    private static final String ADDRESS = "https://api.newrelic.com";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofMinutes(5);
    private static final Pattern SINCE = Pattern.compile("(?i)\\bSINCE\\b");
    private static final Pattern TIME = Pattern.compile("(?i)\\b(SINCE|UNTIL)\\b");
    private static final Pattern SERIES = Pattern.compile("(?i)\\bTIMESERIES\\b");
    private static final long MOST_BUCKETS = 366;
    private static final String RESULTS = "/data/actor/account/nrql/results";
    private static final String BEGIN = "beginTimeSeconds";
    private static final String END = "endTimeSeconds";
    private static final Pattern ESCAPED = Pattern.compile("\\\\.");
    private static final Pattern QUOTED = Pattern.compile("'[^']*+'|\"[^\"]*+\"|`[^`]*+`");
    private static final Pattern ACCOUNT = Pattern.compile("\\d{1,9}");
    private static final String QUERY =
            "query($account: Int!, $nrql: Nrql!) { actor { account(id: $account) { nrql(query:"
                    + " $nrql) { results } } } }";

    /** What a row says beside its number. */
    private static final Set<String> TIMES = Set.of(BEGIN, END, "timestamp", "inspectedCount");

    private final HttpSource source;
    private final InstantSource clock;
    private final int account;
    private final String since;

    NerdGraph(ProviderContext context) throws WrongSettings {
        var settings = context.settings();
        this.since = " SINCE %d seconds ago".formatted(Interval.of(settings).toSeconds());
        String number = settings.required(NewRelic.ACCOUNT);
        if (!ACCOUNT.matcher(number).matches()) {
            throw new WrongSettings("newrelic credentials: newrelic_account_id must be a number");
        }
        this.account = Integer.parseInt(number);
        this.clock = context.clock();
        this.source =
                new HttpSource(
                        context.with(settings.plain()),
                        ADDRESS,
                        Map.of("API-Key", settings.required(KEY)),
                        LIMIT);
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        String nrql = SINCE.matcher(unquoted(query)).find() ? query : query + since;
        return source.post(
                "/graphql", List.of(), body(nrql), source.json(HttpSource::is200, this::newest));
    }

    /** In buckets of a step; of a query that names a time of its own only for the present. */
    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        String bare = unquoted(query);
        if (TIME.matcher(bare).find()) {
            return Optional.empty();
        }
        var wanted = new Span(from, to, step);
        long all = Duration.between(wanted.begin(), to).toSeconds();
        long length = Math.max(Math.max(1, step.toSeconds()), Math.ceilDiv(all, MOST_BUCKETS));
        // Whole buckets only: of what is left over the last would tell too little.
        Instant end = wanted.begin().plusSeconds(all / length * length);
        String nrql =
                "%s SINCE %d UNTIL %d%s"
                        .formatted(
                                query,
                                wanted.begin().toEpochMilli(),
                                end.toEpochMilli(),
                                SERIES.matcher(bare).find()
                                        ? ""
                                        : " TIMESERIES %d seconds".formatted(length));
        return Optional.of(
                source.post(
                        "/graphql",
                        List.of(),
                        body(nrql),
                        source.json(
                                HttpSource::is200, (tree, body) -> within(tree, body, wanted))));
    }

    private Answer within(JsonNode reply, String body, Span wanted) throws JsonText.NoNumber {
        Answer all = newest(reply, body);
        if (!(all instanceof Answer.Samples(var samples, _, _, _))) {
            return all;
        }
        JsonNode first = reply.at(RESULTS).path(0);
        if (!first.has(BEGIN) || !first.has(END)) {
            return source.unavailable(
                    "the rows have no time of their own: leave TIMESERIES to the comparison");
        }
        return Span.answer(
                wanted.buckets(
                        samples,
                        Duration.between(
                                SampleTime.ofSeconds(first.path(BEGIN).asDouble()),
                                SampleTime.ofSeconds(first.path(END).asDouble()))));
    }

    /** Without texts and quoted names, in which a word means nothing. */
    private static String unquoted(String query) {
        return QUOTED.matcher(ESCAPED.matcher(query).replaceAll("")).replaceAll("''");
    }

    private String body(String nrql) {
        var body = JsonText.JSON.createObjectNode().put("query", QUERY);
        body.putObject("variables").put("account", account).put("nrql", nrql);
        return body.toString();
    }

    private Answer newest(JsonNode reply, String body) throws JsonText.NoNumber {
        if (!reply.path("errors").isEmpty()) {
            return source.unavailable(
                    "query failed: " + reply.at("/errors/0/message").asText("without a reason"));
        }
        JsonNode results = reply.at(RESULTS);
        var lacking = source.lacking(results, "results", body);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        List<Answer.Sample> samples = new ArrayList<>();
        int rows = 0;
        boolean timed = true;
        for (JsonNode row : results) {
            List<Double> numbers = new ArrayList<>();
            collect(row, numbers);
            if (numbers.size() > 1) {
                return HttpSource.several(
                        numbers.size(), "numbers in a row", "select one in the query");
            }
            rows++;
            timed &= row.has(END) && !row.has("facet");
            Instant time =
                    row.has(END) ? SampleTime.ofSeconds(row.path(END).asDouble()) : clock.instant();
            numbers.forEach(value -> samples.add(new Answer.Sample(time, value)));
        }
        if (rows > 1 && !timed) {
            return HttpSource.several(rows, "rows", "select one, without FACET");
        }
        samples.sort(Comparator.comparing(Answer.Sample::time));
        return samples.isEmpty() ? source.noValues(body) : new Answer.Samples(samples);
    }

    /** The numbers of a row; a percentile is one within an object. */
    private static void collect(JsonNode node, List<Double> numbers) throws JsonText.NoNumber {
        for (var field : node.properties()) {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                collect(value, numbers);
            } else if (value.isNumber() && !TIMES.contains(field.getKey())) {
                numbers.add(JsonText.number(value));
            }
        }
    }

    @Override
    public Duration late() {
        return LATE;
    }

    @Override
    public Answer available() throws InterruptedException {
        return switch (ask("SELECT count(*) FROM Metric")) {
            case Answer.NoData _ -> Answer.of(clock.instant(), 1);
            case Answer other -> other;
        };
    }
}
