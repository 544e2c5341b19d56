package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.watcher.metrics.provider.HttpSource.Parameter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the external metrics API of Kubernetes: that of the watched cluster, or another at the
 * template's address, which gets the template's token and never the watcher's own. The first item
 * counts, as in Flagger.
 */
final class ExternalMetrics implements MetricsProvider {

    static final ProviderType TYPE =
            ProviderType.of("externalmetrics", ExternalMetrics::new).authorizedBy("token");

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String API = "/apis/external.metrics.k8s.io/v1beta1/namespaces/";
    private static final String FAILED = "error querying external metrics API: ";
    private static final Parameter TIMEOUT = new Parameter("timeout", "5s");

    private final ProviderContext context;
    private final Optional<HttpSource> elsewhere;

    private ExternalMetrics(ProviderContext context) throws WrongSettings {
        this.context = context;
        var settings = context.settings();
        String address = settings.address();
        if (address == null || address.isBlank()) {
            if (!settings.auth().isNone()) {
                throw new WrongSettings(
                        "spec.provider.auth: has no effect without an address, since the cluster's"
                                + " own API is asked as the watcher");
            }
            this.elsewhere = Optional.empty();
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json, */*");
        settings.credential("token")
                .ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        this.elsewhere =
                Optional.of(
                        new HttpSource(
                                context.with(settings.withoutHeaders()), null, headers, LIMIT));
    }

    /** What is asked for. */
    private record Question(String namespace, String metric, String selector) {}

    @Override
    public Answer ask(String query) throws InterruptedException {
        Question question;
        try {
            question = read(query.strip());
        } catch (WrongSettings wrong) {
            return new Answer.Misconfigured(wrong.because());
        }
        return switch (send(question)) {
            case Answer.Unavailable(var because) -> new Answer.Unavailable(FAILED + because);
            case Answer other -> other;
        };
    }

    private Question read(String query) throws WrongSettings {
        int mark = query.indexOf('?');
        String[] path = (mark < 0 ? query : query.substring(0, mark)).split("/", -1);
        String metric = path[path.length - 1];
        if (path.length > 2 || metric.isEmpty()) {
            throw new WrongSettings(
                    "query of external metrics must be [NAMESPACE/]METRIC[?labelSelector=…]");
        }
        String namespace = path.length < 2 || path[0].isEmpty() ? "default" : path[0];
        if (!ObjectNames.isNamespace(namespace)) {
            throw new WrongSettings(ObjectNames.because(namespace));
        }
        if (!context.readable().test(namespace)) {
            throw new WrongSettings(
                    "can't access external metrics of namespace %s, cross-namespace references are"
                                    .formatted(namespace)
                            + " blocked");
        }
        return new Question(namespace, metric, selector(mark < 0 ? "" : query.substring(mark + 1)));
    }

    private static String selector(String parameters) throws WrongSettings {
        for (String pair : parameters.split("&")) {
            if (pair.startsWith("labelSelector=")) {
                String written = QueryEncoding.decode(pair.substring("labelSelector=".length()));
                return LabelSelector.normal(written)
                        .orElseThrow(
                                () ->
                                        new WrongSettings(
                                                "labelSelector of the query is no label selector"));
            }
        }
        return "";
    }

    private Answer send(Question question) throws InterruptedException {
        List<Parameter> parameters = new ArrayList<>();
        if (!question.selector().isEmpty()) {
            parameters.add(new Parameter("labelSelector", question.selector()));
        }
        parameters.add(TIMEOUT);
        String path =
                API + question.namespace() + "/" + QueryEncoding.encodePath(question.metric());
        return elsewhere.isPresent()
                ? elsewhere.get().get(path, parameters, reader(elsewhere.get()))
                : ofThisCluster(path, parameters);
    }

    private HttpSource.ReplyReader<Answer> reader(HttpSource source) {
        return new HttpSource.ReplyReader<>() {
            @Override
            public Answer read(ProviderHttp.Reply reply) {
                if (reply.status() >= 300) {
                    return source.unavailable(refusal(reply));
                }
                Optional<String> type = foreign(reply.contentType());
                return type.isPresent()
                        ? source.unavailable(
                                "serializer for %s doesn't exist".formatted(type.get()))
                        : source.extract(reply.body(), (list, _) -> first(list));
            }

            @Override
            public Answer none(String because) {
                return new Answer.Unavailable("request failed: " + because);
            }
        };
    }

    /** What the body is said to be when that is not JSON. */
    private static Optional<String> foreign(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType.split(";")[0].strip();
        return type.isEmpty() || type.endsWith("json") ? Optional.empty() : Optional.of(type);
    }

    /** The message of a Status. */
    private static String refusal(ProviderHttp.Reply reply) {
        return HttpSource.field(reply, "message").orElseGet(() -> HttpSource.told(reply));
    }

    private Answer ofThisCluster(String path, List<Parameter> parameters)
            throws InterruptedException {
        try {
            String asked = path + "?" + QueryEncoding.form(parameters);
            var reply = ClusterCall.get(context, asked).send();
            return reply.status() >= 300
                    ? new Answer.Unavailable(ClusterTrouble.of(reply))
                    : HttpSource.readJson(
                            reply.body(),
                            (list, _) -> first(list),
                            because -> new Answer.Unavailable(ClusterTrouble.shortened(because)));
        } catch (ProviderHttp.NoReply none) {
            return new Answer.Unavailable(String.valueOf(none.getMessage()));
        }
    }

    private Answer first(JsonNode list) throws JsonText.NoNumber {
        JsonNode items = list.path("items");
        if (!items.isArray() && !items.isNull()) {
            return new Answer.Unavailable("error unmarshaling result: it has no items");
        }
        JsonNode item = items.path(0);
        if (item.isMissingNode()) {
            return new Answer.NoData("no external metrics found: " + HttpSource.NO_VALUES);
        }
        double value = Quantity.parse(item.path("value").asText());
        return Answer.ofSeries(
                items.size(), Answer.of(time(item.path("timestamp").asText()), value));
    }

    private Instant time(String written) {
        try {
            return Instant.parse(written);
        } catch (DateTimeParseException _) {
            return context.clock().instant();
        }
    }

    @Override
    public Answer available() throws InterruptedException {
        return switch (send(new Question(context.probed(), "dummy-metric", ""))) {
            case Answer.NoData _ -> Answer.of(context.clock().instant(), 1);
            case Answer.Unavailable(var because) ->
                    new Answer.Unavailable("external metrics service unavailable: " + because);
            case Answer other -> other;
        };
    }
}
