package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Redaction;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A provider that nobody sells, as unlike Prometheus as those of vendors are: it is asked by POST,
 * for a window of time, with two keys, and answers points of which some have no number.
 */
final class PretendProvider implements MetricsProvider {

    static final ProviderType TYPE = new ProviderType("pretend", PretendProvider::setUp);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final ProviderHttp http;
    private final URI address;
    private final Map<String, List<String>> headers;
    private final Redaction redaction;
    private final InstantSource clock;

    private PretendProvider(
            ProviderContext context, URI address, Map<String, List<String>> headers) {
        this.http = context.http();
        this.address = address;
        this.headers = headers;
        this.redaction = context.settings().redaction(address, List.of());
        this.clock = context.clock();
    }

    private static ProviderSetup setUp(ProviderContext context) {
        var settings = context.settings();
        var key = settings.credential("api_key");
        var application = settings.credential("application_key");
        if (key.isEmpty() || application.isEmpty()) {
            return new ProviderSetup.Wrong("the secret lacks api_key or application_key");
        }
        if (settings.address() == null) {
            return new ProviderSetup.Wrong("pretend endpoint is not set");
        }
        var address = Addresses.parse(settings.address() == null ? "" : settings.address());
        if (address.isEmpty()) {
            return new ProviderSetup.Wrong("the address is no URL with a host");
        }
        Map<String, List<String>> headers =
                Map.of(
                        "X-Api-Key", List.of(key.get()),
                        "X-Application-Key", List.of(application.get()));
        try {
            var _ = post(address.get(), headers, "");
        } catch (IllegalArgumentException _) {
            return new ProviderSetup.Wrong("a key of the secret cannot be sent in a header");
        }
        return new ProviderSetup.Ready(new PretendProvider(context, address.get(), headers));
    }

    private static ProviderHttp.Request post(
            URI to, Map<String, List<String>> headers, String body) {
        return new ProviderHttp.Request("POST", to, headers, body, true, Duration.ofSeconds(5));
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        Instant until = clock.instant();
        String body =
                JSON.createObjectNode()
                        .put("query", query)
                        .put("from", until.minus(WINDOW).getEpochSecond())
                        .put("to", until.getEpochSecond())
                        .toString();
        try {
            var reply = http.send(post(address.resolve("/v1/series"), headers, body));
            if (reply.status() != 200) {
                return unavailable("answered " + HttpSource.told(reply));
            }
            return samples(JSON.readTree(reply.body()).path("points"));
        } catch (JsonProcessingException _) {
            return unavailable("the answer is no JSON");
        } catch (ProviderHttp.NoReply none) {
            return unavailable("request failed: " + none.getMessage());
        }
    }

    private Answer samples(JsonNode points) {
        if (!points.isArray()) {
            return unavailable("the answer has no points");
        }
        List<Answer.Sample> samples = new ArrayList<>();
        for (JsonNode point : points) {
            if (point.path(1).isNumber()) {
                samples.add(
                        new Answer.Sample(
                                Instant.ofEpochSecond(point.path(0).asLong()),
                                point.path(1).asDouble()));
            }
        }
        return samples.isEmpty()
                ? new Answer.NoData("no values found")
                : new Answer.Samples(samples);
    }

    private Answer unavailable(String because) {
        return new Answer.Unavailable(redaction.of(because, 400));
    }

    @Override
    public Answer available() throws InterruptedException {
        return ask("health");
    }
}
